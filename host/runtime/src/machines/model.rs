//! What is kept of a machine.

use std::sync::Arc;

use asl::StateMachine;
use engine::{Timestamp, Workflow};
use serde::{Deserialize, Serialize};

/// A machine: what is the same for all of its revisions, and which of them is current.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Tells machines apart that had the same name one after the other.
    pub id: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// STANDARD or EXPRESS.
    pub kind: Workflow,
    /// When it was made.
    pub creation_date: Timestamp,
    /// Whether it may be used.
    pub status: MachineStatus,
    /// The current revision.
    pub revision_id: Arc<str>,
    /// The version that the current revision was published as.
    pub revision_version: Option<u64>,
    /// The last number that a version got; numbers are not used again.
    pub last_version: u64,
    /// How many versions there are.
    pub versions: u64,
    /// How many aliases there are.
    pub aliases: u64,
    /// Whether a version was published as it was made: part of what a second request must repeat.
    pub published_at_creation: bool,
    /// The description of that version.
    pub version_description_at_creation: Option<String>,
}

/// Whether a machine may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachineStatus {
    /// It may.
    Active,
    /// It was deleted, and an execution of it still runs.
    Deleting,
}

impl MachineStatus {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            MachineStatus::Active => "ACTIVE",
            MachineStatus::Deleting => "DELETING",
        }
    }
}

/// One text of a machine with its settings. It never changes.
#[derive(Clone, Debug)]
pub struct Revision {
    /// See [`Machine::id`].
    pub machine_id: Arc<str>,
    /// ARN of the machine.
    pub machine_arn: Arc<str>,
    /// Name of the machine.
    pub machine_name: Arc<str>,
    /// Its id, never empty and never used again, not even by a later machine of the same name: what an
    /// execution is pinned to. Clients are shown [`Revision::shown_id`].
    pub revision_id: Arc<str>,
    /// Whether the machine was made with it.
    pub is_initial: bool,
    /// STANDARD or EXPRESS.
    pub kind: Workflow,
    /// The text, byte for byte as it was given.
    pub definition: Arc<str>,
    /// The same, parsed.
    pub machine: Arc<StateMachine>,
    /// The role; shown, not used.
    pub role_arn: Arc<str>,
    /// What is logged.
    pub logging: Logging,
    /// Whether X-Ray was asked for; shown, not used.
    pub tracing_enabled: bool,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// When it became current.
    pub update_date: Timestamp,
}

impl Revision {
    /// Its id as AWS shows it: the first revision of a machine has none.
    pub fn shown_id(&self) -> Option<&Arc<str>> {
        (!self.is_initial).then_some(&self.revision_id)
    }
}

/// A revision as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredRevision {
    pub(super) machine_id: Arc<str>,
    pub(super) machine_name: Arc<str>,
    pub(super) is_initial: bool,
    pub(super) kind: Workflow,
    pub(super) definition: Arc<str>,
    pub(super) role_arn: Arc<str>,
    pub(super) logging: Logging,
    pub(super) tracing_enabled: bool,
    pub(super) encryption: Encryption,
    pub(super) update_date: Timestamp,
}

impl StoredRevision {
    pub(super) fn of(revision: &Revision) -> StoredRevision {
        StoredRevision {
            machine_id: revision.machine_id.clone(),
            machine_name: revision.machine_name.clone(),
            is_initial: revision.is_initial,
            kind: revision.kind,
            definition: revision.definition.clone(),
            role_arn: revision.role_arn.clone(),
            logging: revision.logging.clone(),
            tracing_enabled: revision.tracing_enabled,
            encryption: revision.encryption,
            update_date: revision.update_date,
        }
    }

    pub(super) fn into_revision(
        self,
        machine_arn: &str,
        revision_id: &str,
        machine: StateMachine,
    ) -> Revision {
        Revision {
            machine_id: self.machine_id,
            machine_arn: machine_arn.into(),
            machine_name: self.machine_name,
            revision_id: revision_id.into(),
            is_initial: self.is_initial,
            kind: self.kind,
            definition: self.definition,
            machine: Arc::new(machine),
            role_arn: self.role_arn,
            logging: self.logging,
            tracing_enabled: self.tracing_enabled,
            encryption: self.encryption,
            update_date: self.update_date,
        }
    }
}

