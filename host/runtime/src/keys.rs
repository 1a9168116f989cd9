//! Access keys and what they may do.

use std::path::PathBuf;

/// Access keys, one file each, read when they are used: a key that was deleted is refused at once.
#[derive(Clone, Debug)]
pub struct Keys {
    folder: PathBuf,
}

impl Keys {
    /// The keys in this folder; it need not exist.
    pub fn new(folder: impl Into<PathBuf>) -> Keys {
        Keys {
            folder: folder.into(),
        }
    }
}
