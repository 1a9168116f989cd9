//! Drives a stepwell server with the AWS SDK for Rust: each operation with a success and with the errors
//! that the SDK has types for.
//!
//! Where the server is and who asks comes from the environment, as AWS's clients have it:
//! `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`. `READER_ACCESS_KEY_ID` and
//! `READER_SECRET_ACCESS_KEY` are a key that may list, and validate definitions, and nothing else. The first
//! argument is a folder with the components `echo.wasm`, `flaky.wasm`, `spin.wasm` and `wants-network.wasm`.
//! The server has to be a new one: names are taken as if nobody had used them. With `--whole-poll` the
//! minute is waited for that a poll of an activity without tasks takes.
//!
//! Each check is one line: `ok SERVICE OPERATION what`, or `FAILED`. Exits with 1 if one has failed.

mod access;
mod checks;
mod connect;
mod lambda;
mod sqs;
mod states;

use std::path::PathBuf;
use std::process::ExitCode;

use checks::Report;
use connect::Server;

#[tokio::main]
async fn main() -> ExitCode {
    let mut folder = None;
    let mut whole_poll = false;
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--whole-poll") => whole_poll = true,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let server = Server::from_environment();
    let reader = connect::key("READER_ACCESS_KEY_ID", "READER_SECRET_ACCESS_KEY");
    let (Some(folder), Some(server), Some(reader)) = (folder, server, reader) else {
        eprintln!(
            "usage: AWS_ENDPOINT_URL=… AWS_REGION=… AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… \
             READER_ACCESS_KEY_ID=… READER_SECRET_ACCESS_KEY=… \
             stepwell-client-rust FOLDER [--whole-poll]"
        );
        return ExitCode::from(2);
    };
    let report = Report::default();
    let [states, lambda, sqs] = ["states", "lambda", "sqs"].map(|name| report.of(name));
    tokio::join!(
        states::run(&server, &states, whole_poll),
        lambda::run(&server, &lambda, &folder),
        sqs::run(&server, &sqs),
        access::run(&server, reader, [&states, &lambda, &sqs]),
    );
    report.end()
}
