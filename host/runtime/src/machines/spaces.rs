//! Where the records of the catalogue are, and their keys.
//!
//! An ARN ends where the first `:` behind it begins: names hold none. So `ARN:` is a prefix of exactly
//! the records that belong to one machine.

use store::Space;

/// Machines, by ARN.
pub(super) const MACHINE: Space = "states.machine";
/// Revisions, by ARN and id.
pub(super) const REVISION: Space = "states.revision";
/// Versions, by ARN and number.
pub(super) const VERSION: Space = "states.version";
/// Aliases, by ARN and name.
pub(super) const ALIAS: Space = "states.alias";
/// The ARNs of machines that are being deleted.
pub(super) const DELETING: Space = "states.deleting";
/// Revisions that no new execution can have, by the time since when.
pub(super) const RETIRED: Space = "states.retired";

pub(super) fn revision_key(machine_arn: &str, revision_id: &str) -> String {
    format!("{machine_arn}:{revision_id}")
}

pub(super) fn version_key(machine_arn: &str, number: u64) -> String {
    format!("{machine_arn}:{number:020}")
}

pub(super) fn alias_key(machine_arn: &str, name: &str) -> String {
    format!("{machine_arn}:{name}")
}

/// The prefix of everything that belongs to one machine.
pub(super) fn prefix(machine_arn: &str) -> String {
    format!("{machine_arn}:")
}
