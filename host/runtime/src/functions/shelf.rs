//! The records of functions: where they are, how they are read, and how a change is written so that the
//! code of a component goes away with its last use.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use store::{Batch, Change, Expect, Scan, Space};

use super::error::FunctionError;
use super::model::{Alias, CodeUse, Configuration, FunctionRecord, Version};
use crate::limits::CATALOGUE_RECORDS_PER_READ;
use crate::records::{RecordError, Records, Stored, delete, put};

pub(super) const FUNCTION: Space = "lambda.function";
pub(super) const VERSION: Space = "lambda.version";
pub(super) const ALIAS: Space = "lambda.alias";
pub(super) const CODE: Space = "lambda.code";
pub(super) const CODE_USE: Space = "lambda.code-use";
/// The last version number of a function that was deleted: numbers are never used again.
pub(super) const NUMBER: Space = "lambda.number";
pub(super) const EVENT: Space = "lambda.event";

/// Reads and writes them. Names hold no `:`, so that `NAME:` is the prefix of what belongs to one function.
#[derive(Clone)]
pub(super) struct Shelf(pub(super) Records);

impl Shelf {
    pub(super) fn function(
        &self,
        name: &str,
    ) -> Result<Option<Stored<FunctionRecord>>, RecordError> {
        self.0.get(FUNCTION, name)
    }

    pub(super) fn version(
        &self,
        name: &str,
        number: u64,
    ) -> Result<Option<Configuration>, RecordError> {
        let found = self.0.get(VERSION, &version_key(name, number))?;
        Ok(found.map(|stored: Stored<Configuration>| stored.value))
    }

    pub(super) fn alias(&self, name: &str, alias: &str) -> Result<Option<Alias>, RecordError> {
        let found = self.0.get(ALIAS, &alias_key(name, alias))?;
        Ok(found.map(|stored: Stored<Alias>| stored.value))
    }

    /// The component with this digest.
    pub(super) fn component(&self, digest: &str) -> Result<Option<Arc<[u8]>>, RecordError> {
        self.0.bytes(CODE, digest)
    }

    /// Published versions after one of them, in order.
    pub(super) fn versions(
        &self,
        name: &str,
        after: Option<u64>,
        max: usize,
    ) -> Result<Vec<Configuration>, RecordError> {
        let after = after.map(|number| version_key(name, number).into());
        self.page(VERSION, name, after, max)
    }

    /// Aliases after one of them, by name.
    pub(super) fn aliases(
        &self,
        name: &str,
        after: Option<&str>,
        max: usize,
    ) -> Result<Vec<Alias>, RecordError> {
        let after = after.map(|alias| alias_key(name, alias).into());
        self.page(ALIAS, name, after, max)
    }

    fn page<T: DeserializeOwned>(
        &self,
        space: Space,
        name: &str,
        after: Option<Arc<str>>,
        max: usize,
    ) -> Result<Vec<T>, RecordError> {
        let found = self.0.scan(&Scan {
            space,
            prefix: format!("{name}:").into(),
            after,
            backwards: false,
            max,
        })?;
        Ok(found.into_iter().map(|stored| stored.value).collect())
    }

    /// Every record of a space, page by page.
    pub(super) fn each<T: DeserializeOwned>(
        &self,
        space: Space,
        max: usize,
        mut visit: impl FnMut(Stored<T>),
    ) -> Result<(), RecordError> {
        let mut after = None;
        loop {
            let found = self.0.scan(&Scan {
                space,
                prefix: "".into(),
                after: after.take(),
                backwards: false,
                max,
            })?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = Some(last.key.clone());
            found.into_iter().for_each(&mut visit);
        }
    }

    /// Bytes of all components.
    pub(super) fn code_bytes(&self) -> Result<u64, RecordError> {
        let mut bytes = 0_u64;
        self.each(
            CODE_USE,
            CATALOGUE_RECORDS_PER_READ,
            |code: Stored<CodeUse>| {
                bytes = bytes.saturating_add(code.value.bytes);
            },
        )?;
        Ok(bytes)
    }

    /// The changes that make components used more or less often. One that is used for the first time is
    /// in `fresh`; one that is not used any more goes away.
    pub(super) fn account(
        &self,
        uses: &Uses,
        fresh: Option<(&str, &Arc<[u8]>)>,
    ) -> Result<Batch, FunctionError> {
        let mut batch = Batch::new();
        for (digest, difference) in &uses.0 {
            let stored: Option<Stored<CodeUse>> = self.0.get(CODE_USE, digest)?;
            let expect = stored.as_ref().map_or(Expect::Absent, Stored::unchanged);
            let (before, mut bytes) = stored.map_or((0, 0), |s| (s.value.uses, s.value.bytes));
            let now = before.saturating_add_signed(*difference);
            if before == 0 && now > 0 {
                let Some((_, component)) = fresh.filter(|(fresh, _)| fresh == digest) else {
                    return Err(FunctionError::Internal(format!(
                        "the component {digest} is not stored"
                    )));
                };
                bytes = component.len() as u64;
                batch.push(Change::Put {
                    space: CODE,
                    key: digest.as_str().into(),
                    value: component.clone(),
                    expect: Expect::Anything,
                });
            }
            if now == 0 {
                batch.push(delete(CODE, digest.as_str(), Expect::Anything));
                batch.push(delete(CODE_USE, digest.as_str(), expect));
            } else {
                let value = CodeUse { uses: now, bytes };
                batch.push(put(CODE_USE, digest.as_str(), &value, expect));
            }
        }
        Ok(batch)
    }
}

/// By how much the use of components changes.
#[derive(Debug, Default)]
pub(super) struct Uses(BTreeMap<String, i64>);

impl Uses {
    pub(super) fn add(&mut self, digest: &str, difference: i64) {
        *self.0.entry(digest.to_owned()).or_default() += difference;
    }
}

pub(super) fn version_key(name: &str, number: u64) -> String {
    format!("{name}:{number:020}")
}

pub(super) fn alias_key(name: &str, alias: &str) -> String {
    format!("{name}:{alias}")
}

/// The change that writes a version.
pub(super) fn put_version(version: &Configuration, number: u64) -> Change {
    let key = version_key(&version.name, number);
    put(VERSION, key, version, Expect::Anything)
}

/// The change that writes an alias.
pub(super) fn put_alias(alias: &Alias) -> Change {
    let key = alias_key(&alias.function, &alias.name);
    put(ALIAS, key, alias, Expect::Anything)
}

/// The number of a published version.
pub(super) fn number_of(version: Version) -> Option<u64> {
    match version {
        Version::Latest => None,
        Version::Number(number) => Some(number),
    }
}
