//! Any method, path, headers and body become an operation with an input, or a refusal.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((head, body)) = stepwell_fuzz::request(data) else {
        return;
    };
    match api::wire::decode(api::services::SERVICES, &head, body) {
        Ok(decoded) => {
            assert!(decoded.input.is_object());
            assert!(decoded.service.operations.iter().any(|one| one.name == decoded.operation.name));
        }
        Err(refusal) => {
            assert!((400..600).contains(&refusal.error.status));
            assert!(!refusal.error.message.is_empty());
        }
    }
});
