//! Whatever a request says of its signature is read or refused, and no signature counts that was not made
//! with the secret. The seeds have right ones, at the time of which this target is.

#![no_main]

use std::sync::{Arc, LazyLock};

use api::wire::sigv4::{Claim, Moment, SigningKeys, canonical_request};
use engine::Timestamp;
use libfuzzer_sys::fuzz_target;
use runtime::Key;
use serde_json::json;

static KEY: LazyLock<Arc<Key>> = LazyLock::new(|| {
    let key = json!({
        "id": "AKIDEXAMPLEEXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "created": "",
    });
    Arc::new(serde_json::from_value(key).expect("a key"))
});

static DERIVED: LazyLock<SigningKeys> = LazyLock::new(SigningKeys::default);

fuzz_target!(|data: &[u8]| {
    let Some((head, body)) = stepwell_fuzz::request(data) else {
        return;
    };
    let Ok(claim) = Claim::of(&head) else {
        return;
    };
    let now = Timestamp(1_440_938_160_000_000);
    let checked = claim.check(&head, claim.service, now);
    let canonical = canonical_request(&head, &claim.signed_headers, "");
    assert_eq!(canonical, canonical_request(&head, &claim.signed_headers, ""));
    assert_eq!(Moment::parse(claim.at.as_str()), Some(claim.at.clone()));
    if checked.is_ok() {
        let signs = |name: &str| claim.signed_headers.contains(&name);
        let amz = head.headers.keys().filter(|name| name.as_str().starts_with("x-amz-"));
        assert!(signs("host") && amz.map(|name| name.as_str()).all(signs));
    }
    if claim.verify(&head, body, &KEY, &DERIVED).is_ok() {
        // Only what the seeds say, whatever else was changed: the canonical form has it all.
        assert!(KNOWN.contains(&claim.signature), "a signature was forged");
    }
});

/// The signatures of the seeds.
const KNOWN: &[&str] = &[
    "60535e8ce3c29faf369d4f374dadc764da6df559648411e8651b5723d5b951c0",
    "710dba4b02fe2cffabc9ef731327f139cc899544272715a51fa343d375a663f7",
    "1e9a59408def099f7a61df11cdc9a12d56c1038d5d982164a9ae88ff0d9e3135",
    "a311e3580a542ba3303c3ed8e58af2aead5ffb7c0345a8732d21d46832c9e06b",
];
