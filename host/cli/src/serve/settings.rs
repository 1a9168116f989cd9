//! How `stepwell serve` is told what to do: flags before environment before file before defaults.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use runtime::Place;
use serde::Deserialize;

use super::Args;
use crate::exit::Failure;
use crate::limits::FILE_BYTES_MAX;

/// The data folder of a server that is told of none.
pub(crate) const DATA_FOLDER: &str = ".stepwell";

/// Where a server listens that is told of no address.
const LISTEN: &str = "127.0.0.1:8085";

/// The file given with `--config`. Every member may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    listen: Option<String>,
    data_dir: Option<PathBuf>,
    region: Option<String>,
    account: Option<String>,
    auth: Option<AuthMode>,
    durability: Option<Durability>,
    guest_threads: Option<usize>,
    hosts: Vec<String>,
}

/// `auth`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum AuthMode {
    Required,
    Off,
}

/// `durability` (DESIGN D3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Durability {
    /// Sealed tasks run ahead of the commits; nothing is seen before it is durable.
    #[default]
    RunAhead,
    /// Every event is durable before the next one.
    EveryEvent,
}

/// What a server is told.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) data_folder: PathBuf,
    pub(crate) place: Place,
    pub(crate) auth: api::wire::Auth,
    pub(crate) durability: Durability,
    pub(crate) guest_threads: Option<usize>,
    pub(crate) hosts: Vec<String>,
}

impl Settings {
    /// Puts the parts together.
    ///
    /// # Errors
    /// What cannot be used, with the place where it stands.
    pub(crate) fn of(args: &Args) -> Result<Settings, Failure> {
        let file = match &args.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let listen = args.listen.clone().or(file.listen);
        let listen = listen.as_deref().unwrap_or(LISTEN);
        let defaults = Place::default();
        let place = Place {
            region: args
                .region
                .clone()
                .or(file.region)
                .unwrap_or(defaults.region),
            account: args
                .account
                .clone()
                .or(file.account)
                .unwrap_or(defaults.account),
            partition: defaults.partition,
        };
        check_place(&place)?;
        let is_off = args.no_auth || matches!(file.auth, Some(AuthMode::Off));
        Ok(Settings {
            listen: address(listen)?,
            data_folder: args
                .data_dir
                .clone()
                .or(file.data_dir)
                .unwrap_or_else(|| PathBuf::from(DATA_FOLDER)),
            place,
            auth: if is_off {
                api::wire::Auth::Off
            } else {
                api::wire::Auth::Required
            },
            durability: args.durability.or(file.durability).unwrap_or_default(),
            guest_threads: args.guest_threads.or(file.guest_threads),
            hosts: file.hosts,
        })
    }
}

fn read(path: &Path) -> Result<File, Failure> {
    let shown = path.display();
    let cannot =
        |error: std::io::Error| Failure::usage(format!("{shown}: cannot be read: {error}"));
    if std::fs::metadata(path).map_err(cannot)?.len() > FILE_BYTES_MAX {
        return Err(Failure::usage(format!(
            "{shown}: more than {FILE_BYTES_MAX} bytes is no configuration"
        )));
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    toml::from_str(&text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| {
            let (line, column) = place_of(&text, span.start);
            format!(":{line}:{column}")
        });
        Failure::usage(format!("{shown}{place}: {error}")).with_help(
            "listen, data-dir, region, account, auth, durability, guest-threads and hosts are known; \
             see docs/serve.md",
        )
    })
}

/// Line and column (characters), both from 1.
fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

fn address(text: &str) -> Result<SocketAddr, Failure> {
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| {
        Failure::usage(format!("{text} is no address to listen on"))
            .with_help("an address is IP:PORT, for example 127.0.0.1:8085 or [::1]:8085")
    })
}

fn check_place(place: &Place) -> Result<(), Failure> {
    if place.account.len() != 12 || !place.account.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = format!("the account {} is not made of 12 digits", place.account);
        return Err(Failure::usage(text));
    }
    let is_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if place.region.is_empty() || place.region.len() > 32 || !place.region.bytes().all(is_region) {
        let text = format!("{} is no region", place.region);
        return Err(Failure::usage(text).with_help("a region is named like us-east-1"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(config: Option<&str>, change: impl Fn(&mut Args)) -> Result<Settings, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let mut args = Args::default();
        if let Some(text) = config {
            let path = folder.path().join("stepwell.toml");
            std::fs::write(&path, text).unwrap();
            args.config = Some(path);
        }
        change(&mut args);
        Settings::of(&args)
    }

    #[test]
    fn nothing_needs_to_be_said() {
        let settings = settings(None, |_| {}).unwrap();
        assert_eq!(settings.listen.to_string(), LISTEN);
        assert_eq!(settings.data_folder, Path::new(DATA_FOLDER));
        assert_eq!(settings.auth, api::wire::Auth::Required);
        assert_eq!(settings.durability, Durability::RunAhead);
    }

    #[test]
    fn a_flag_counts_more_than_the_file() {
        let file =
            "listen = \"127.0.0.1:1\"\nregion = \"eu-west-1\"\ndurability = \"every-event\"\n";
        let settings = settings(Some(file), |args| {
            args.listen = Some(String::from("127.0.0.1:2"));
        })
        .unwrap();
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.place.region, "eu-west-1");
        assert_eq!(settings.durability, Durability::EveryEvent);
    }

    #[test]
    fn a_mistake_in_the_file_is_told_with_its_place() {
        let failure =
            settings(Some("region = \"eu-west-1\"\nlisten-on = 5\n"), |_| {}).unwrap_err();
        assert!(
            failure.text.contains("stepwell.toml:2:1: "),
            "{}",
            failure.text
        );
        assert!(failure.text.contains("listen-on"), "{}", failure.text);
    }

    #[test]
    fn an_address_an_account_and_a_region_are_checked() {
        for (change, part) in [
            ("listen = \"here\"", "here is no address"),
            ("account = \"12\"", "12 digits"),
            ("region = \"US EAST\"", "no region"),
        ] {
            let failure = settings(Some(change), |_| {}).unwrap_err();
            assert!(failure.text.contains(part), "{change}: {}", failure.text);
        }
    }
}
