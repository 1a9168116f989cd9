//! Diagnostics as text for people: code and message, `file:line:column`, the line with a caret under
//! the culprit, a help line. The same diagnostics always make the same text.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::{Diagnostic, Severity, Span, limits, position, span::floor_char_boundary};

/// Renders the diagnostics in the order given, a blank line between each two, a newline at the end.
/// No diagnostics: the empty text.
///
/// `color` adds ANSI escapes. Escapes and other control characters of the text itself never come
/// through.
pub fn render(file_name: &str, text: &str, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = match color {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let file_name = &clean(file_name);
    let lines = Lines::new(text);
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        let (group, moved) = group(file_name, &lines, diagnostic);
        let mut picture = renderer.render(&[group]);
        for place in moved {
            picture = picture.replacen(&place.shown, &place.meant, 1);
        }
        out.push_str(&picture);
        out.push('\n');
    }
    out
}

/// A place in a line that was cut: the renderer counts its column in what is left of the line.
struct Moved {
    shown: String,
    meant: String,
}

fn group<'a>(
    file_name: &'a str,
    lines: &Lines<'a>,
    diagnostic: &'a Diagnostic,
) -> (Group<'a>, Vec<Moved>) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    let mut moved = Vec::new();
    match diagnostic.span {
        None => group = group.element(Origin::path(file_name)),
        Some(span) => {
            for (snippet, place) in snippets(file_name, lines, span, diagnostic) {
                group = group.element(snippet);
                moved.extend(place);
            }
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(clean(help)));
    }
    (group, moved)
}

/// The primary place and the related ones: in one snippet when they are near, else in one for each.
fn snippets<'a>(
    file_name: &'a str,
    lines: &Lines<'a>,
    primary: Span,
    diagnostic: &'a Diagnostic,
) -> Vec<(Snippet<'a, Annotation<'a>>, Option<Moved>)> {
    let primary = (
        lines.first_line(primary),
        diagnostic.label.as_deref(),
        AnnotationKind::Primary,
    );
    let related = diagnostic.related.iter().map(|(span, note)| {
        (
            lines.first_line(*span),
            Some(note.as_str()),
            AnnotationKind::Context,
        )
    });
    let places: Vec<_> = std::iter::once(primary).chain(related).collect();
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
    let windows = match lines.window(Span::new(start, end)) {
        Some(window) => vec![(window, places)],
        None => places
            .into_iter()
            .map(|place| (lines.cut_window(place.0), vec![place]))
            .collect(),
    };
    windows
        .into_iter()
        .map(|(window, places)| {
            let mut snippet = Snippet::source(window.text.clone())
                .line_start(window.line)
                .path(file_name);
            let moved = places
                .first()
                .filter(|_| window.prefix > 0)
                .map(|(span, ..)| window.moved(file_name, lines.text, *span));
            for (span, label, kind) in places {
                let span = window.relative(span);
                snippet = snippet.annotation(kind.span(span).label(label.map(clean)));
            }
            (snippet, moved)
        })
        .collect()
}

/// The text and where its lines begin, found once for all diagnostics.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(newlines.map(|(at, _)| at + 1))
            .collect();
        Lines { text, starts }
    }

    /// The line that the offset is in, counted from 0.
    fn line(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// The end of a line, without its line break.
    fn end(&self, line: usize) -> usize {
        match self.starts.get(line + 1) {
            Some(next) => next - 1,
            None => self.text.len(),
        }
    }

    /// A span of several lines is shown by its first: a bracket and all it holds would drown the
    /// caret.
    fn first_line(&self, span: Span) -> Span {
        let span = span.clamped(self.text);
        let line_end = self.end(self.line(span.start)).max(span.start);
        let shown = Span::new(span.start, span.end.min(line_end));
        let trimmed = shown.of(self.text).trim_end_matches('\r').len();
        Span::new(shown.start, shown.start + trimmed)
    }

    /// All lines of a span, unless they are too much to show.
    fn window(&self, span: Span) -> Option<Window<'a>> {
        let (first, last) = (self.line(span.start), self.line(span.end));
        let (start, end) = (self.start(first), self.end(last));
        let most = match first == last {
            true => limits::SHOWN_LINE_BYTES_MAX,
            false => limits::SHOWN_BYTES_MAX,
        };
        if end - start > most {
            return None;
        }
        let text = Cow::Borrowed(self.text.get(start..end).unwrap_or_default());
        Some(Window {
            text,
            line: first + 1,
            start,
            prefix: 0,
        })
    }

    /// The line of a span, cut around it if it is too long to show.
    fn cut_window(&self, span: Span) -> Window<'a> {
        if let Some(window) = self.window(span) {
            return window;
        }
        let line = self.line(span.start);
        let (line_start, line_end) = (self.start(line), self.end(line));
        let half = limits::SHOWN_LINE_BYTES_MAX / 2;
        let from = floor_char_boundary(self.text, span.start.saturating_sub(half).max(line_start));
        let to = floor_char_boundary(self.text, (span.start + half).min(line_end));
        let head = if from > line_start { "..." } else { "" };
        let tail = if to < line_end { "..." } else { "" };
        let shown = self.text.get(from..to).unwrap_or_default();
        Window {
            text: Cow::Owned(format!("{head}{shown}{tail}")),
            line: line + 1,
            start: from,
            prefix: head.len(),
        }
    }
}

/// A part of the text that is shown.
struct Window<'a> {
    text: Cow<'a, str>,
    /// Number of its first line, from 1.
    line: usize,
    /// Where it begins in the text.
    start: usize,
    /// Bytes of ours before it.
    prefix: usize,
}

impl Window<'_> {
    fn moved(&self, file_name: &str, text: &str, span: Span) -> Moved {
        let before = self
            .text
            .get(..self.relative(span).start)
            .unwrap_or_default();
        let column = before.chars().count() + 1;
        let meant = position(text, span.start);
        Moved {
            shown: format!("{file_name}:{}:{column}", self.line),
            meant: format!("{file_name}:{}:{}", meant.line, meant.column),
        }
    }

    fn relative(&self, span: Span) -> std::ops::Range<usize> {
        let at = |offset: usize| {
            floor_char_boundary(&self.text, offset.saturating_sub(self.start) + self.prefix)
        };
        at(span.start)..at(span.end).max(at(span.start))
    }
}

/// Text of ours that quotes text of theirs, without control characters.
fn clean(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c.is_control() && c != '\n';
    match text.chars().any(is_bad) {
        true => Cow::Owned(
            text.chars()
                .map(|c| if is_bad(c) { '\u{fffd}' } else { c })
                .collect(),
        ),
        false => Cow::Borrowed(text),
    }
}
