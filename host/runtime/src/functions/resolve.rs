//! From a name and a qualifier to what runs. Kept in memory, because every task of every execution comes
//! this way; a change of a function makes memory forget all of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use sandbox::Limits;
use sha2::{Digest, Sha256};

use super::Functions;
use super::error::FunctionError;
use super::model::{Alias, Configuration, FunctionRecord, Version};
use crate::limits::{FUEL_PER_SECOND, RESOLVED_FUNCTIONS_MAX, RESOLVED_QUALIFIERS_MAX};
use crate::lock::locked;
use crate::place::Place;

/// One version, ready to run but for its machine code.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Arc<str>,
    /// `$LATEST` or a number.
    pub(super) version: Arc<str>,
    pub(super) digest: Arc<str>,
    pub(super) limits: Limits,
    pub(super) memory_megabytes: u32,
    pub(super) environment: Arc<[(String, String)]>,
    pub(super) log_group: Arc<str>,
    pub(super) reserved: Option<u32>,
}

/// What a qualifier means.
#[derive(Clone)]
enum Target {
    Version(Arc<Entry>),
    Alias(Arc<Alias>),
}

/// What was resolved lately.
#[derive(Default)]
pub(super) struct Resolved(Mutex<State>);

#[derive(Default)]
struct State {
    /// By function and qualifier.
    targets: HashMap<Arc<str>, HashMap<Box<str>, Target>>,
    /// Counts what was forgotten: who read the store before must not put here what is old by now.
    generation: u64,
}

impl Resolved {
    fn get(&self, name: &str, qualifier: &str) -> Result<Target, u64> {
        let state = locked(&self.0);
        let found = state.targets.get(name).and_then(|of| of.get(qualifier));
        found.cloned().ok_or(state.generation)
    }

    fn put(&self, name: &str, qualifier: &str, target: Target, generation: u64) {
        let mut state = locked(&self.0);
        if state.generation != generation {
            return;
        }
        if state.targets.len() >= RESOLVED_FUNCTIONS_MAX && !state.targets.contains_key(name) {
            state.targets.clear();
        }
        let of = state.targets.entry(name.into()).or_default();
        if of.len() >= RESOLVED_QUALIFIERS_MAX {
            of.clear();
        }
        of.insert(qualifier.into(), target);
    }

    pub(super) fn forget(&self, name: &str) {
        let mut state = locked(&self.0);
        state.generation += 1;
        state.targets.remove(name);
    }
}

impl Functions {
    /// What runs when a function is called. `draw` decides between the two versions of an alias: the
    /// same text, the same version.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`], [`FunctionError::Internal`].
    pub(super) fn resolve(
        &self,
        name: &str,
        qualifier: Option<&str>,
        draw: &str,
    ) -> Result<Arc<Entry>, FunctionError> {
        let qualifier_or_latest = qualifier.unwrap_or("$LATEST");
        let alias = match self.target(name, qualifier_or_latest)? {
            Some(Target::Version(entry)) => return Ok(entry),
            Some(Target::Alias(alias)) => alias,
            None => return Err(self.not_found(name, qualifier)),
        };
        let version = drawn(&alias, draw).to_string();
        match self.target(name, &version)? {
            Some(Target::Version(entry)) => Ok(entry),
            _ => Err(self.not_found(name, Some(&version))),
        }
    }

    fn target(&self, name: &str, qualifier: &str) -> Result<Option<Target>, FunctionError> {
        let generation = match self.0.resolved.get(name, qualifier) {
            Ok(target) => return Ok(Some(target)),
            Err(generation) => generation,
        };
        let Some(target) = self.read_target(name, qualifier)? else {
            return Ok(None);
        };
        let resolved = &self.0.resolved;
        resolved.put(name, qualifier, target.clone(), generation);
        Ok(Some(target))
    }

