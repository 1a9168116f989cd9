//! Components as text, the smallest that do what a test needs.

/// Gives its input back.
pub(super) fn echo() -> Vec<u8> {
    component("(call $ok (local.get $ptr) (local.get $len))", "")
}

/// Gives this JSON text.
pub(super) fn says(text: &str) -> Vec<u8> {
    let body = format!("(call $ok (i32.const 16) (i32.const {}))", text.len());
    component(&body, &format!("(data (i32.const 16) {text:?})"))
}

/// Fails with the error `Declined` and the cause `no`.
pub(super) fn fails() -> Vec<u8> {
    let body = "(call $err (i32.const 16) (i32.const 8) (i32.const 32) (i32.const 2))";
    component(
        body,
        r#"(data (i32.const 16) "Declined") (data (i32.const 32) "no")"#,
    )
}

/// Never ends.
pub(super) fn spins() -> Vec<u8> {
    component("(loop $again (br $again)) (unreachable)", "")
}

/// Gives the value of the last variable of its environment.
pub(super) fn last_variable() -> Vec<u8> {
    let body = "(call $environment (i32.const 512))
        (local.set $ptr (i32.add (i32.load (i32.const 512))
            (i32.mul (i32.const 16) (i32.sub (i32.load (i32.const 516)) (i32.const 1)))))
        (call $ok (i32.load offset=8 (local.get $ptr)) (i32.load offset=12 (local.get $ptr)))";
    importing(
        body,
        "",
        r#"(import "wasi:cli/environment@0.2.6" (instance $wasi
          (export "get-environment" (func (result (list (tuple string string)))))))"#,
        r#"(core func $lowered (canon lower (func $wasi "get-environment")
          (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))"#,
        r#"(export "environment" (func $lowered))"#,
        r#"(import "host" "environment" (func $environment (param i32)))"#,
    )
}

/// Imports directories.
pub(super) fn wants_files() -> Vec<u8> {
    let import = r#"(component (import "wasi:filesystem/preopens@0.2.6" (instance)))"#;
    wat::parse_str(import).unwrap()
}

/// A component without a handler.
pub(super) fn empty() -> Vec<u8> {
    wat::parse_str("(component)").unwrap()
}

/// No component.
pub(super) fn core_module() -> Vec<u8> {
    wat::parse_str("(module)").unwrap()
}

fn component(body: &str, data: &str) -> Vec<u8> {
    importing(body, data, "", "", "", "")
}

fn importing(
    body: &str,
    data: &str,
    import: &str,
    lower: &str,
    export: &str,
    core_import: &str,
) -> Vec<u8> {
    let text = format!(
        r#"(component
(import "stepwell:task/types@0.1.0" (instance $types
  (type $record (record (field "name" string) (field "cause" string)))
  (export "task-error" (type (eq $record)))))
(alias export $types "task-error" (type $task-error))
{import}
(core module $libc-module
  (memory (export "mem") 4)
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
{lower}
(core module $main-module
  (import "libc" "mem" (memory 1))
  (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  {core_import}
  {data}
  (func $result (param i32 i32 i32) (result i32) (local $r i32)
    (local.set $r (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 20)))
    (i32.store8 (local.get $r) (local.get 0))
    (i32.store offset=4 (local.get $r) (local.get 1))
    (i32.store offset=8 (local.get $r) (local.get 2))
    (local.get $r))
  (func $ok (param i32 i32) (result i32)
    (call $result (i32.const 0) (local.get 0) (local.get 1)))
  (func $err (param i32 i32 i32 i32) (result i32) (local $r i32)
    (local.set $r (call $result (i32.const 1) (local.get 0) (local.get 1)))
    (i32.store offset=12 (local.get $r) (local.get 2))
    (i32.store offset=16 (local.get $r) (local.get 3))
    (local.get $r))
  (func (export "handle") (param $ptr i32) (param $len i32) (result i32)
    {body}))
(core instance $main (instantiate $main-module
  (with "libc" (instance $libc)) (with "host" (instance {export}))))
(func $handle (param "input" (list u8)) (result (result (list u8) (error $task-error)))
  (canon lift (core func $main "handle") (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
(instance $handler (export "task-error" (type $task-error)) (export "handle" (func $handle)))
(export "stepwell:task/handler@0.1.0" (instance $handler)))"#
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
