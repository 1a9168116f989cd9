//! Signatures: those that AWS's own clients make count, and no other.
//!
//! The vectors in `data/sigv4.json` were signed by botocore 1.44.8; the first three are of AWS's published
//! test suite, but for the key's id, which is not signed.

use std::sync::Arc;

use api::wire::sigv4::{Claim, Moment, SigningKeys, canonical_request};
use http::Request;
use http::request::Parts;
use runtime::Key;
use serde::Deserialize;
use serde_json::json;

const VECTORS: &str = include_str!("../data/sigv4.json");

#[derive(Clone, Deserialize)]
struct Vector {
    name: String,
    method: String,
    uri: String,
    service: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Vector {
    /// As the server sees it; `None` if it is no request.
    fn head(&self) -> Option<Parts> {
        let mut request = Request::builder().method(&*self.method).uri(&*self.uri);
        for (name, value) in &self.headers {
            request = request.header(name, value.as_bytes());
        }
        Some(request.body(()).ok()?.into_parts().0)
    }

    fn is_verified(&self) -> bool {
        let Some(head) = self.head() else {
            return false;
        };
        let Ok(claim) = Claim::of(&head) else {
            return false;
        };
        let now =
            engine::Timestamp(Moment::parse("20150830T123600Z").unwrap().seconds() * 1_000_000);
        // The id is not signed; it finds the key.
        claim.key_id == "AKIDEXAMPLEEXAMPLE"
            && claim.check(&head, &self.service, now).is_ok()
            && claim
                .verify(&head, self.body.as_bytes(), &key(), &SigningKeys::default())
                .is_ok()
    }

    /// What was signed.
    fn canonical(&self) -> Option<Vec<u8>> {
        let head = self.head()?;
        let claim = Claim::of(&head).ok()?;
        canonical_request(&head, &claim.signed_headers, "")
    }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(VECTORS).unwrap()
}

fn key() -> Arc<Key> {
    let key = json!({
        "id": "AKIDEXAMPLEEXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "created": "",
    });
    Arc::new(serde_json::from_value(key).unwrap())
}

/// The text with one byte of it changed, in several ways.
fn flipped(text: &str) -> impl Iterator<Item = String> + '_ {
    (0..text.len()).flat_map(move |at| {
        [0x01, 0x02, 0x10, 0x20].into_iter().filter_map(move |bit| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= bit;
            String::from_utf8(bytes).ok()
        })
    })
}

#[test]
fn what_botocore_signs_is_verified() {
    for vector in vectors() {
        assert!(vector.is_verified(), "{}", vector.name);
    }
}

#[test]
fn a_changed_byte_of_the_method_the_body_or_the_authorization_is_noticed() {
    for vector in vectors() {
        for method in flipped(&vector.method) {
            let changed = Vector {
                method,
                ..vector.clone()
            };
            assert!(!changed.is_verified(), "{} {}", vector.name, changed.method);
        }
        for body in flipped(&vector.body).chain([format!("{} ", vector.body)]) {
            let changed = Vector {
                body,
                ..vector.clone()
            };
            assert!(!changed.is_verified(), "{} {}", vector.name, changed.body);
        }
    }
}

#[test]
fn a_changed_byte_of_path_or_query_is_noticed_unless_it_means_the_same() {
    for vector in vectors() {
        let canonical = vector.canonical();
        for uri in flipped(&vector.uri).chain([format!("{}&x", vector.uri)]) {
            let changed = Vector {
                uri,
                ..vector.clone()
            };
            // `%2B` and `%2b` are the same byte, and what follows a `#` is not sent at all.
            let means_the_same = changed.canonical() == canonical;
            assert_eq!(
                changed.is_verified(),
                means_the_same,
                "{} {}",
                vector.name,
                changed.uri
            );
        }
    }
}

#[test]
fn a_changed_byte_of_a_header_is_noticed() {
    for vector in vectors() {
        let canonical = vector.canonical();
        for (at, (name, value)) in vector.headers.iter().enumerate() {
            for value in flipped(value) {
                let mut changed = vector.clone();
                changed.headers[at].1 = value;
                // A space more or less between words is none in the canonical form.
                let is_authorization = name == "Authorization";
                let means_the_same = !is_authorization && changed.canonical() == canonical;
                let told = format!("{} {name}: {}", vector.name, changed.headers[at].1);
                assert_eq!(changed.is_verified(), means_the_same, "{told}");
            }
            let mut without = vector.clone();
            without.headers.remove(at);
            assert!(!without.is_verified(), "{} without {name}", vector.name);
            let mut twice = vector.clone();
            twice.headers.push((name.clone(), value.clone()));
            assert!(!twice.is_verified(), "{} with two {name}", vector.name);
        }
    }
}

#[test]
fn a_header_of_amazons_that_is_not_signed_is_refused() {
    for vector in vectors() {
        let mut more = vector.clone();
        more.headers.push(("X-Amz-Anything".into(), "1".into()));
        assert!(!more.is_verified(), "{}", vector.name);
        let mut harmless = vector.clone();
        harmless
            .headers
            .push(("X-Forwarded-For".into(), "1".into()));
        assert!(harmless.is_verified(), "{}", vector.name);
    }
}