    fn read_target(&self, name: &str, qualifier: &str) -> Result<Option<Target>, FunctionError> {
        let shelf = &self.0.shelf;
        let Some(function) = shelf.function(name)? else {
            return Ok(None);
        };
        let function = function.value;
        let configuration = match Version::parse(qualifier) {
            Some(Version::Latest) => Some(function.latest.clone()),
            Some(Version::Number(number)) => shelf.version(name, number)?,
            None => {
                let alias = shelf.alias(name, qualifier)?;
                return Ok(alias.map(|alias| Target::Alias(alias.into())));
            }
        };
        Ok(configuration.map(|configuration| {
            Target::Version(entry(&self.0.place, &function, &configuration).into())
        }))
    }
}

fn entry(place: &Place, function: &FunctionRecord, configuration: &Configuration) -> Entry {
    let settings = &configuration.settings;
    let name = configuration.name.as_str();
    let log_group = match &settings.log_group {
        Some(group) => group.clone(),
        None => format!("/aws/lambda/{name}"),
    };
    Entry {
        name: name.into(),
        version: configuration.version.to_string().into(),
        digest: configuration.code.digest.as_str().into(),
        limits: limits_of(settings.timeout_seconds, settings.memory_megabytes),
        memory_megabytes: settings.memory_megabytes,
        environment: environment(place, configuration, &log_group),
        log_group: log_group.into(),
        reserved: function.reserved,
    }
}

/// Lambda has no knob for fuel: there is so much of it that `Timeout` comes first.
fn limits_of(timeout_seconds: u32, memory_megabytes: u32) -> Limits {
    let for_timeout = u64::from(timeout_seconds).saturating_mul(FUEL_PER_SECOND);
    Limits {
        memory_bytes: u64::from(memory_megabytes).saturating_mul(1024 * 1024),
        timeout_ms: u64::from(timeout_seconds).saturating_mul(1_000),
        fuel: sandbox::limits::FUEL.max(for_timeout),
        ..Limits::default()
    }
}

/// The function's own variables, and those by which Lambda tells a function who it is.
fn environment(
    place: &Place,
    configuration: &Configuration,
    log_group: &str,
) -> Arc<[(String, String)]> {
    let memory = configuration.settings.memory_megabytes.to_string();
    let version = configuration.version.to_string();
    let known = [
        ("AWS_REGION", place.region.as_str()),
        ("AWS_LAMBDA_FUNCTION_NAME", &configuration.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", &version),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
        ("AWS_LAMBDA_LOG_GROUP_NAME", log_group),
    ];
    let known = known.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let own = configuration.settings.environment.iter();
    let own = own.flat_map(|environment| environment.0.clone());
    known.into_iter().chain(own).collect()
}

/// The version that an invocation of an alias runs.
fn drawn(alias: &Alias, draw: &str) -> Version {
    let Some((other, weight)) = alias.additional else {
        return alias.version;
    };
    let digest = Sha256::digest(draw.as_bytes());
    let number = digest
        .iter()
        .take(4)
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    if f64::from(number) / (f64::from(u32::MAX) + 1.0) < weight {
        other
    } else {
        alias.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(weight: f64) -> Alias {
        Alias {
            function: "pay".to_owned(),
            name: "live".to_owned(),
            version: Version::Number(1),
            description: String::new(),
            additional: Some((Version::Number(2), weight)),
            revision_id: String::new(),
        }
    }

    #[test]
    fn an_alias_sends_its_weight_to_the_other_version() {
        let others = |weight| {
            let alias = alias(weight);
            let versions = (0..10_000).map(|n| drawn(&alias, &format!("request-{n}")));
            versions
                .filter(|version| *version == Version::Number(2))
                .count()
        };
        assert_eq!((others(0.0), others(1.0)), (0, 10_000));
        assert!((2_850..3_150).contains(&others(0.3)), "{}", others(0.3));
    }

    #[test]
    fn the_same_invocation_gets_the_same_version_again() {
        let alias = alias(0.5);
        for n in 0..100 {
            let draw = n.to_string();
            assert_eq!(drawn(&alias, &draw), drawn(&alias, &draw));
        }
    }

    #[test]
    fn the_timeout_of_a_function_comes_before_the_end_of_its_fuel() {
        assert_eq!(limits_of(3, 128).fuel, sandbox::limits::FUEL);
        assert_eq!(limits_of(900, 128).fuel, 900 * FUEL_PER_SECOND);
    }
}
