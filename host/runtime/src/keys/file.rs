//! Key files: `<folder>/AKIA….json`, readable by their owner alone, and there as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

use uuid::Uuid;

use super::{Key, KeyError, KeyId};
use crate::limits::KEY_FILE_BYTES_MAX;

/// What the names of key files end with.
pub(super) const SUFFIX: &str = ".json";

/// By which a file is known to be the one that was read: what replaces it has another inode, as it is
/// written beside it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Stamp {
        Stamp {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
            inode: inode(metadata),
        }
    }
}

/// The stamp of a file; `None` if there is none.
pub(super) fn stamp(path: &Path) -> Result<Option<Stamp>, KeyError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(Stamp::of(&metadata))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

/// Reads a key; `None` if there is none.
pub(super) fn read(path: &Path, id: &KeyId) -> Result<Option<(Stamp, Key)>, KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, error)),
    };
    let metadata = file.metadata().map_err(|error| failed(path, error))?;
    let mut text = Vec::new();
    let mut bounded = file.take(KEY_FILE_BYTES_MAX + 1);
    bounded
        .read_to_end(&mut text)
        .map_err(|error| failed(path, error))?;
    if u64::try_from(text.len()).is_ok_and(|bytes| bytes > KEY_FILE_BYTES_MAX) {
        return Err(KeyError::TooLarge {
            path: path.to_owned(),
            bytes_max: KEY_FILE_BYTES_MAX,
        });
    }
    // The words of the parser may quote the file, the secret with it.
    let unreadable = |line, column| KeyError::Unreadable {
        path: path.to_owned(),
        line,
        column,
    };
    let key: Key =
        serde_json::from_slice(&text).map_err(|error| unreadable(error.line(), error.column()))?;
    if key.id != *id {
        return Err(unreadable(1, 1));
    }
    Ok(Some((Stamp::of(&metadata), key)))
}

/// Writes a key beside its file and puts it into the file's place.
pub(super) fn write(folder: &Path, path: &Path, key: &Key) -> Result<(), KeyError> {
    make_folder(folder).map_err(|error| failed(folder, error))?;
    let beside = folder.join(format!(".{}.new", Uuid::new_v4()));
    let written = write_new(&beside, key).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        // What is left of it is of no use to anybody; the error that counts is the first.
        let _ = fs::remove_file(&beside);
        return Err(failed(path, error));
    }
    sync_folder(folder)
}

/// Removes a key's file, and tells whether there was one.
pub(super) fn remove(folder: &Path, path: &Path) -> Result<bool, KeyError> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(folder).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path, error)),
    }
}

/// The ids of the keys in the folder; what else is there is none of our business.
pub(super) fn ids(folder: &Path) -> Result<Vec<KeyId>, KeyError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder, error)),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| failed(folder, error))?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
        ids.extend(id.and_then(KeyId::parse));
    }
    Ok(ids)
}

fn write_new(path: &Path, key: &Key) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(key)?;
    text.push(b'\n');
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
    file.write_all(&text)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> Result<(), KeyError> {
    // Only Unix opens folders.
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| failed(folder, error))?;
    }
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> KeyError {
    KeyError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Makes the folder, for its owner alone; one that is there stays as it is.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    match builder.create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
