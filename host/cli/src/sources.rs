//! Files that people write, read whole, with their problems shown under them.

use std::io::Read as _;
use std::path::Path;

use source::{Diagnostic, Format};

use crate::exit::Failure;
use crate::limits::FILE_BYTES_MAX;
use crate::terminal::clean;

/// A text and the name it is shown under.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user would type it, or a word for what has no path.
    pub name: String,
    /// The text, without a byte order mark.
    pub text: String,
    /// Its notation.
    pub format: Format,
}

impl SourceFile {
    /// Reads a file of UTF-8 text; a byte order mark is dropped.
    pub fn read(path: &Path) -> Result<SourceFile, Failure> {
        let name = shown(path);
        let bytes = read_bounded(path, FILE_BYTES_MAX)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::usage(format!("{name} is not text in UTF-8")))?;
        Ok(SourceFile::new(name, text, Some(path)))
    }

    /// A text that is there already.
    pub fn new(name: impl Into<String>, text: String, path: Option<&Path>) -> SourceFile {
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        let file_name = path
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        SourceFile {
            name: name.into(),
            format: Format::guess(file_name, &text),
            text,
        }
    }

    /// The diagnostics as text, with colours; anstream takes them out where they are not wanted.
    pub fn render(&self, diagnostics: &[Diagnostic]) -> String {
        source::render(&self.name, &self.text, diagnostics, true)
    }
}

/// A path as the user would type it.
pub(crate) fn shown(path: &Path) -> String {
    let short = path.strip_prefix(".").unwrap_or(path);
    let path = if short.as_os_str().is_empty() {
        path
    } else {
        short
    };
    clean(&path.display().to_string()).into_owned()
}

/// The bytes of a file that must not be larger than `bytes_max`.
pub fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let name = shown(path);
    let failed = |error: std::io::Error| Failure::usage(format!("cannot read {name}: {error}"));
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > bytes_max {
        let text = format!("{name} is larger than {bytes_max} bytes");
        return Err(Failure::usage(text));
    }
    Ok(bytes)
}
