//! Who may be at the other end when nobody has to sign: a program on this machine, and no page in its
//! user's browser. A page of any site can make the browser send requests to loopback, and a site whose
//! name resolves to it reads the answers too; but the browser says whose page it is.

use std::net::IpAddr;

use http::HeaderMap;
use http::header::{HOST, HeaderName, ORIGIN};

use crate::error::ApiError;

/// That the request is addressed to this machine, and comes from no page of somebody else's.
///
/// # Errors
/// `AccessDeniedException`, 403.
pub(super) fn check(headers: &HeaderMap, hosts: &[String]) -> Result<(), ApiError> {
    let refused = |text: String| ApiError::new("AccessDeniedException", text).with_status(403);
    let host = text(headers, HOST);
    if let Some(host) = host
        && !is_ours(name_of(host), hosts)
    {
        return Err(refused(String::from(
            "Without authentication this server answers to localhost only, and to the hosts in its configuration.",
        )));
    }
    if !headers.contains_key(ORIGIN) {
        return Ok(());
    }
    // The page is one of this server's own if it came from where the request goes to.
    let origin = text(headers, ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
    if origin.is_some() && origin == host {
        return Ok(());
    }
    Err(refused(String::from(
        "Without authentication this server answers to no pages of other origins.",
    )))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or_default())
}

/// Without the port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_ours(name: &str, hosts: &[String]) -> bool {
    // SDKs put it before whatever the host is.
    let name = name.strip_prefix("sync-").unwrap_or(name);
    let bare = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    if let Ok(address) = bare.unwrap_or(name).parse::<IpAddr>() {
        return address.to_canonical().is_loopback();
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || hosts.iter().any(|host| host.eq_ignore_ascii_case(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        super::check(&headers, &["stepwell.test".into()]).is_ok()
    }

    #[test]
    fn names_of_this_machine_are_answered_to() {
        for host in [
            "localhost",
            "localhost:8085",
            "LOCALHOST.",
            "sync-localhost:8085",
            "127.0.0.1",
            "127.3.2.1:80",
            "sync-127.0.0.1:8085",
            "[::1]:8085",
            "[::ffff:127.0.0.1]:8085",
            "states.localhost:8085",
            "stepwell.test:8085",
            "sync-Stepwell.test",
        ] {
            assert!(check(host, None), "{host}");
        }
    }

    #[test]
    fn names_that_only_resolve_to_it_are_not() {
        for host in [
            "",
            "evil.example",
            "evil.example:8085",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost",
            "10.0.0.1",
            "[::2]",
            "\u{e4}",
        ] {
            assert!(!check(host, None), "{host}");
        }
    }

    #[test]
    fn pages_of_others_are_not_answered_to() {
        assert!(check("localhost:8085", Some("http://localhost:8085")));
        for origin in [
            "null",
            "",
            "http://evil.example",
            "http://localhost:3000",
            "https://localhost:8085",
        ] {
            assert!(!check("localhost:8085", Some(origin)), "{origin}");
        }
    }
}
