//! Rendering: the exact text, and what must never come through.

use source::{Diagnostic, Span, render};

#[test]
fn a_diagnostic_shows_file_line_column_caret_and_help() {
    let text = "{\n  \"StartAt\": \"A\",\n  \"Next\": \"Bb\"\n}\n";
    let start = text.find("\"Bb\"").unwrap();
    let first = text.find("\"A\"").unwrap();
    let diagnostic = Diagnostic::error("MISSING", "There is no Bb")
        .with_span(Span::new(start, start + 4))
        .with_label("not here")
        .with_help("did you mean `B`?")
        .with_related(Span::new(first, first + 3), "first here");
    let expected = r#"error[MISSING]: There is no Bb
 --> order.json:3:11
  |
2 |   "StartAt": "A",
  |              --- first here
3 |   "Next": "Bb"
  |           ^^^^ not here
  |
  = help: did you mean `B`?
"#;
    assert_eq!(render("order.json", text, &[diagnostic], false), expected);
}

#[test]
fn a_diagnostic_without_a_place_names_the_file() {
    let diagnostic = Diagnostic::warning("ODD", "Something is odd");
    assert_eq!(
        render("f", "", &[diagnostic], false),
        "warning[ODD]: Something is odd\n--> f\n"
    );
}

#[test]
fn a_long_line_is_cut_around_the_caret() {
    let text = format!("{}X{}", "a".repeat(100_000), "b".repeat(100_000));
    let diagnostic = Diagnostic::error("E", "m").with_span(Span::new(100_000, 100_001));
    let picture = render("f", &text, &[diagnostic], false);
    assert!(picture.len() < 1_000, "{picture}");
    assert!(picture.contains("aaaXbbb"));
    assert!(picture.contains("--> f:1:100001"), "{picture}");
    let diagnostic = Diagnostic::error("E", "m").with_span(Span::new(100_000, 100_001));
    assert!(render("f", &text, &[diagnostic], true).contains("f:1:100001"));
}

#[test]
fn the_column_is_that_of_the_text_wherever_the_line_is_cut() {
    for before in [0, 100, 119, 120, 121, 124, 178, 239, 240, 241, 987, 5_000] {
        // Two bytes a character: columns count characters.
        let text = format!("first\n{}X{}", "ä".repeat(before), "b".repeat(1_000));
        let at = 6 + 2 * before;
        let diagnostic = Diagnostic::error("E", "m").with_span(Span::new(at, at + 1));
        let picture = render("f", &text, &[diagnostic], false);
        assert!(
            picture.contains(&format!("--> f:2:{}\n", before + 1)),
            "{before}: {picture}"
        );
    }
}

#[test]
fn places_far_apart_get_a_picture_each() {
    let text = format!("first\n{}last", "line of filling\n".repeat(10_000));
    let diagnostic = Diagnostic::error("E", "m")
        .with_span(Span::new(text.len() - 4, text.len()))
        .with_related(Span::new(0, 5), "first here");
    let picture = render("f", &text, &[diagnostic], false);
    assert!(picture.lines().count() < 15, "{picture}");
    assert!(
        picture.contains("10002 | last") && picture.contains("1 | first"),
        "{picture}"
    );
}

#[test]
fn control_characters_of_the_text_never_come_through() {
    let text = "\"\u{1b}[31m\"";
    let diagnostic = Diagnostic::error("E", "\u{1b}[31m")
        .with_span(Span::new(0, text.len()))
        .with_label("\u{1b}[31m\u{7}")
        .with_help("\u{1b}[31m\u{9b}");
    let picture = render("\u{1b}[31m", text, &[diagnostic], false);
    assert!(
        !picture.chars().any(|c| c.is_control() && c != '\n'),
        "{picture:?}"
    );
}

#[test]
fn a_span_off_the_text_makes_no_panic() {
    for span in [
        Span::new(5, 900),
        Span { start: 900, end: 3 },
        Span::new(1, 2),
        Span::at(2),
    ] {
        render(
            "f",
            "é",
            &[Diagnostic::error("E", "m").with_span(span)],
            false,
        );
        render(
            "f",
            "",
            &[Diagnostic::error("E", "m").with_span(span)],
            true,
        );
    }
}
