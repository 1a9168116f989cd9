//! Method and path of REST operations: `POST /2015-03-31/functions/{FunctionName}/versions`.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A part of the path or the query that is no UTF-8 once it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotText;

/// The parts in braces, if method and path are those of the route. A slash at the end counts for
/// nothing, as AWS's own models disagree on it.
pub(crate) fn matches(
    route: &str,
    method: &str,
    path: &str,
) -> Option<Result<Map<String, Value>, NotText>> {
    let (route_method, route_path) = route.split_once(' ')?;
    if route_method != method {
        return None;
    }
    let mut found = Vec::new();
    let mut wanted = segments(route_path);
    let mut given = segments(path);
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => break,
            (Some(wanted), Some(given)) => match parameter(wanted) {
                Some(name) if !given.is_empty() => found.push((name, given)),
                None if wanted == given => {}
                _ => return None,
            },
            _ => return None,
        }
    }
    let decoded = found
        .into_iter()
        .map(|(name, text)| Ok((name.to_owned(), Value::String(decode(text)?))));
    Some(decoded.collect())
}

/// The members of the query string; a name that is repeated is a list. A `+` is a plus: what AWS's
/// clients send has `%20` for a space, and the signature is over a plus.
pub(crate) fn query_members(query: &str) -> Result<Map<String, Value>, NotText> {
    let mut members = Map::new();
    for (name, value) in pairs(query) {
        let value = Value::String(decode(value)?);
        match members.entry(decode(name)?) {
            serde_json::map::Entry::Vacant(place) => {
                place.insert(value);
            }
            serde_json::map::Entry::Occupied(mut place) => match place.get_mut() {
                Value::Array(list) => list.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }
    Ok(members)
}

/// Names and values of a query string, not decoded.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn decode(text: &str) -> Result<String, NotText> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(String::from).map_err(|_| NotText)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_parts_in_braces_are_decoded_once() {
        let found = |path| matches("GET /f/{Name}/v", "GET", path);
        let name = |text: &str| Some(Ok(json!({ "Name": text }).as_object().unwrap().clone()));
        assert_eq!(found("/f/orders/v"), name("orders"));
        assert_eq!(found("/f/orders/v/"), name("orders"));
        assert_eq!(found("/f/a%3Ab%2Fc%2541/v"), name("a:b/c%41"));
        assert_eq!(found("/f/%ff/v"), Some(Err(NotText)));
        for other in ["/f//v", "/f/v", "/f/a/b/v", "/f/a/V", "", "/"] {
            assert_eq!(found(other), None, "{other}");
        }
        assert_eq!(matches("GET /f", "PUT", "/f"), None);
        assert_eq!(matches("GET /f", "GET", "/f/"), Some(Ok(Map::new())));
    }

    #[test]
    fn a_name_that_is_repeated_in_the_query_is_a_list() {
        let members = query_members("a=1&b=x%20y+z&c=1&c=2&c=3&d&=e").unwrap();
        let expected = json!({"a": "1", "b": "x y+z", "c": ["1", "2", "3"], "d": "", "": "e"});
        assert_eq!(Value::Object(members), expected);
        assert_eq!(query_members("a=%c3%28"), Err(NotText));
    }
}
