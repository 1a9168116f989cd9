//! Diagnostics as text for people: code and message, `file:line:column`, the line with a caret under
//! the culprit, a help line. The same diagnostics always make the same text.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::{Diagnostic, Severity, Span, limits, span::floor_char_boundary};

/// Renders the diagnostics in the order given, a blank line between each two, a newline at the end.
/// No diagnostics: the empty text.
///
/// `color` adds ANSI escapes. Escapes and other control characters of the text itself never come
/// through.
pub fn render(file_name: &str, text: &str, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let file_name = &clean(file_name);
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&[group(file_name, text, diagnostic)]));
        out.push('\n');
    }
    out
}

fn group<'a>(file_name: &'a str, text: &'a str, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    match diagnostic.span {
        None => group = group.element(Origin::path(file_name)),
        Some(span) => {
            for snippet in snippets(file_name, text, span, diagnostic) {
                group = group.element(snippet);
            }
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(clean(help)));
    }
    group
}

/// The primary place and the related ones: in one snippet when they are near, else in one for each.
fn snippets<'a>(
    file_name: &'a str,
    text: &'a str,
    primary: Span,
    diagnostic: &'a Diagnostic,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut places = vec![(
        primary,
        diagnostic.label.as_deref(),
        AnnotationKind::Primary,
    )];
    for (span, note) in &diagnostic.related {
        places.push((*span, Some(note.as_str()), AnnotationKind::Context));
    }
    let start = places
        .iter()
        .map(|(span, ..)| span.start)
        .min()
        .unwrap_or_default();
    let end = places
        .iter()
        .map(|(span, ..)| span.end)
        .max()
        .unwrap_or_default();
    let all = Window::around(text, Span::new(start, end).clamped(text));
    let windows = match all.text.len() <= limits::SHOWN_BYTES_MAX {
        true => vec![(all, places)],
        false => places
            .into_iter()
            .map(|place| {
                (
                    Window::around(text, first_line(place.0.clamped(text), text)),
                    vec![place],
                )
            })
            .collect(),
    };
    windows
        .into_iter()
        .map(|(window, places)| {
            let mut snippet = Snippet::source(window.text.clone())
                .line_start(window.line)
                .path(file_name);
            for (span, label, kind) in places {
                let span = window.relative(first_line(span.clamped(text), text));
                snippet = snippet.annotation(kind.span(span).label(label.map(clean)));
            }
            snippet
        })
        .collect()
}

/// A span of several lines is shown by its first: a bracket and all it holds would drown the caret.
fn first_line(span: Span, text: &str) -> Span {
    match span.of(text).find(['\n', '\r']) {
        Some(length) => Span::new(span.start, span.start + length),
        None => span,
    }
}

/// Whole lines of the text, or, of a line that is too long to show, the part around the place.
struct Window<'a> {
    text: Cow<'a, str>,
    /// Number of the first line.
    line: usize,
    /// Where the shown text begins in the text.
    start: usize,
    /// Bytes put before the shown text.
    prefix: usize,
}

impl<'a> Window<'a> {
    fn around(text: &'a str, span: Span) -> Window<'a> {
        let before = text.get(..span.start).unwrap_or_default();
        let after = text.get(span.end..).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = span.end + after.find('\n').unwrap_or(after.len());
        let lines = text.get(line_start..line_end).unwrap_or_default();
        if lines.len() <= limits::SHOWN_LINE_BYTES_MAX || lines.contains('\n') {
            return Window {
                text: Cow::Borrowed(lines),
                line,
                start: line_start,
                prefix: 0,
            };
        }
        let half = limits::SHOWN_LINE_BYTES_MAX / 2;
        let from = floor_char_boundary(text, span.start.saturating_sub(half).max(line_start));
        let to = floor_char_boundary(text, (span.start + half).max(span.end).min(line_end));
        let head = if from > line_start { "..." } else { "" };
        let tail = if to < line_end { "..." } else { "" };
        let shown = text.get(from..to).unwrap_or_default();
        Window {
            text: Cow::Owned(format!("{head}{shown}{tail}")),
            line,
            start: from,
            prefix: head.len(),
        }
    }

    fn relative(&self, span: Span) -> std::ops::Range<usize> {
        let at = |offset: usize| {
            let offset = offset.saturating_sub(self.start) + self.prefix;
            floor_char_boundary(&self.text, offset)
        };
        at(span.start)..at(span.end).max(at(span.start))
    }
}

/// Text of ours that quotes text of theirs, without control characters.
fn clean(text: &str) -> Cow<'_, str> {
    match text.chars().any(|c| c.is_control() && c != '\n') {
        true => Cow::Owned(
            text.chars()
                .map(|c| {
                    if c.is_control() && c != '\n' {
                        '\u{fffd}'
                    } else {
                        c
                    }
                })
                .collect(),
        ),
        false => Cow::Borrowed(text),
    }
}
