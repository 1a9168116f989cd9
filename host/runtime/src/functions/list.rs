//! Reading the catalogue.

use store::Scan;

use super::Functions;
use super::error::FunctionError;
use super::model::{Alias, Configuration, FunctionRecord, Version};
use super::shelf::FUNCTION;
use crate::limits::{CODE_BYTES_MAX, GUESTS_MAX};
use crate::lock::locked;
use crate::records::Stored;

/// A place in the list of all functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCursor {
    /// The function at this place.
    pub name: String,
    /// Its version at this place.
    pub version: Version,
}

/// GetAccountSettings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountUsage {
    /// Functions there are.
    pub functions: usize,
    /// Bytes of their components.
    pub code_bytes: u64,
    /// Bytes that they may have.
    pub code_bytes_max: u64,
    /// Bytes that one component may have.
    pub component_bytes_max: u64,
    /// Guests that may run at once.
    pub guests_max: u32,
    /// Of these, those that no function reserved.
    pub unreserved_guests: u32,
}

impl Functions {
    /// GetFunction: the record of a function, and the version that a qualifier means.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`].
    pub fn get(
        &self,
        name: &str,
        qualifier: Option<&str>,
    ) -> Result<(FunctionRecord, Configuration), FunctionError> {
        let missing = || self.not_found(name, qualifier);
        let record = self.0.shelf.function(name)?.ok_or_else(missing)?.value;
        let version = match qualifier {
            None => Version::Latest,
            Some(text) => match Version::parse(text) {
                Some(version) => version,
                None => self.0.shelf.alias(name, text)?.ok_or_else(missing)?.version,
            },
        };
        let configuration = match version {
            Version::Latest => record.latest.clone(),
            Version::Number(number) => {
                let found = self.0.shelf.version(name, number)?;
                found.ok_or_else(missing)?
            }
        };
        Ok((record, configuration))
    }

    /// ListFunctions: `$LATEST` of each, and with `with_versions` the others behind it. At most `max`,
    /// and where to go on.
    ///
    /// # Errors
    /// [`FunctionError::Internal`].
    pub fn list(
        &self,
        after: Option<&FunctionCursor>,
        with_versions: bool,
        max: usize,
    ) -> Result<(Vec<Configuration>, Option<FunctionCursor>), FunctionError> {
        let mut found = Vec::new();
        if let Some(cursor) = after.filter(|_| with_versions) {
            let number = number_after(cursor.version);
            found.extend(self.0.shelf.versions(&cursor.name, number, max + 1)?);
        }
        let mut name = after.map(|cursor| cursor.name.as_str().into());
        while found.len() <= max {
            let page: Vec<Stored<FunctionRecord>> = self.0.shelf.0.scan(&Scan {
                space: FUNCTION,
                prefix: "".into(),
                after: name,
                backwards: false,
                max: max + 1 - found.len(),
            })?;
            let Some(last) = page.last() else { break };
            name = Some(last.key.clone());
            for stored in page {
                let function = stored.value.latest.name.clone();
                found.push(stored.value.latest);
                if with_versions {
                    let room = (max + 1).saturating_sub(found.len());
                    found.extend(self.0.shelf.versions(&function, None, room)?);
                }
            }
        }
        let has_more = found.len() > max;
        found.truncate(max);
        let cursor = found
            .last()
            .filter(|_| has_more)
            .map(|last| FunctionCursor {
                name: last.name.clone(),
                version: last.version,
            });
        Ok((found, cursor))
    }

    /// ListVersionsByFunction: `$LATEST`, then the others. At most `max`, and where to go on.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`], [`FunctionError::Internal`].
    pub fn list_versions(
        &self,
        name: &str,
        after: Option<Version>,
        max: usize,
    ) -> Result<(Vec<Configuration>, Option<Version>), FunctionError> {
        let record = self.stored(name)?.value;
        let mut found = Vec::new();
        if after.is_none() {
            found.push(record.latest);
        }
        let number = after.and_then(number_after);
        found.extend(self.0.shelf.versions(name, number, max + 1)?);
        let has_more = found.len() > max;
        found.truncate(max);
        let cursor = found.last().filter(|_| has_more).map(|last| last.version);
        Ok((found, cursor))
    }

    /// ListAliases: those of one version, or all. At most `max`, and where to go on.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`], [`FunctionError::Internal`].
    pub fn list_aliases(
        &self,
        name: &str,
        version: Option<Version>,
        after: Option<&str>,
        max: usize,
    ) -> Result<(Vec<Alias>, Option<String>), FunctionError> {
        self.stored(name)?;
        let all = crate::limits::QUALIFIERS_PER_FUNCTION_MAX;
        let mut found = self.0.shelf.aliases(name, after, all)?;
        found.retain(|alias| version.is_none_or(|version| alias.means(version)));
        let has_more = found.len() > max;
        found.truncate(max);
        let cursor = found
            .last()
            .filter(|_| has_more)
            .map(|last| last.name.clone());
        Ok((found, cursor))
    }

    /// GetAccountSettings.
    ///
    /// # Errors
    /// [`FunctionError::Internal`].
    pub fn account_usage(&self) -> Result<AccountUsage, FunctionError> {
        let functions = locked(&self.0.index).len();
        Ok(AccountUsage {
            functions,
            code_bytes: self.0.shelf.code_bytes()?,
            code_bytes_max: CODE_BYTES_MAX,
            component_bytes_max: sandbox::limits::COMPONENT_BYTES,
            guests_max: GUESTS_MAX,
            unreserved_guests: GUESTS_MAX.saturating_sub(self.reserved_concurrency(None)?),
        })
    }
}

/// `$LATEST` is before all numbers.
fn number_after(version: Version) -> Option<u64> {
    match version {
        Version::Latest => None,
        Version::Number(number) => Some(number),
    }
}
