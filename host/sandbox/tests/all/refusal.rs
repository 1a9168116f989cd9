use stepwell_sandbox::{CompileError, Config, Grant, Grants, Sandbox};

use crate::guest::{Host, guest};
use crate::run::SANDBOX;

fn refuse(bytes: &[u8]) -> CompileError {
    SANDBOX
        .compile("orders", bytes, &Grants::default())
        .unwrap_err()
}

fn refuse_text(text: &str) -> CompileError {
    refuse(&wat::parse_str(text).unwrap())
}

const PREOPENS: Host = Host {
    import: r#"(import "wasi:filesystem/preopens@0.2.6" (instance $preopens
      (export "look" (func))))"#,
    func: r#"(func $preopens "look")"#,
    name: "look",
    core: "",
};

const TCP: Host = Host {
    import: r#"(import "wasi:sockets/tcp@0.2.6" (instance $tcp (export "dial" (func))))"#,
    func: r#"(func $tcp "dial")"#,
    name: "dial",
    core: "",
};

const HTTP: Host = Host {
    import: r#"(import "wasi:http/outgoing-handler@0.2.6" (instance $http (export "send" (func))))"#,
    func: r#"(func $http "send")"#,
    name: "send",
    core: "",
};

const OTHER: Host = Host {
    import: r#"(import "acme:db/query@1.0.0" (instance $db (export "ask" (func))))"#,
    func: r#"(func $db "ask")"#,
    name: "ask",
    core: "",
};

const WRONG_TYPE: Host = Host {
    import: r#"(import "stepwell:task/context@0.1.0" (instance $context
      (export "remaining-ms" (func (result string)))))"#,
    func: r#"(func $context "remaining-ms")"#,
    name: "remaining-ms",
    core: "(param i32)",
};

#[test]
fn outward_imports_are_refused_and_named() {
    for (host, import, grant) in [
        (
            &PREOPENS,
            "wasi:filesystem/preopens@0.2.6",
            Grant::Filesystem,
        ),
        (&TCP, "wasi:sockets/tcp@0.2.6", Grant::Sockets),
        (&HTTP, "wasi:http/outgoing-handler@0.2.6", Grant::Http),
    ] {
        let error = refuse(&guest("(unreachable)").importing(host).build());
        let expected = CompileError::ImportNotGranted {
            function: "orders".to_owned(),
            imports: vec![(import.to_owned(), grant)],
        };
        assert_eq!(error, expected);
        let text = error.to_string();
        assert!(text.contains("orders") && text.contains(import) && text.contains(grant.name()));
    }
}

#[test]
fn unknown_imports_are_refused_and_named() {
    let error = refuse(&guest("(unreachable)").importing(&OTHER).build());
    assert!(
        matches!(&error, CompileError::UnknownImport { import, .. } if import == "acme:db/query@1.0.0")
    );
}

#[test]
fn a_host_function_with_another_type_is_refused_and_named() {
    let error = refuse(&guest("(unreachable)").importing(&WRONG_TYPE).build());
    assert!(
        matches!(&error, CompileError::Link { message, .. } if message.contains("remaining-ms")),
        "{error}"
    );
}

#[test]
fn a_grant_that_does_not_exist_yet_is_refused() {
    let bytes = guest("(unreachable)").build();
    for grant in [Grant::Filesystem, Grant::Sockets, Grant::Http] {
        let grants = Grants {
            outward: [grant].into(),
        };
        let error = SANDBOX.compile("orders", &bytes, &grants).unwrap_err();
        assert!(
            matches!(error, CompileError::GrantUnavailable { grant: refused, .. } if refused == grant)
        );
        assert!(error.to_string().contains(grant.name()));
    }
}

#[test]
fn a_component_without_the_handler_is_refused_with_what_it_exports() {
    let error = refuse_text(
        r#"(component (import "wasi:cli/exit@0.2.6" (instance $e)) (export "other" (instance $e)))"#,
    );
    assert!(
        matches!(&error, CompileError::MissingExport { found, .. } if *found == ["other"]),
        "{error:?}"
    );
    assert!(
        refuse_text("(component)")
            .to_string()
            .contains("it exports nothing")
    );
}

#[test]
fn a_handler_of_another_type_is_refused() {
    let error = refuse_text(
        r#"(component (instance $i) (export "stepwell:task/handler@0.1.0" (instance $i)))"#,
    );
    assert!(
        matches!(&error, CompileError::Link { message, .. } if message.contains("handle")),
        "{error:?}"
    );
}

#[test]
fn a_core_module_is_refused_with_a_hint() {
    let error = refuse_text("(module)");
    assert!(matches!(error, CompileError::CoreModule { .. }));
    assert!(error.to_string().contains("wasm32-wasip2"));
}

#[test]
fn garbage_is_refused_without_a_panic() {
    assert!(matches!(refuse(b""), CompileError::Malformed { .. }));
    assert!(matches!(
        refuse(b"(component)"),
        CompileError::Malformed { .. }
    ));
    let whole = guest("(unreachable)").build();
    for end in 0..whole.len() {
        // A cut within the names at the end leaves a valid component.
        let _ = SANDBOX.compile("cut", &whole[..end], &Grants::default());
    }
    // A fixed sequence of bytes that look random, alone and behind a good header.
    let mut word = 1_u32;
    for _ in 0..200 {
        let noise: Vec<u8> = (0..64)
            .map(|_| {
                word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                word.to_be_bytes()[0]
            })
            .collect();
        refuse(&noise);
        refuse(&[&whole[..8], &noise].concat());
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let whole = guest("(call $ok (local.get $ptr) (local.get $len))").build();
    for position in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[position] ^= 0x41;
        // Some flips leave a valid component; all that counts is an answer.
        let _ = SANDBOX.compile("flipped", &bytes, &Grants::default());
    }
}

#[test]
fn a_component_over_the_size_limit_is_refused() {
    let bytes = guest("(unreachable)").build();
    let size = bytes.len() as u64;
    let sandbox = |component_bytes| {
        Sandbox::new(Config {
            component_bytes,
            small_slots: 1,
            large_slots: 1,
            ..Config::default()
        })
        .unwrap()
    };
    assert!(
        sandbox(size)
            .compile("big", &bytes, &Grants::default())
            .is_ok()
    );
    let error = sandbox(size - 1)
        .compile("big", &bytes, &Grants::default())
        .unwrap_err();
    assert!(
        matches!(error, CompileError::TooLarge { bytes, limit_bytes, .. } if bytes == limit_bytes + 1)
    );
}

#[test]
fn more_memories_than_a_slot_has_are_refused() {
    let guest = guest("(unreachable)").with("(memory 1) (memory 1)");
    let error = refuse(&guest.build());
    assert!(error.to_string().contains("memories"), "{error}");
}
