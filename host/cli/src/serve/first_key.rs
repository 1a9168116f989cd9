//! The key that a new data folder begins with, so that a server which nobody has configured can be used,
//! and is still not open to everybody. It is written where AWS clients look for keys, and never printed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use engine::Timestamp;
use runtime::Keys;
use runtime::keys::{Effect, Key, KeyError, Pattern, Statement};

use crate::exit::Failure;

/// In the data folder, in the form of `~/.aws/credentials`.
const FILE: &str = "credentials";

/// The file with the first key. It is made, with its key, when there was never a key; where it is gone,
/// or was made by nobody, there is none.
pub(super) fn ensure(
    keys: &Keys,
    keys_folder: &Path,
    data_folder: &Path,
    now: Timestamp,
) -> Result<Option<PathBuf>, Failure> {
    let file = data_folder.join(FILE);
    // The folder stays when its last key is deleted: a new one would undo that.
    if keys_folder.exists() {
        return Ok(file.exists().then_some(file));
    }
    let key = make(keys, now).map_err(|error| Failure::host(error.to_string()))?;
    let written = write(&file, &key);
    written.map_err(|error| Failure::host(format!("{}: {error}", file.display())))?;
    Ok(Some(file))
}

fn make(keys: &Keys, now: Timestamp) -> Result<Key, KeyError> {
    let everything = Pattern::action("*").into_iter().collect();
    let everywhere = Pattern::resource("*").into_iter().collect();
    let statement = Statement {
        effect: Effect::Allow,
        actions: everything,
        resources: everywhere,
    };
    keys.create(Some(String::from("first")), vec![statement], now)
}

fn write(file: &Path, key: &Key) -> std::io::Result<()> {
    let mut out = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)?;
    write!(
        out,
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        key.id.as_str(),
        key.secret.reveal(),
    )?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_folder_gets_one_key_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let keys_folder = folder.path().join("keys");
        let keys = Keys::new(&keys_folder);
        let ensured = || ensure(&keys, &keys_folder, folder.path(), Timestamp(1)).unwrap();
        let file = ensured().unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let key = keys.list().unwrap().pop().unwrap().unwrap();
        assert!(text.contains(key.id.as_str()) && text.contains(key.secret.reveal()));
        assert_eq!(ensured(), Some(file.clone()));
        assert_eq!(keys.list().unwrap().len(), 1);
        keys.delete(&key.id).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(ensured(), None);
        assert_eq!(keys.list().unwrap().len(), 0);
    }
}
