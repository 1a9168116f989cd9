//! The AWS SDK for Rust against the server, with keys and signatures checked. The client is a workspace of
//! its own, `tests/clients/rust`: its dependencies are many and nobody else needs them.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use stepwell_tests::built::{build_folder, operations, stepwell};

/// Tasks that the client uploads.
const TASKS: [&str; 4] = ["echo", "flaky", "spin", "wants-network"];

/// The services that the client knows.
const SERVICES: [&str; 3] = ["states", "lambda", "sqs"];

/// Operations that never succeed here. Each is driven to its error.
const NEVER_SUCCEED: [(&str, &str); 3] = [
    // No execution has map runs before there are Distributed Maps.
    ("states", "DescribeMapRun"),
    ("states", "UpdateMapRun"),
    // Functions have no policies of their own.
    ("lambda", "GetPolicy"),
];

#[test]
fn the_rust_sdk_drives_every_operation() {
    let client = client();
    let folder = tempfile::tempdir().unwrap();
    let components = folder.path().join("components");
    std::fs::create_dir(&components).unwrap();
    for (task, component) in TASKS.iter().zip(stepwell_tests::components(&TASKS)) {
        std::fs::write(components.join(format!("{task}.wasm")), component).unwrap();
    }
    let server = Server::start(folder.path().join("data"));
    let [id, secret] = server.first_key();
    let [reader_id, reader_secret] = server.reader_key();
    let output = Command::new(client)
        .arg(&components)
        .env("AWS_ENDPOINT_URL", &server.url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("READER_ACCESS_KEY_ID", reader_id)
        .env("READER_SECRET_ACCESS_KEY", reader_secret)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}\n{said}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(not_driven(&said), Vec::<String>::new());
}

/// The operations of the tables without a line of a success, or of an error where there can be no success.
fn not_driven(said: &str) -> Vec<String> {
    let mut succeeded = BTreeSet::new();
    let mut driven = BTreeSet::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let ["ok", service, operation, what @ ..] = words.as_slice() else {
            continue;
        };
        driven.insert((*service, *operation));
        if *what == ["success"] {
            succeeded.insert((*service, *operation));
        }
    }
    operations()
        .into_iter()
        .filter(|(service, _)| SERVICES.contains(service))
        .filter(|operation| match NEVER_SUCCEED.contains(operation) {
            true => !driven.contains(operation) || succeeded.contains(operation),
            false => !succeeded.contains(operation),
        })
        .map(|(service, operation)| format!("{service}:{operation}"))
        .collect()
}

/// A server on a new data folder. It ends with the test.
struct Server {
    data_folder: PathBuf,
    process: Child,
    url: String,
}

impl Server {
    fn start(data_folder: PathBuf) -> Server {
        let mut process = Command::new(stepwell())
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data_folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = BufReader::new(process.stderr.take().unwrap());
        let mut first = String::new();
        banner.read_line(&mut first).unwrap();
        let url = first
            .split(' ')
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("the server does not start: {first}"));
        let url = url.to_owned();
        // A pipe that nobody reads would stop it some day.
        std::thread::spawn(move || banner.read_to_end(&mut Vec::new()));
        Server {
            data_folder,
            process,
            url,
        }
    }

    /// The key that a new data folder begins with; it may do everything.
    fn first_key(&self) -> [String; 2] {
        key(&std::fs::read_to_string(self.data_folder.join("credentials")).unwrap())
    }

    /// A key that may list, and validate definitions.
    fn reader_key(&self) -> [String; 2] {
        let mut create = Command::new(stepwell());
        create.args(["keys", "create", "--data-dir"]);
        create.arg(&self.data_folder);
        for action in [
            "states:List*",
            "states:ValidateStateMachineDefinition",
            "lambda:List*",
            "sqs:List*",
        ] {
            create.args(["--allow", action]);
        }
        let created = create.output().unwrap();
        assert!(created.status.success(), "{created:?}");
        key(&String::from_utf8(created.stdout).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Id and secret, in the form of `~/.aws/credentials`.
fn key(text: &str) -> [String; 2] {
    ["aws_access_key_id = ", "aws_secret_access_key = "].map(|name| {
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        value.unwrap().to_owned()
    })
}

/// The client. `tests/setup` has built it; then this is quick and needs no network.
fn client() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/rust/Cargo.toml");
    let target = build_folder().parent().unwrap().join("clients-rust");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--quiet", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "the client does not build; `tests/setup` fetches what it needs\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join("debug/stepwell-client-rust")
}
