//! Builds components as text, so that a test says only what its guest does.
//!
//! A guest is the body of a core function `(param $ptr i32) (param $len i32)
//! (result i32)` that gets the input and returns the address of a result. It may
//! call `$ok ptr len`, `$err name_ptr name_len cause_ptr cause_len`, `$alloc
//! bytes`, and the host functions it asks for with `importing`.

use std::fmt::Write;

/// A host function that a guest may import.
pub(crate) struct Host {
    /// The component-level import; must define `$name` for `func`.
    pub(crate) import: &'static str,
    /// The imported function.
    pub(crate) func: &'static str,
    /// The name by which the body calls it.
    pub(crate) name: &'static str,
    /// Its core signature.
    pub(crate) core: &'static str,
}

pub(crate) struct Guest {
    body: String,
    hosts: Vec<&'static Host>,
    pages: u32,
    data: Vec<(u32, String)>,
    extra: String,
}

pub(crate) fn guest(body: &str) -> Guest {
    Guest {
        body: body.to_owned(),
        hosts: Vec::new(),
        pages: 1,
        data: Vec::new(),
        extra: String::new(),
    }
}

impl Guest {
    pub(crate) fn importing(mut self, host: &'static Host) -> Guest {
        self.hosts.push(host);
        self
    }

    /// Pages of initial memory.
    pub(crate) fn pages(mut self, pages: u32) -> Guest {
        self.pages = pages;
        self
    }

    /// Static data; offsets below 1,024 are free.
    pub(crate) fn data(mut self, offset: u32, text: &str) -> Guest {
        self.data.push((offset, text.to_owned()));
        self
    }

    /// More fields of the main core module.
    pub(crate) fn with(mut self, extra: &str) -> Guest {
        self.extra.push_str(extra);
        self
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        wat::parse_str(self.text()).unwrap_or_else(|error| panic!("{error}\n{}", self.text()))
    }

    fn text(&self) -> String {
        let [mut imports, mut lowers, mut cores, mut exports]: [String; 4] = Default::default();
        let mut seen: Vec<&str> = Vec::new();
        for host in &self.hosts {
            let Host {
                import,
                func,
                name,
                core,
            } = host;
            if !seen.contains(import) {
                seen.push(import);
                writeln!(imports, "{import}").unwrap();
            }
            writeln!(
                lowers,
                r#"(core func $core-{name} (canon lower {func} (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))"#
            )
            .unwrap();
            writeln!(cores, r#"(import "host" "{name}" (func ${name} {core}))"#).unwrap();
            writeln!(exports, r#"(export "{name}" (func $core-{name}))"#).unwrap();
        }
        let data: String = self
            .data
            .iter()
            .map(|(offset, text)| format!("(data (i32.const {offset}) {text:?})\n"))
            .collect();
        let Guest {
            body, pages, extra, ..
        } = self;
        format!(
            r#"(component
{TYPES}
{imports}
(core module $libc-module
  (memory (export "mem") {pages})
  (global $top (mut i32) (i32.const 1024))
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $p) (local.get 3)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u
        (i32.sub (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
        (i32.const 65536)))))))
    (local.get $p)))
(core instance $libc (instantiate $libc-module))
{lowers}
(core module $main-module
  (import "libc" "mem" (memory 1))
  (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  {cores}
  {data}
  {extra}
  (func $alloc (param i32) (result i32)
    (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (local.get 0)))
  (func $ok (param $ptr i32) (param $len i32) (result i32) (local $r i32)
    (local.set $r (call $alloc (i32.const 20)))
    (i32.store8 (local.get $r) (i32.const 0))
    (i32.store offset=4 (local.get $r) (local.get $ptr))
    (i32.store offset=8 (local.get $r) (local.get $len))
    (local.get $r))
  (func $err (param i32 i32 i32 i32) (result i32) (local $r i32)
    (local.set $r (call $alloc (i32.const 20)))
    (i32.store8 (local.get $r) (i32.const 1))
    (i32.store offset=4 (local.get $r) (local.get 0))
    (i32.store offset=8 (local.get $r) (local.get 1))
    (i32.store offset=12 (local.get $r) (local.get 2))
    (i32.store offset=16 (local.get $r) (local.get 3))
    (local.get $r))
  (func (export "handle") (param $ptr i32) (param $len i32) (result i32)
    (local $a i32) (local $b i32) (local $n i64)
    {body}))
(core instance $main (instantiate $main-module
  (with "libc" (instance $libc)) (with "host" (instance {exports}))))
(func $handle (param "input" (list u8)) (result (result (list u8) (error $task-error)))
  (canon lift (core func $main "handle") (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
(instance $handler (export "task-error" (type $task-error)) (export "handle" (func $handle)))
(export "stepwell:task/handler@0.1.0" (instance $handler))
)"#
        )
    }
}

const TYPES: &str = r#"(import "stepwell:task/types@0.1.0" (instance $types
  (type $record (record (field "name" string) (field "cause" string)))
  (export "task-error" (type (eq $record)))))
(alias export $types "task-error" (type $task-error))"#;

pub(crate) const BEAT: Host = Host {
    import: r#"(import "stepwell:task/heartbeat@0.1.0" (instance $heartbeat
      (type $variant (variant (case "proceed") (case "cancelled")))
      (export "signal" (type $signal (eq $variant)))
      (export "beat" (func (param "details" (option string)) (result $signal)))))"#,
    func: r#"(func $heartbeat "beat")"#,
    name: "beat",
    core: "(param i32 i32 i32) (result i32)",
};

