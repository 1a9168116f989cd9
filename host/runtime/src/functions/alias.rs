//! Aliases: names for versions.

use store::Expect;

use super::Functions;
use super::create::revision_id;
use super::error::FunctionError;
use super::model::{Alias, Version};
use super::reference::is_name;
use super::shelf::{ALIAS, FUNCTION, alias_key, put_alias};
use crate::limits::QUALIFIERS_PER_FUNCTION_MAX;
use crate::records::{delete, put};

/// CreateAlias.
#[derive(Clone, Debug)]
pub struct NewAlias {
    /// The function.
    pub function: String,
    /// The alias.
    pub name: String,
    /// What it means.
    pub version: Version,
    /// Text for people.
    pub description: String,
    /// Another version and its part.
    pub additional: Option<(Version, f64)>,
}

/// UpdateAlias: what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AliasChange {
    /// What it means.
    pub version: Option<Version>,
    /// Text for people.
    pub description: Option<String>,
    /// Another version and its part; `Some(None)`: none any more.
    pub additional: Option<Option<(Version, f64)>>,
    /// The revision that it has to have.
    pub revision_id: Option<String>,
}

impl Alias {
    /// Whether it leads to a version.
    pub(super) fn means(&self, version: Version) -> bool {
        self.version == version || self.additional.is_some_and(|(other, _)| other == version)
    }
}

impl Functions {
    /// CreateAlias.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn create_alias(&self, new: &NewAlias) -> Result<Alias, FunctionError> {
        let function = new.function.as_str();
        let is_number = new.name.bytes().all(|byte| byte.is_ascii_digit());
        if !is_name(&new.name) || is_number || new.name.len() > 128 {
            return Err(FunctionError::Invalid(format!(
                "{:?} is not a name of an alias: 1 to 128 letters, digits, - and _, and no number.",
                new.name
            )));
        }
        self.change(function, || {
            let stored = self.stored(function)?;
            if self.0.shelf.alias(function, &new.name)?.is_some() {
                return Err(FunctionError::Conflict(format!(
                    "Alias already exists: {}",
                    self.qualified_arn(function, &new.name)
                )));
            }
            let max = QUALIFIERS_PER_FUNCTION_MAX;
            if self.0.shelf.aliases(function, None, max)?.len() >= max {
                return Err(FunctionError::Invalid(format!(
                    "The function has {max} aliases already."
                )));
            }
            let alias = Alias {
                function: function.to_owned(),
                name: new.name.clone(),
                version: new.version,
                description: new.description.clone(),
                additional: new.additional,
                revision_id: revision_id(),
            };
            self.check_alias(&alias)?;
            let guard = put(FUNCTION, function, &stored.value, stored.unchanged());
            Ok((vec![put_alias(&alias), guard], alias))
        })
        .await
    }

    /// UpdateAlias.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn update_alias(
        &self,
        function: &str,
        name: &str,
        change: &AliasChange,
    ) -> Result<Alias, FunctionError> {
        self.change(function, || {
            let stored = self.stored(function)?;
            let mut alias = self.alias(function, name)?;
            if let Some(id) = &change.revision_id
                && *id != alias.revision_id
            {
                return Err(FunctionError::RevisionChanged);
            }
            if let Some(version) = change.version {
                alias.version = version;
            }
            if let Some(description) = &change.description {
                alias.description.clone_from(description);
            }
            if let Some(additional) = change.additional {
                alias.additional = additional;
            }
            alias.revision_id = revision_id();
            self.check_alias(&alias)?;
            let guard = put(FUNCTION, function, &stored.value, stored.unchanged());
            Ok((vec![put_alias(&alias), guard], alias))
        })
        .await
    }

    /// DeleteAlias; one that is not there is deleted.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`] when there is no such function.
    pub async fn delete_alias(&self, function: &str, name: &str) -> Result<(), FunctionError> {
        self.change(function, || {
            let stored = self.stored(function)?;
            let gone = delete(ALIAS, alias_key(function, name), Expect::Anything);
            let guard = put(FUNCTION, function, &stored.value, stored.unchanged());
            Ok((vec![gone, guard], ()))
        })
        .await
    }

    /// GetAlias.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`].
    pub fn alias(&self, function: &str, name: &str) -> Result<Alias, FunctionError> {
        let found = self.0.shelf.alias(function, name)?;
        found.ok_or_else(|| {
            let arn = self.qualified_arn(function, name);
            FunctionError::NotFound(format!("Cannot find alias arn: {arn}"))
        })
    }

    /// That the versions exist and the weight is one.
    fn check_alias(&self, alias: &Alias) -> Result<(), FunctionError> {
        self.check_version(&alias.function, alias.version)?;
        let Some((other, weight)) = alias.additional else {
            return Ok(());
        };
        if !(0.0..=1.0).contains(&weight) {
            return Err(FunctionError::Invalid(
                "The weight of an additional version is a number from 0 to 1.".to_owned(),
            ));
        }
        if other == Version::Latest || alias.version == Version::Latest {
            return Err(FunctionError::Invalid(
                "$LATEST is not supported for an alias pointing to more than 1 version".to_owned(),
            ));
        }
        if other == alias.version {
            return Err(FunctionError::Invalid(format!(
                "Invalid function version {other}. Function version {other} is already included in routing configuration."
            )));
        }
        self.check_version(&alias.function, other)
    }

    fn check_version(&self, function: &str, version: Version) -> Result<(), FunctionError> {
        match version {
            Version::Latest => Ok(()),
            Version::Number(number) => match self.0.shelf.version(function, number)? {
                Some(_) => Ok(()),
                None => Err(self.not_found(function, Some(&number.to_string()))),
            },
        }
    }
}
