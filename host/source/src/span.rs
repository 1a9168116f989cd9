//! Places in a text: byte ranges, and the line and column that people count in.

/// A byte range of the text, end excluded. Both ends lie on character borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte; never less than `start`.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to `end`; empty when `end` comes before.
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start,
            end: end.max(start),
        }
    }

    /// The empty range at `offset`.
    pub fn at(offset: usize) -> Span {
        Span {
            start: offset,
            end: offset,
        }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text it covers; empty if it is not a range of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// This range moved onto character borders of `text` and inside it. A range made from another
    /// text becomes harmless; it never makes a panic.
    pub(crate) fn clamped(self, text: &str) -> Span {
        let start = floor_char_boundary(text, self.start);
        let end = floor_char_boundary(text, self.end.max(start));
        Span {
            start,
            end: end.max(start),
        }
    }
}

/// The nearest character border at or before `offset`.
pub(crate) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

/// Line and column of a byte offset. An offset beyond the end counts as the end.
pub fn position(text: &str, offset: usize) -> LineColumn {
    let before = text
        .get(..floor_char_boundary(text, offset))
        .unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LineColumn {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "aé\n€x\r\ny";
        let at = |needle: &str| position(text, text.find(needle).unwrap());
        assert_eq!(at("a"), LineColumn { line: 1, column: 1 });
        assert_eq!(at("x"), LineColumn { line: 2, column: 2 });
        assert_eq!(at("y"), LineColumn { line: 3, column: 1 });
        assert_eq!(position(text, 999), LineColumn { line: 3, column: 2 });
    }

    #[test]
    fn a_span_off_the_text_is_clamped_onto_character_borders() {
        let text = "aé";
        assert_eq!(Span::new(2, 9).clamped(text), Span::new(1, 3));
        assert_eq!(Span { start: 7, end: 2 }.clamped(text), Span::at(3));
    }
}