pub(crate) const LOG: Host = Host {
    import: r#"(import "stepwell:task/log@0.1.0" (instance $log
      (type $enum (enum "trace" "debug" "info" "warn" "error"))
      (export "level" (type $level (eq $enum)))
      (export "log" (func (param "level" $level) (param "message" string) (param "fields" string)))))"#,
    func: r#"(func $log "log")"#,
    name: "log",
    core: "(param i32 i32 i32 i32 i32)",
};

const CONTEXT: &str = r#"(import "stepwell:task/context@0.1.0" (instance $context
  (type $record (record
    (field "execution-arn" string) (field "execution-name" string)
    (field "state-machine-arn" string) (field "state-name" string) (field "task-arn" string)
    (field "attempt" u32) (field "idempotency-key" string) (field "task-token" (option string))
    (field "started-at-ms" u64) (field "deadline-ms" u64) (field "trace-parent" (option string))))
  (export "task-info" (type $info (eq $record)))
  (export "info" (func (result $info)))
  (export "remaining-ms" (func (result u64)))
  (export "remaining-fuel" (func (result u64)))))"#;

pub(crate) const INFO: Host = Host {
    import: CONTEXT,
    func: r#"(func $context "info")"#,
    name: "info",
    core: "(param i32)",
};

pub(crate) const REMAINING_MS: Host = Host {
    import: CONTEXT,
    func: r#"(func $context "remaining-ms")"#,
    name: "remaining-ms",
    core: "(result i64)",
};

pub(crate) const REMAINING_FUEL: Host = Host {
    import: CONTEXT,
    func: r#"(func $context "remaining-fuel")"#,
    name: "remaining-fuel",
    core: "(result i64)",
};

const ENVIRONMENT: &str = r#"(import "wasi:cli/environment@0.2.6" (instance $environment
  (export "get-environment" (func (result (list (tuple string string)))))
  (export "get-arguments" (func (result (list string))))
  (export "initial-cwd" (func (result (option string))))))"#;

pub(crate) const GET_ENVIRONMENT: Host = Host {
    import: ENVIRONMENT,
    func: r#"(func $environment "get-environment")"#,
    name: "get-environment",
    core: "(param i32)",
};

pub(crate) const GET_ARGUMENTS: Host = Host {
    import: ENVIRONMENT,
    func: r#"(func $environment "get-arguments")"#,
    name: "get-arguments",
    core: "(param i32)",
};

pub(crate) const EXIT: Host = Host {
    import: r#"(import "wasi:cli/exit@0.2.6" (instance $exit
      (export "exit" (func (param "status" (result))))))"#,
    func: r#"(func $exit "exit")"#,
    name: "exit",
    core: "(param i32)",
};

pub(crate) const INSECURE_SEED: Host = Host {
    import: r#"(import "wasi:random/insecure-seed@0.2.6" (instance $seed
      (export "insecure-seed" (func (result (tuple u64 u64))))))"#,
    func: r#"(func $seed "insecure-seed")"#,
    name: "insecure-seed",
    core: "(param i32)",
};

pub(crate) const RANDOM_BYTES: Host = Host {
    import: r#"(import "wasi:random/random@0.2.6" (instance $random
      (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))"#,
    func: r#"(func $random "get-random-bytes")"#,
    name: "random-bytes",
    core: "(param i64 i32)",
};

const SLEEP: &str = r#"(import "wasi:io/poll@0.2.6" (instance $poll
  (export "pollable" (type $pollable (sub resource)))
  (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
(alias export $poll "pollable" (type $pollable))
(import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
  (alias outer 1 $pollable (type $outer))
  (export "pollable" (type $pollable (eq $outer)))
  (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))"#;

pub(crate) const SUBSCRIBE: Host = Host {
    import: SLEEP,
    func: r#"(func $clock "subscribe-duration")"#,
    name: "subscribe",
    core: "(param i64) (result i32)",
};

pub(crate) const BLOCK: Host = Host {
    import: SLEEP,
    func: r#"(func $poll "[method]pollable.block")"#,
    name: "block",
    core: "(param i32)",
};

const STDERR: &str = r#"(import "wasi:io/error@0.2.6" (instance $io-error
  (export "error" (type (sub resource)))))
(alias export $io-error "error" (type $error))
(import "wasi:io/streams@0.2.6" (instance $streams
  (alias outer 1 $error (type $outer))
  (export "error" (type $error (eq $outer)))
  (export "output-stream" (type $output (sub resource)))
  (type $variant (variant (case "last-operation-failed" (own $error)) (case "closed")))
  (export "stream-error" (type $stream-error (eq $variant)))
  (export "[method]output-stream.blocking-write-and-flush"
    (func (param "self" (borrow $output)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
(alias export $streams "output-stream" (type $output))
(import "wasi:cli/stderr@0.2.6" (instance $stderr
  (alias outer 1 $output (type $outer))
  (export "output-stream" (type $output (eq $outer)))
  (export "get-stderr" (func (result (own $output))))))"#;

pub(crate) const GET_STDERR: Host = Host {
    import: STDERR,
    func: r#"(func $stderr "get-stderr")"#,
    name: "get-stderr",
    core: "(result i32)",
};

pub(crate) const WRITE: Host = Host {
    import: STDERR,
    func: r#"(func $streams "[method]output-stream.blocking-write-and-flush")"#,
    name: "write",
    core: "(param i32 i32 i32 i32)",
};
