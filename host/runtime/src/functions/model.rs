//! What is stored of a function. The types are the records: what is added later has a serde default.

use std::collections::BTreeMap;
use std::fmt;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A function by its name: `lambda.function`, under NAME. Whoever changes anything of a function writes
/// this record too, naming the revision that was read: so changes of one function follow one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionRecord {
    /// `$LATEST`.
    pub latest: Configuration,
    /// The version that was published last; 0: none was.
    pub published: u64,
    /// `$LATEST` differs from it.
    pub is_changed: bool,
    /// Reserved concurrency: the most that may run at once.
    pub reserved: Option<u32>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// One version of a function: `lambda.version`, under NAME:NUMBER, and `$LATEST` in its function's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// Name of the function.
    pub name: String,
    /// Which version.
    pub version: Version,
    /// How it runs.
    pub settings: Settings,
    /// What it runs.
    pub code: Code,
    /// When code or settings were changed.
    pub modified_at: Timestamp,
    /// Changes with every change.
    pub revision_id: String,
}

/// `$LATEST`, or a published one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    /// The one that can be changed.
    Latest,
    /// From 1 on.
    Number(u64),
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Version::Latest => f.write_str("$LATEST"),
            Version::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Version {
    /// Reads `$LATEST` or a number.
    pub fn parse(text: &str) -> Option<Version> {
        match text {
            "$LATEST" => Some(Version::Latest),
            digits => digits.parse().ok().map(Version::Number),
        }
    }
}

/// What a client says of how a function runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Kept and told, without meaning here.
    pub role: String,
    /// Kept and told: a component has one handler.
    pub handler: Option<String>,
    /// Kept and told.
    pub runtime: Option<String>,
    /// Text for people.
    pub description: String,
    /// Seconds until it is stopped.
    pub timeout_seconds: u32,
    /// MB of memory.
    pub memory_megabytes: u32,
    /// What the guest sees as its environment.
    pub environment: Option<Environment>,
    /// Kept and told: a component runs on any.
    pub architectures: Vec<String>,
    /// The log group; `None`: `/aws/lambda/NAME`.
    pub log_group: Option<String>,
    /// Further members, as the client gave them: kept and told, without meaning here.
    pub echoed: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            role: String::new(),
            handler: None,
            runtime: None,
            description: String::new(),
            timeout_seconds: 3,
            memory_megabytes: 128,
            environment: None,
            architectures: vec!["x86_64".to_owned()],
            log_group: None,
            echoed: Map::new(),
        }
    }
}

/// Variables; values may be secrets, so that only the names are ever printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment(pub BTreeMap<String, String>);

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The code of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// SHA-256 of what was uploaded, in base64.
    pub sha256: String,
    /// Bytes of what was uploaded.
    pub bytes: u64,
    /// SHA-256 of the component in hex: its key in `lambda.code`.
    pub digest: String,
}

/// How often a component is used, and how large it is: `lambda.code-use`, under its digest. The
/// component itself goes away with the last use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CodeUse {
    /// Versions that run it.
    pub(super) uses: u64,
    /// Its size.
    pub(super) bytes: u64,
}

/// A name for a version, or for two: `lambda.alias`, under FUNCTION:NAME.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// The function.
    pub function: String,
    /// The alias.
    pub name: String,
    /// What it means.
    pub version: Version,
    /// Text for people.
    pub description: String,
    /// Another version, and which part of the invocations it gets (0 to 1).
    pub additional: Option<(Version, f64)>,
    /// Changes with every change.
    pub revision_id: String,
}
