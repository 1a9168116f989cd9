//! What a request says of its signature, and whether it is true.

use std::sync::Arc;

use engine::Timestamp;
use http::header::{AUTHORIZATION, DATE, HeaderName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use runtime::Key;
use sha2::{Digest as _, Sha256};

use super::{ALGORITHM, Moment, SigningKeys, canonical_request};
use crate::limits::{CLOCK_SKEW_S, SIGNED_HEADERS_MAX};

const AMZ_DATE: &str = "x-amz-date";
const CONTENT_HASH: &str = "x-amz-content-sha256";

/// What the `Authorization` header says. Nothing of it is true yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The id of the key.
    pub key_id: &'a str,
    /// The day in the scope: `20150830`.
    pub date: &'a str,
    /// The region in the scope. Any will do: there is one installation.
    pub region: &'a str,
    /// The service in the scope.
    pub service: &'a str,
    /// The last part of the scope.
    pub terminator: &'a str,
    /// Names of the headers that are signed: lower case, sorted, each once.
    pub signed_headers: Vec<&'a str>,
    /// The signature.
    pub signature: &'a str,
    /// When it was made.
    pub at: Moment,
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is none.
    #[error("Missing Authentication Token")]
    Missing,
    /// What is said of it is not all there.
    #[error("{0}")]
    Incomplete(String),
    /// It is not of this time, service or body.
    #[error("{0}")]
    Invalid(String),
    /// It is that of another request, or made with another secret.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS \
         Secret Access Key and signing method. Consult the service documentation for details."
    )]
    Mismatch,
}

fn incomplete(text: impl Into<String>) -> SignatureError {
    SignatureError::Incomplete(text.into())
}

fn invalid(text: impl Into<String>) -> SignatureError {
    SignatureError::Invalid(text.into())
}

impl<'a> Claim<'a> {
    /// What this request says.
    ///
    /// # Errors
    /// [`SignatureError::Missing`], [`SignatureError::Incomplete`].
    pub fn of(head: &'a Parts) -> Result<Claim<'a>, SignatureError> {
        let Some(authorization) = sole(&head.headers, &AUTHORIZATION)? else {
            let query = head.uri.query().unwrap_or_default();
            if query.contains("X-Amz-Signature=") {
                let text = "Signatures in the query string are not supported here.";
                return Err(incomplete(text));
            }
            return Err(SignatureError::Missing);
        };
        let (algorithm, fields) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if algorithm != ALGORITHM {
            return Err(incomplete(format!(
                "Unsupported AWS 'algorithm': it has to be {ALGORITHM}."
            )));
        }
        let [credential, signed_headers, signature] = fields_of(fields)?;
        let scope: Vec<&str> = credential.split('/').collect();
        let [key_id, date, region, service, terminator] = scope[..] else {
            let text = "Credential must have exactly 5 slash-delimited elements, \
                        e.g. keyid/date/region/service/term.";
            return Err(incomplete(text));
        };
        let signed_headers: Vec<&str> = signed_headers.split(';').collect();
        let is_sorted = signed_headers.is_sorted_by(|a, b| a < b);
        let is_lower_case = |name: &&str| name.bytes().all(|byte| !byte.is_ascii_uppercase());
        if signed_headers.len() > SIGNED_HEADERS_MAX
            || !is_sorted
            || !signed_headers.iter().all(is_lower_case)
        {
            return Err(incomplete(
                "SignedHeaders must be lower case and sorted, each name once.",
            ));
        }
        Ok(Claim {
            key_id,
            date,
            region,
            service,
            terminator,
            signed_headers,
            signature,
            at: signed_at(&head.headers)?,
        })
    }

    /// That it was made for this service, about now, over everything that matters.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`] in AWS's words.
    pub fn check(&self, head: &Parts, service: &str, now: Timestamp) -> Result<(), SignatureError> {
        if self.service != service {
            let text = format!("Credential should be scoped to correct service: '{service}'. ");
            return Err(invalid(text));
        }
        if self.terminator != "aws4_request" {
            let text = "Credential should be scoped with a valid terminator: 'aws4_request'. ";
            return Err(invalid(text));
        }
        if self.date != self.at.date() {
            return Err(invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.",
            ));
        }
        self.check_time(&Moment::of(now))?;
        let is_signed = |name: &str| self.signed_headers.contains(&name);
        let date_header = match head.headers.contains_key(AMZ_DATE) {
            true => AMZ_DATE,
            false => DATE.as_str(),
        };
        for name in ["host", date_header] {
            if !is_signed(name) {
                return Err(invalid(format!(
                    "'{name}' must be a 'SignedHeader' in the AWS Authorization."
                )));
            }
        }
        // What says which operation is meant must not be said by somebody else.
        let amz = |name: &&HeaderName| name.as_str().starts_with("x-amz-");
        match head
            .headers
            .keys()
            .filter(amz)
            .find(|name| !is_signed(name.as_str()))
        {
            Some(name) => Err(invalid(format!(
                "'{name}' must be a 'SignedHeader' in the AWS Authorization."
            ))),
            None => Ok(()),
        }
    }

