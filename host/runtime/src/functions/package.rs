//! What is uploaded as a function's code: a component, or a zip that holds one.

use std::io::{Cursor, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::error::FunctionError;
use super::model::Code;
use crate::hex::hex;
use crate::limits::ZIP_ENTRIES_MAX;

/// A component that was uploaded, not yet looked into.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) code: Code,
    pub(super) component: Vec<u8>,
}

/// How every WebAssembly binary begins.
const WASM_MAGIC: &[u8] = b"\0asm";

/// How the record at the end of a zip begins; it is 22 bytes long, and a comment of 65,535 may follow.
const ZIP_END_MAGIC: &[u8] = b"PK\x05\x06";
const ZIP_END_BYTES_MAX: usize = 22 + 65_535;

/// How a zip begins.
const ZIP_MAGIC: &[u8] = b"PK";

/// Takes an upload apart. Never more than the limit of a component is inflated, whatever the zip says.
pub(super) fn open(upload: Vec<u8>) -> Result<Package, FunctionError> {
    open_within(upload, sandbox::limits::COMPONENT_BYTES)
}

fn open_within(upload: Vec<u8>, limit_bytes: u64) -> Result<Package, FunctionError> {
    let sha256 = STANDARD.encode(Sha256::digest(&upload));
    let bytes = upload.len() as u64;
    let component = if upload.starts_with(WASM_MAGIC) {
        upload
    } else if upload.starts_with(ZIP_MAGIC) {
        unzip(&upload, limit_bytes)?
    } else {
        return Err(FunctionError::Invalid(
            "Could not unzip uploaded file. ZipFile has to be a WebAssembly component, or a zip that holds one."
                .to_owned(),
        ));
    };
    let digest = hex(&Sha256::digest(&component));
    Ok(Package {
        code: Code {
            sha256,
            bytes,
            digest,
        },
        component,
    })
}

/// How many entries the end of the zip declares: looked at before a list of them is made. 65,535 stands
/// for that or more.
fn declared_entries(upload: &[u8]) -> Option<usize> {
    let tail = upload.len().saturating_sub(ZIP_END_BYTES_MAX);
    let tail = upload.get(tail..)?;
    let end = tail
        .windows(ZIP_END_MAGIC.len())
        .rposition(|bytes| bytes == ZIP_END_MAGIC)?;
    let count = tail.get(end + 10..end + 12)?;
    Some(u16::from_le_bytes(count.try_into().ok()?).into())
}

fn too_many(count: usize) -> FunctionError {
    FunctionError::Invalid(format!(
        "The zip has {count} entries, the limit is {ZIP_ENTRIES_MAX}."
    ))
}

fn unzip(upload: &[u8], limit_bytes: u64) -> Result<Vec<u8>, FunctionError> {
    if let Some(count) = declared_entries(upload)
        && count > ZIP_ENTRIES_MAX
    {
        return Err(too_many(count));
    }
    let mut archive = ZipArchive::new(Cursor::new(upload)).map_err(|error| broken(&error))?;
    if archive.len() > ZIP_ENTRIES_MAX {
        return Err(too_many(archive.len()));
    }
    let components: Vec<usize> = (0..archive.len())
        .filter(|index| {
            archive
                .name_for_index(*index)
                .and_then(Result::ok)
                .is_some_and(|name| name.ends_with(".wasm"))
        })
        .collect();
    let [index] = components.as_slice() else {
        return Err(FunctionError::Invalid(format!(
            "The zip has to hold exactly one component, a file whose name ends with .wasm; it holds {}.",
            components.len()
        )));
    };
    let entry = archive.by_index(*index).map_err(|error| broken(&error))?;
    let mut component = Vec::new();
    // One byte over the limit tells that there is more.
    entry
        .take(limit_bytes + 1)
        .read_to_end(&mut component)
        .map_err(|error| broken(&error))?;
    if component.len() as u64 > limit_bytes {
        return Err(FunctionError::Invalid(format!(
            "Unzipped size must be smaller than {limit_bytes} bytes"
        )));
    }
    Ok(component)
}

fn broken(error: &dyn std::error::Error) -> FunctionError {
    FunctionError::Invalid(format!(
        "Could not unzip uploaded file. Please check your file, then try to upload again. ({error})"
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn refusal(upload: Vec<u8>) -> String {
        open(upload).unwrap_err().to_string()
    }

    #[test]
    fn a_component_is_taken_as_it_is() {
        let upload = b"\0asm and so on".to_vec();
        let package = open(upload.clone()).unwrap();
        assert_eq!(package.component, upload);
        assert_eq!(package.code.bytes, upload.len() as u64);
        assert_eq!(
            package.code.sha256,
            STANDARD.encode(Sha256::digest(&upload))
        );
    }

    #[test]
    fn the_one_component_of_a_zip_is_taken_and_the_digest_is_of_the_zip() {
        let upload = zipped(&[("README", b"hello"), ("deep/task.wasm", b"\0asm!")]);
        let package = open(upload.clone()).unwrap();
        assert_eq!(package.component, b"\0asm!");
        assert_eq!(package.code.bytes, upload.len() as u64);
        assert_eq!(
            package.code.sha256,
            STANDARD.encode(Sha256::digest(&upload))
        );
        assert_eq!(package.code.digest, hex(&Sha256::digest(b"\0asm!")));
    }

    #[test]
    fn none_or_two_components_are_refused() {
        assert!(refusal(zipped(&[("a.py", b"x")])).contains("it holds 0"));
        assert!(refusal(zipped(&[("a.wasm", b"x"), ("b.wasm", b"y")])).contains("it holds 2"));
    }

    #[test]
    fn what_is_no_zip_is_refused() {
        assert!(refusal(b"def handler".to_vec()).contains("Could not unzip"));
        assert!(refusal(b"PK\x03\x04 torn".to_vec()).contains("Could not unzip"));
        assert!(refusal(Vec::new()).contains("Could not unzip"));
    }

    #[test]
    fn entries_are_counted_up_to_their_limit() {
        let names: Vec<String> = (0..ZIP_ENTRIES_MAX).map(|n| format!("{n}.txt")).collect();
        let mut files: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        files[0] = ("t.wasm", b"\0asm");
        assert!(open(zipped(&files)).is_ok());
        files.push(("one-more.txt", b""));
        assert!(refusal(zipped(&files)).contains("1001 entries"));
    }

    #[test]
    fn a_zip_bomb_is_inflated_up_to_the_limit_and_no_further() {
        let limit_bytes = 1024 * 1024;
        let zeros = vec![0; 1024 * 1024 + 1];
        let upload = zipped(&[("t.wasm", &zeros)]);
        assert!(upload.len() < 16 * 1024);
        let refused = open_within(upload, limit_bytes).unwrap_err().to_string();
        assert!(refused.contains("Unzipped size"), "{refused}");
        let upload = zipped(&[("t.wasm", &zeros[1..])]);
        assert!(open_within(upload, limit_bytes).is_ok());
    }
}
