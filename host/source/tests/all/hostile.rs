//! Texts made to hurt: bounded work, no panic, whatever they hold.

use proptest::prelude::*;
use source::{Format, limits};

const FORMATS: [Format; 2] = [Format::Json, Format::Yaml];

/// Parses and renders; the outcome does not matter.
fn survive(text: &str) {
    for format in FORMATS {
        if let Err(diagnostic) = source::parse(text, format) {
            let picture = source::render("text", text, &[diagnostic], true);
            assert!(!picture.is_empty());
        }
    }
}

#[test]
fn nesting_is_bounded_on_both_sides_of_the_limit() {
    for format in FORMATS {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(source::parse(&nested(limits::DEPTH_MAX), format).is_ok());
        let error = source::parse(&nested(limits::DEPTH_MAX + 1), format).unwrap_err();
        assert!(error.message.contains("nested deeper"), "{}", error.message);
        assert!(source::parse(&"[".repeat(500_000), format).is_err());
        assert!(source::parse(&"{\"a\":".repeat(100_000), format).is_err());
    }
    assert!(source::parse(&"- ".repeat(100_000), Format::Yaml).is_err());
}

#[test]
fn length_is_bounded_on_both_sides_of_the_limit() {
    for format in FORMATS {
        let text = format!("\"{}\"", "x".repeat(limits::TEXT_BYTES_MAX - 2));
        assert!(source::parse(&text, format).is_ok());
        assert!(
            source::parse(&format!("{text} "), format)
                .unwrap_err()
                .message
                .contains("limit")
        );
    }
}

#[test]
fn aliases_cannot_multiply_a_text() {
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..40 {
        let before = level - 1;
        text.push_str(&format!(
            "a{level}: &a{level} [*a{before}, *a{before}, *a{before}]\n"
        ));
    }
    let error = source::parse(&text, Format::Yaml).unwrap_err();
    assert!(error.message.contains("repeat too much") || error.message.contains("hold too much"));
    let error = source::parse("a: &a [*a]", Format::Yaml).unwrap_err();
    assert!(
        error.message.contains("inside the value"),
        "{}",
        error.message
    );
    let deep = format!("a: &a {}{}\nb: [[*a]]", "[".repeat(127), "]".repeat(127));
    assert!(
        source::parse(&deep, Format::Yaml)
            .unwrap_err()
            .message
            .contains("nested deeper")
    );
}

#[test]
fn odd_texts_are_survived() {
    for text in [
        "",
        "\u{feff}",
        "\0",
        "\u{7f}",
        "\"\\u",
        "\"\\ud83d\\u",
        "-",
        "--",
        "---",
        "...",
        "%TAG",
        "&",
        "*",
        "!",
        "!<",
        "? ",
        ": ",
        "- - -",
        "{?",
        "[?",
        "a: |9",
        "a: >-\n\t",
        "\r\r",
        "é: [é",
        "\u{2028}",
        "'",
        "\"",
        "{\"a\":1}\u{a0}",
        "a:\u{85}b",
        "!!",
        "!!str",
        "&a &b x",
        "*a : b",
        "? [a, b]\n: c",
        "#",
        "a: !<tag:x> y",
    ] {
        survive(text);
    }
}

#[test]
fn long_lines_of_flow_collections_take_linear_time() {
    survive(&"[a, ".repeat(100_000));
    survive(&"{a: ".repeat(100_000));
    survive(&"a: ".repeat(100_000));
    survive(&"? ".repeat(100_000));
    survive(&"\"a\" ".repeat(100_000));
    survive(&format!("[{}]", "a,".repeat(200_000)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn text_of_syntax_is_survived(text in "[\\[\\]{}:,\"'\\\\&*!|>%@?#\\-. \n\tab01é]{0,40}") {
        survive(&text);
    }
}