/// What is logged of the executions, and where to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logging {
    /// Which events.
    pub level: LogLevel,
    /// Whether with inputs and outputs.
    pub include_execution_data: bool,
    /// ARNs of log groups, as given; at most one.
    pub destinations: Vec<String>,
}

impl Logging {
    /// The name of the log group that events go to; `None`: nothing is logged.
    pub fn group(&self) -> Option<&str> {
        if self.level == LogLevel::Off {
            return None;
        }
        group_of(self.destinations.first()?)
    }
}

/// The name in `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`.
fn group_of(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(7, ':');
    let resource = (parts.nth(5)?, parts.next()?);
    match resource {
        ("log-group", rest) => Some(rest.strip_suffix(":*").unwrap_or(rest)),
        _ => None,
    }
}

/// Which events are logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogLevel {
    /// All of them.
    All,
    /// What went wrong anywhere.
    Error,
    /// That the execution failed.
    Fatal,
    /// None.
    #[default]
    Off,
}

impl LogLevel {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::All => "ALL",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
            LogLevel::Off => "OFF",
        }
    }
}

/// How definitions and histories are encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encryption {
    /// As the host encrypts its disk: there are no keys of customers.
    #[default]
    AwsOwnedKey,
}

impl Encryption {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Encryption::AwsOwnedKey => "AWS_OWNED_KEY",
        }
    }
}

/// A revision that was given a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1.
    pub number: u64,
    /// Which revision.
    pub revision_id: Arc<str>,
    /// What its publisher says of it.
    pub description: Option<String>,
    /// When it was published.
    pub creation_date: Timestamp,
}

/// A name for one version, or for two between which each start chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Its name.
    pub name: String,
    /// What its maker says of it.
    pub description: Option<String>,
    /// Where it leads; one or two, with weights that make 100.
    pub routes: Vec<Route>,
    /// When it was made.
    pub creation_date: Timestamp,
    /// When it was changed.
    pub update_date: Timestamp,
}

impl Alias {
    /// The version that a start with this seed gets.
    pub(super) fn choose(&self, seed: u64) -> Option<u64> {
        let mut point = seed % 100;
        for route in &self.routes {
            match point.checked_sub(u64::from(route.weight)) {
                None => return Some(route.version),
                Some(rest) => point = rest,
            }
        }
        None
    }
}

/// Where an alias leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The version.
    pub version: u64,
    /// How many of 100 starts.
    pub weight: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_sends_each_version_its_share_of_the_seeds() {
        let route = |version, weight| Route { version, weight };
        for (routes, shares) in [
            (vec![route(1, 100)], [100, 0]),
            (vec![route(1, 70), route(2, 30)], [70, 30]),
            (vec![route(1, 0), route(2, 100)], [0, 100]),
        ] {
            let alias = Alias {
                name: "PROD".into(),
                description: None,
                routes,
                creation_date: Timestamp(0),
                update_date: Timestamp(0),
            };
            let mut found = [0, 0];
            for seed in 1_000..1_100 {
                let version = alias.choose(seed).unwrap();
                found[usize::from(version == 2)] += 1;
            }
            assert_eq!(found, shares);
        }
    }

    #[test]
    fn events_go_to_the_group_that_the_arn_names_unless_the_level_is_off() {
        let logging = |level, arn: &str| Logging {
            level,
            include_execution_data: false,
            destinations: vec![arn.to_owned()],
        };
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/states/orders:*";
        assert_eq!(
            logging(LogLevel::All, arn).group(),
            Some("/aws/states/orders")
        );
        assert_eq!(logging(LogLevel::Off, arn).group(), None);
        assert_eq!(logging(LogLevel::All, "nonsense").group(), None);
    }
}
