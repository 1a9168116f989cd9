//! CreateFunction and DeleteFunction.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::{Change, Expect};

use super::error::FunctionError;
use super::model::{Code, Configuration, FunctionRecord, Settings, Version};
use super::settings::{check, check_tags};
use super::shelf::{ALIAS, FUNCTION, NUMBER, Uses, VERSION, number_of, put_version};
use super::{Functions, package, reference};
use crate::limits::{
    CODE_BYTES_MAX, FUNCTION_NAME_CHARS_MAX, FUNCTIONS_MAX, QUALIFIERS_PER_FUNCTION_MAX,
};
use crate::lock::locked;
use crate::records::{Stored, delete, put};

/// CreateFunction.
#[derive(Debug)]
pub struct NewFunction {
    /// Its name.
    pub name: String,
    /// How it runs.
    pub settings: Settings,
    /// A component, or a zip that holds one.
    pub upload: Vec<u8>,
    /// Also publish version 1.
    pub publish: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The last version number of a function that is gone.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct LastNumber {
    published: u64,
}

/// A component that was checked, and may be used.
pub(super) struct Checked {
    pub(super) code: Code,
    pub(super) component: Arc<[u8]>,
}

impl Functions {
    /// CreateFunction. When it returns, the function is there, compiled and durable.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn create(&self, new: NewFunction) -> Result<Configuration, FunctionError> {
        let NewFunction {
            name,
            settings,
            upload,
            publish,
            tags,
        } = new;
        if !reference::is_name(&name) || name.len() > FUNCTION_NAME_CHARS_MAX {
            return Err(FunctionError::Invalid(format!(
                "{name:?} is not a name of a function: 1 to {FUNCTION_NAME_CHARS_MAX} letters, digits, - and _."
            )));
        }
        check(&settings)?;
        check_tags(&tags)?;
        self.check_new(&name)?;
        let checked = self.check_upload(&name, upload).await?;
        self.change(&name, || {
            self.check_new(&name)?;
            let numbers: Option<Stored<LastNumber>> = self.0.shelf.0.get(NUMBER, &name)?;
            let mut record = FunctionRecord {
                latest: Configuration {
                    name: name.clone(),
                    version: Version::Latest,
                    settings: settings.clone(),
                    code: checked.code.clone(),
                    modified_at: self.0.clock.now(),
                    revision_id: revision_id(),
                },
                published: numbers.map_or(0, |stored| stored.value.published),
                is_changed: true,
                reserved: None,
                tags: tags.clone(),
            };
            let mut uses = Uses::default();
            uses.add(&checked.code.digest, 1);
            let mut batch = Vec::new();
            let mut made = record.latest.clone();
            if publish {
                made = record.publish(None, &mut uses);
                batch.extend(number_of(made.version).map(|number| put_version(&made, number)));
            }
            let fresh = (checked.code.digest.as_str(), &checked.component);
            batch.extend(self.0.shelf.account(&uses, Some(fresh))?);
            batch.push(put(FUNCTION, name.as_str(), &record, Expect::Absent));
            Ok((batch, made))
        })
        .await
    }

    fn check_new(&self, name: &str) -> Result<(), FunctionError> {
        if self.0.shelf.function(name)?.is_some() {
            return Err(FunctionError::Conflict(format!(
                "Function already exist: {name}"
            )));
        }
        if locked(&self.0.index).len() >= FUNCTIONS_MAX {
            return Err(FunctionError::Throttled(super::Throttle::Concurrent));
        }
        Ok(())
    }

    /// Takes an upload apart, compiles it, and looks whether there is room for it.
    pub(super) async fn check_upload(
        &self,
        name: &str,
        upload: Vec<u8>,
    ) -> Result<Checked, FunctionError> {
        let opened = tokio::task::spawn_blocking(move || package::open(upload)).await;
        let stopped = |_| FunctionError::Internal("the upload could not be opened".to_owned());
        let package = opened.map_err(stopped)??;
        let component: Arc<[u8]> = package.component.into();
        self.compile(name, &package.code.digest, &component).await?;
        let bytes = self.0.shelf.code_bytes()?;
        if bytes.saturating_add(component.len() as u64) > CODE_BYTES_MAX {
            return Err(FunctionError::CodeStorageExceeded {
                limit_bytes: CODE_BYTES_MAX,
            });
        }
        Ok(Checked {
            code: package.code,
            component,
        })
    }

    /// DeleteFunction without a qualifier: all versions and aliases, too.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn delete(&self, name: &str) -> Result<(), FunctionError> {
        self.change(name, || {
            let stored = self.stored(name)?;
            let record = &stored.value;
            let mut uses = Uses::default();
            uses.add(&record.latest.code.digest, -1);
            let max = QUALIFIERS_PER_FUNCTION_MAX;
            for version in self.0.shelf.versions(name, None, max)? {
                uses.add(&version.code.digest, -1);
            }
            let mut batch = self.0.shelf.account(&uses, None)?;
            for space in [VERSION, ALIAS] {
                batch.push(Change::DeletePrefix {
                    space,
                    prefix: format!("{name}:").into(),
                });
            }
            if record.published > 0 {
                let number = LastNumber {
                    published: record.published,
                };
                batch.push(put(NUMBER, name, &number, Expect::Anything));
            }
            batch.push(delete(FUNCTION, name, stored.unchanged()));
            Ok((batch, ()))
        })
        .await
    }

    /// The record of a function that has to be there.
    pub(super) fn stored(&self, name: &str) -> Result<Stored<FunctionRecord>, FunctionError> {
        let found = self.0.shelf.function(name)?;
        found.ok_or_else(|| self.not_found(name, None))
    }
}

/// Not to be guessed, and never the same again.
pub(super) fn revision_id() -> String {
    uuid::Uuid::new_v4().to_string()
}
