//! Tests of the crate through its public interface, a file per topic.

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a check that fails says so by panicking"
)]

extern crate stepwell_source as source;

mod hostile;
mod json;
mod picture;
mod yaml;

use source::{Format, Node, Span};

/// Parses text that has to be good.
fn good(text: &str, format: Format) -> Node {
    match source::parse(text, format) {
        Ok(node) => node,
        Err(diagnostic) => {
            panic!("{}", source::render("text", text, &[diagnostic], false))
        }
    }
}

/// Checks that the text is refused at `place`, a part of the text that occurs once, with a message
/// that contains `message`.
fn refused(text: &str, format: Format, place: &str, message: &str) {
    let diagnostic = source::parse(text, format).expect_err(text);
    let picture = source::render("text", text, std::slice::from_ref(&diagnostic), false);
    let start = text.find(place).expect("the place is in the text");
    assert_eq!(
        diagnostic.span,
        Some(Span::new(start, start + place.len())),
        "{picture}"
    );
    assert!(diagnostic.message.contains(message), "{picture}");
}
