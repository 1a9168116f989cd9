//! `stepwell serve` as people run it.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot do without may end it"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::TempDir;

fn stepwell(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepwell"));
    command
        .arg("serve")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    for name in ["DATA_DIR", "LISTEN", "CONFIG", "REGION", "ACCOUNT"] {
        command.env_remove(format!("STEPWELL_{name}"));
    }
    command
}

/// What a server that refuses to start says, and its exit code.
fn refused(folder: &Path, args: &[&str]) -> (String, i32) {
    let output = stepwell(folder, args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (said, output.status.code().unwrap())
}

/// A server that is ready. It is killed if a test does not stop it.
struct Server {
    process: Child,
    stderr: BufReader<ChildStderr>,
    /// Everything that it said when it was ready.
    banner: String,
    address: String,
}

impl Server {
    fn start(folder: &Path, args: &[&str]) -> Server {
        let mut process = stepwell(folder, args)
            .args(["--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut banner = String::new();
        // Its last line but one says how requests are signed.
        while !banner.contains("AWS_ACCESS_KEY_ID") && !banner.contains("CREDENTIALS_FILE") {
            assert_ne!(stderr.read_line(&mut banner).unwrap(), 0, "{banner}");
        }
        let address = banner.split("http://").nth(1).unwrap();
        let address = address.split_whitespace().next().unwrap().to_owned();
        Server {
            process,
            stderr,
            banner,
            address,
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal; gives the exit code and what it said at last.
    fn stop(mut self, signal: &str) -> (i32, String) {
        let id = self.process.id().to_string();
        let killed = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(killed.success());
        let code = self.process.wait().unwrap().code().unwrap_or(-1);
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn without_arguments_it_makes_a_folder_and_says_how_to_get_there() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &[]);
    let data = folder.path().join(".stepwell");
    let banner = &server.banner;
    for part in [
        &format!("export AWS_ENDPOINT_URL=http://{}", server.address),
        "export AWS_DISABLE_HOST_PREFIX_INJECTION=true",
        "export AWS_DEFAULT_REGION=us-east-1",
        &format!("CREDENTIALS_FILE={}/credentials", data.display()),
    ] {
        assert!(banner.contains(part), "{part}: {banner}");
    }
    assert!(server.get("/health").ends_with("ok"));
    let credentials = std::fs::read_to_string(data.join("credentials")).unwrap();
    let secret = credentials
        .split("aws_secret_access_key = ")
        .nth(1)
        .unwrap();
    assert!(!banner.contains(secret.trim()));
}

#[test]
fn it_stops_when_it_is_told_to_and_the_next_one_takes_the_folder() {
    let folder = TempDir::new().unwrap();
    for signal in ["-TERM", "-INT"] {
        let (code, said) = Server::start(folder.path(), &["--no-auth"]).stop(signal);
        assert_eq!(code, 0, "{signal}: {said}");
        assert!(
            said.contains("everything that was answered is kept"),
            "{said}"
        );
        let log = folder.path().join(".stepwell/stepwell.db-wal");
        let left_bytes = log.metadata().map_or(0, |file| file.len());
        assert_eq!(left_bytes, 0, "everything is in the one file");
    }
}

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &["--no-auth"]);
    let (said, code) = refused(folder.path(), &["--no-auth", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 7, "{said}");
    let owner = format!("is in use by process {}", server.process.id());
    assert!(said.contains(&owner), "{said}");
    assert!(server.get("/health").ends_with("ok"));
}

#[test]
fn an_address_that_others_reach_needs_authentication() {
    let folder = TempDir::new().unwrap();
    let (said, code) = refused(folder.path(), &["--no-auth", "--listen", "0.0.0.0:0"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("without authentication only loopback"),
        "{said}"
    );
    assert!(said.contains("help: leave --no-auth out"), "{said}");
}

#[test]
fn an_address_that_is_taken_is_told() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &["--no-auth"]);
    let other = TempDir::new().unwrap();
    let (said, code) = refused(other.path(), &["--no-auth", "--listen", &server.address]);
    assert_eq!(code, 7, "{said}");
    let cannot = format!("cannot listen on {}", server.address);
    assert!(said.contains(&cannot), "{said}");
}

#[test]
fn a_configuration_that_cannot_be_used_is_told_with_its_place() {
    let folder = TempDir::new().unwrap();
    std::fs::write(
        folder.path().join("s.toml"),
        "region = \"eu-west-1\"\nport = 5\n",
    )
    .unwrap();
    let (said, code) = refused(folder.path(), &["--config", "s.toml"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("s.toml:2:1: "), "{said}");
    assert!(!folder.path().join(".stepwell").exists());
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(
        data.join("stepwell.db"),
        "a diary, not a database, and long enough",
    )
    .unwrap();
    let (said, code) = refused(folder.path(), &["--no-auth", "--data-dir", "data"]);
    assert_eq!(code, 7, "{said}");
    assert!(said.contains("stepwell.db"), "{said}");
    let kept = std::fs::read_to_string(data.join("stepwell.db")).unwrap();
    assert!(kept.starts_with("a diary"));
}