    fn check_time(&self, now: &Moment) -> Result<(), SignatureError> {
        let (signed, at) = (self.at.as_str(), now.as_str());
        let minutes = CLOCK_SKEW_S / 60;
        let earliest = now.seconds().saturating_sub(CLOCK_SKEW_S);
        let latest = now.seconds().saturating_add(CLOCK_SKEW_S);
        if self.at.seconds() < earliest {
            let earliest = Moment::of_seconds(earliest);
            return Err(invalid(format!(
                "Signature expired: {signed} is now earlier than {} ({at} - {minutes} min.)",
                earliest.as_str()
            )));
        }
        if self.at.seconds() > latest {
            let latest = Moment::of_seconds(latest);
            return Err(invalid(format!(
                "Signature not yet current: {signed} is still later than {} ({at} + {minutes} min.)",
                latest.as_str()
            )));
        }
        Ok(())
    }

    /// That whoever holds the key's secret has signed this request with this body.
    ///
    /// # Errors
    /// [`SignatureError::Mismatch`], [`SignatureError::Invalid`] for another body.
    pub fn verify(
        &self,
        head: &Parts,
        body: &[u8],
        key: &Arc<Key>,
        derived: &SigningKeys,
    ) -> Result<(), SignatureError> {
        let body_hash = hex(&Sha256::digest(body));
        let mut told = head.headers.get_all(CONTENT_HASH).iter();
        if told.any(|told| told.as_bytes() != body_hash.as_bytes()) {
            let text =
                "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Err(invalid(text));
        }
        let canonical = canonical_request(head, &self.signed_headers, &body_hash);
        let canonical = canonical.ok_or(SignatureError::Mismatch)?;
        let text = self.string_to_sign(&canonical);
        let scope = (self.date, self.region, self.service);
        if derived.verify(key, scope, text.as_bytes(), self.signature) {
            Ok(())
        } else {
            Err(SignatureError::Mismatch)
        }
    }

    /// The text over which the signature is.
    pub fn string_to_sign(&self, canonical_request: &[u8]) -> String {
        let Claim {
            date,
            region,
            service,
            terminator,
            ..
        } = self;
        let at = self.at.as_str();
        let hash = hex(&Sha256::digest(canonical_request));
        format!("{ALGORITHM}\n{at}\n{date}/{region}/{service}/{terminator}\n{hash}")
    }
}

/// `Credential=…, SignedHeaders=…, Signature=…`, in any order, each once.
fn fields_of(text: &str) -> Result<[&str; 3], SignatureError> {
    let names = ["Credential", "SignedHeaders", "Signature"];
    let mut values = [None; 3];
    for field in text.split(',') {
        let (name, value) = field.trim().split_once('=').unwrap_or_default();
        let mut slots = names.iter().zip(values.iter_mut());
        match slots.find(|(known, _)| **known == name) {
            Some((_, slot)) if slot.is_none() && !value.is_empty() => *slot = Some(value),
            _ => {
                return Err(incomplete(
                    "Authorization header has a field that is empty, unknown or there twice.",
                ));
            }
        }
    }
    let missing: String = names
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| format!("Authorization header requires '{name}' parameter. "))
        .collect();
    match values {
        [Some(credential), Some(signed_headers), Some(signature)] => {
            Ok([credential, signed_headers, signature])
        }
        _ => Err(incomplete(missing)),
    }
}

fn signed_at(headers: &HeaderMap) -> Result<Moment, SignatureError> {
    let at = match sole(headers, &HeaderName::from_static(AMZ_DATE))? {
        Some(text) => Moment::parse(text),
        None => match sole(headers, &DATE)? {
            Some(text) => Moment::parse_http(text),
            None => {
                return Err(incomplete(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
                ));
            }
        },
    };
    at.ok_or_else(|| {
        incomplete(
            "Date must be in ISO-8601 'basic format': yyyymmddThhmmssZ, as 20150830T123600Z.",
        )
    })
}

/// The value of a header that may be there once.
fn sole<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, SignatureError> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Ok(None),
        (Some(Ok(text)), None) => Ok(Some(text)),
        _ => Err(incomplete(format!("'{name}' must be there once, as text."))),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
            text
        })
}
