//! The checksum that every row carries, over its key and its values: SQLite's own checks do not see a
//! flipped bit inside a value. Each part is written with its kind and length, so that two different rows
//! never give the same bytes.

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// A checksum under way.
pub(super) struct Checksum(Box<Xxh3>);

impl Checksum {
    /// Of a row of this table.
    pub(super) fn of(table: &str) -> Checksum {
        Checksum(Box::new(Xxh3::new())).text(table)
    }

    pub(super) fn int(mut self, value: i64) -> Checksum {
        self.0.update(&[1]);
        self.0.update(&value.to_le_bytes());
        self
    }

    pub(super) fn maybe(mut self, value: Option<i64>) -> Checksum {
        match value {
            Some(value) => self.int(value),
            None => {
                self.0.update(&[0]);
                self
            }
        }
    }

    pub(super) fn text(self, value: &str) -> Checksum {
        self.bytes(value.as_bytes())
    }

    pub(super) fn bytes(mut self, value: &[u8]) -> Checksum {
        self.0.update(&[2]);
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value);
        self
    }

    /// As it stands in the column `sum`.
    pub(super) fn finish(self) -> i64 {
        self.0.digest().cast_signed()
    }
}

/// What stands for an ARN in a column that is only compared: see [`super::schema`]. Whoever finds a row by it
/// compares the ARN itself too.
pub(super) fn hash(arn: &str) -> i64 {
    xxh3_64(arn.as_bytes()).cast_signed()
}
