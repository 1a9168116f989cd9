//! Access keys and what they may do: one file for each key, read when it is used, so that a key which
//! was changed or deleted counts as such from the next request on, in every process on this folder.
//!
//! The one idea: the folder is the truth; in memory is only what a file said that has not changed since.
//! A secret is shown to whoever makes the key, once; it is in no error, no log and no `Debug`.

mod file;
mod key;
mod statement;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use engine::Timestamp;

pub use key::{InvalidName, Key, KeyId, Secret, check_name};
pub use statement::{Denied, Effect, InvalidPattern, Pattern, Statement};

use crate::lock::locked;
use file::Stamp;

/// The access keys of an installation. A clone is the same.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// What the files said, by key id; only of files that exist, so that it is as bounded as the folder.
    read: Mutex<HashMap<KeyId, (Stamp, Arc<Key>)>>,
}

/// Why keys cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file system failed.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds no key. Where it stops being one is told, never what is there.
    #[error("{path} is no key file: line {line}, column {column}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The file is too large to be a key (bytes).
    #[error("{path} is larger than {bytes_max} bytes and no key file")]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit.
        bytes_max: u64,
    },
    /// Nothing has this id.
    #[error("there is no key {0}")]
    NoSuchKey(KeyId),
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Keys").field(&self.0.folder).finish()
    }
}

impl Keys {
    /// The keys in this folder; it need not exist.
    pub fn new(folder: impl Into<PathBuf>) -> Keys {
        Keys(Arc::new(Inner {
            folder: folder.into(),
            read: Mutex::default(),
        }))
    }

    /// The key, as its file says now; `None` if there is none. While the file does not change it is the
    /// same `Arc`, by which callers know that what they derived from it still holds.
    ///
    /// # Errors
    /// [`KeyError::Io`], [`KeyError::Unreadable`], [`KeyError::TooLarge`].
    pub fn find(&self, id: &KeyId) -> Result<Option<Arc<Key>>, KeyError> {
        let path = self.path(id);
        let Some(stamp) = file::stamp(&path)? else {
            locked(&self.0.read).remove(id);
            return Ok(None);
        };
        if let Some((known, key)) = locked(&self.0.read).get(id)
            && *known == stamp
        {
            return Ok(Some(key.clone()));
        }
        let Some((stamp, key)) = file::read(&path, id)? else {
            return Ok(None);
        };
        let key = Arc::new(key);
        locked(&self.0.read).insert(id.clone(), (stamp, key.clone()));
        Ok(Some(key))
    }

    /// The key.
    ///
    /// # Errors
    /// [`KeyError::NoSuchKey`], and those of [`Keys::find`].
    pub fn get(&self, id: &KeyId) -> Result<Arc<Key>, KeyError> {
        self.find(id)?
            .ok_or_else(|| KeyError::NoSuchKey(id.clone()))
    }

    /// All keys, in the order of their ids. A file that holds none does not hide the others.
    ///
    /// # Errors
    /// [`KeyError::Io`] for the folder.
    pub fn list(&self) -> Result<Vec<Result<Arc<Key>, KeyError>>, KeyError> {
        let mut ids = file::ids(&self.0.folder)?;
        ids.sort();
        Ok(ids.iter().map(|id| self.get(id)).collect())
    }

    /// Makes a key, on disk when this returns.
    ///
    /// # Errors
    /// [`KeyError::Io`].
    pub fn create(
        &self,
        name: Option<String>,
        statements: Vec<Statement>,
        now: Timestamp,
    ) -> Result<Key, KeyError> {
        let key = Key::generate(name, statements, now);
        self.save(&key)?;
        Ok(key)
    }

    /// Writes a key over what its file says, on disk when this returns.
    ///
    /// # Errors
    /// [`KeyError::Io`].
    pub fn save(&self, key: &Key) -> Result<(), KeyError> {
        file::write(&self.0.folder, &self.path(&key.id), key)
    }

    /// Removes a key: the next request that it signs is refused.
    ///
    /// # Errors
    /// [`KeyError::NoSuchKey`], [`KeyError::Io`].
    pub fn delete(&self, id: &KeyId) -> Result<(), KeyError> {
        if file::remove(&self.0.folder, &self.path(id))? {
            Ok(())
        } else {
            Err(KeyError::NoSuchKey(id.clone()))
        }
    }

    fn path(&self, id: &KeyId) -> PathBuf {
        self.0.folder.join(format!("{id}{}", file::SUFFIX))
    }
}

#[cfg(test)]
mod tests;
