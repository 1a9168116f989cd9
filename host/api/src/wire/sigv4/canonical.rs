//! The canonical request: the bytes over which a signature is, made from the request as it came in.

use http::HeaderMap;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::wire::pattern::pairs;

/// Everything but `A-Z a-z 0-9 - . _ ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same in a path, where a slash is a slash.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The canonical request; `None` if a header that is said to be signed is not there.
pub fn canonical_request(
    head: &Parts,
    signed_headers: &[&str],
    body_hash: &str,
) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(1_024);
    text.extend_from_slice(head.method.as_str().as_bytes());
    text.push(b'\n');
    text.extend_from_slice(canonical_path(head.uri.path()).as_bytes());
    text.push(b'\n');
    let query = head.uri.query().unwrap_or_default();
    text.extend_from_slice(canonical_query(query).as_bytes());
    text.push(b'\n');
    for name in signed_headers {
        append_header(&mut text, name, &head.headers)?;
    }
    text.push(b'\n');
    text.extend_from_slice(signed_headers.join(";").as_bytes());
    text.push(b'\n');
    text.extend_from_slice(body_hash.as_bytes());
    Some(text)
}

/// Without `.`, `..` and empty segments, and encoded once more than it came in, as of all services but S3.
fn canonical_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let last = if path.ends_with('/') && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    let path = format!("/{}{last}", segments.join("/"));
    percent_encode(path.as_bytes(), RESERVED_IN_PATH).to_string()
}

/// Sorted, and each name and value encoded in the one way there is.
fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        percent_encode(&decoded, RESERVED).to_string()
    };
    let encoded = pairs(query).map(|(name, value)| (encode(name), encode(value)));
    let mut encoded: Vec<(String, String)> = encoded.collect();
    encoded.sort();
    let encoded = encoded
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    encoded.collect::<Vec<_>>().join("&")
}

/// `name:value,value`, each value without spaces around it and with one where there are several.
fn append_header(text: &mut Vec<u8>, name: &str, headers: &HeaderMap) -> Option<()> {
    text.extend_from_slice(name.as_bytes());
    let mut separator = b':';
    for value in headers.get_all(name) {
        text.push(separator);
        separator = b',';
        let words = value.as_bytes().split(|byte| matches!(byte, b' ' | b'\t'));
        let mut is_first = true;
        for word in words.filter(|word| !word.is_empty()) {
            if !is_first {
                text.push(b' ');
            }
            is_first = false;
            text.extend_from_slice(word);
        }
    }
    text.push(b'\n');
    (separator == b',').then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_normalised_and_encoded_once_more() {
        for (path, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/a/../..", "/"),
            ("/a/./b//c/", "/a/b/c/"),
            ("/a%20b/%3A~", "/a%2520b/%253A~"),
            ("/a b:c", "/a%20b%3Ac"),
            ("/\u{1234}", "/%E1%88%B4"),
        ] {
            assert_eq!(canonical_path(path), expected, "{path}");
        }
    }

    #[test]
    fn a_query_is_sorted_and_encoded_in_one_way() {
        for (query, expected) in [
            ("", ""),
            ("b=2&a=2&a=1", "a=1&a=2&b=2"),
            ("a", "a="),
            ("A=1&a=1", "A=1&a=1"),
            ("a=b=c", "a=b%3Dc"),
            ("%61=%7e+%2f", "a=~%2B%2F"),
            ("a=\u{1234}", "a=%E1%88%B4"),
            ("a=%zz", "a=%25zz"),
        ] {
            assert_eq!(canonical_query(query), expected, "{query}");
        }
    }

    #[test]
    fn values_of_a_header_are_trimmed_and_joined_in_their_order() {
        let mut headers = HeaderMap::new();
        headers.append("my-header", " a  b \t c ".parse().unwrap());
        headers.append("my-header", "1".parse().unwrap());
        let mut text = Vec::new();
        assert!(append_header(&mut text, "my-header", &headers).is_some());
        assert_eq!(text, b"my-header:a b c,1\n");
        assert!(append_header(&mut text, "other", &headers).is_none());
    }
}
