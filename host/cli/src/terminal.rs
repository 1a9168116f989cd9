//! What the terminal can show: colours are anstream's matter, which drops them where there is no
//! terminal; here is whether it shows more than ASCII, and that nothing from a guest controls it.

use std::borrow::Cow;
use std::io::IsTerminal as _;

use anstyle::{AnsiColor, Style};

/// Errors and what failed.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What ended well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What is tried again, waits or was stopped.
pub(crate) const NOTICE: Style = AnsiColor::Yellow.on_default();
/// What is there for completeness.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Whether only ASCII is shown: asked for, or the locale is not one of UTF-8.
pub(crate) fn is_ascii(asked: bool) -> bool {
    asked || !is_utf8_locale(|name| std::env::var(name).ok())
}

/// The first of the three variables that is set decides, as in setlocale(3).
fn is_utf8_locale(variable: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        return true;
    }
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty());
    let locale = set.unwrap_or_default().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Whether there is somebody who can be asked: questions go to stderr, answers come from stdin.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Text of a guest, template or definition with its control characters shown as U+FFFD, so that it
/// cannot move the cursor or change colours. Line ends stay.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let controls = |c: char| (c.is_control() && c != '\n') || is_direction(c);
    if !text.contains(controls) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(controls, "\u{fffd}"))
}

/// Marks and overrides of writing direction: with them a text reads as something else than it says.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        let locale = |all: &'static str, lang: &'static str| {
            is_utf8_locale(move |name| match name {
                "LC_ALL" => Some(all.to_owned()),
                "LANG" => Some(lang.to_owned()),
                _ => None,
            })
        };
        assert!(locale("", "de_DE.UTF-8"));
        assert!(locale("C.utf8", "POSIX"));
        assert!(!locale("POSIX", "de_DE.UTF-8"));
        assert!(!locale("", ""));
    }

    #[test]
    fn escapes_of_a_guest_do_not_come_through() {
        assert_eq!(clean("a\u{1b}[2Jb\n\u{9b}c"), "a\u{fffd}[2Jb\n\u{fffd}c");
        assert_eq!(clean("a\u{202e}b"), "a\u{fffd}b");
        assert_eq!(clean("plain"), "plain");
    }
}
