//! AWS's own clients against the server: boto3 and the aws CLI drive every operation, with keys and
//! signatures checked. The suites are Python, in `tests/clients`; `tests/setup` puts the clients where these
//! tests look for them.

mod clients {
    pub mod rig;
}

use clients::rig::Rig;
use stepwell_tests::built::operations;

/// Operations that never succeed here. Each is driven to its error.
const NEVER_SUCCEED: [(&str, &str); 3] = [
    // No execution has map runs before there are Distributed Maps.
    ("states", "DescribeMapRun"),
    ("states", "UpdateMapRun"),
    // Functions have no policies of their own.
    ("lambda", "GetPolicy"),
];

/// Runs a suite and gives what it drove: client, service, operation, outcome.
fn drive(suite: &str) -> Vec<[String; 4]> {
    let rig = Rig::new();
    let driven = rig.folder().join("driven.json");
    rig.run(&[
        suite,
        "--driven",
        &driven.display().to_string(),
        "--errors",
        &Rig::repository()
            .join("docs/compatibility/errors.md")
            .display()
            .to_string(),
    ]);
    let text = std::fs::read_to_string(driven).unwrap();
    serde_json::from_str::<Vec<[String; 4]>>(&text).unwrap()
}

/// Each operation of the tables succeeded, but for those that cannot, which failed.
fn check_all_driven(client: &str, driven: &[[String; 4]]) {
    let was = |service: &str, operation: &str, is_success: bool| {
        driven.iter().any(|[by, of, what, outcome]| {
            by == client && of == service && what == operation && (outcome == "ok") == is_success
        })
    };
    let missing: Vec<String> = operations()
        .into_iter()
        .filter(|(service, operation)| {
            let never = NEVER_SUCCEED.contains(&(service, operation));
            !was(service, operation, !never)
        })
        .map(|(service, operation)| format!("{service}:{operation}"))
        .collect();
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "{client} does not drive these"
    );
}

#[test]
fn boto3_drives_every_operation_and_every_error() {
    check_all_driven("boto3", &drive("boto3"));
}

#[test]
fn the_aws_cli_drives_every_operation() {
    check_all_driven("aws", &drive("aws"));
}

#[test]
fn nothing_that_was_acknowledged_is_lost_by_a_restart_between_any_two_calls() {
    Rig::new().run(&["restarts"]);
}

#[test]
fn terraform_sees_no_difference_after_what_it_did() {
    Rig::new().run(&["terraform"]);
}

#[test]
fn the_commands_of_the_readme_work_as_typed() {
    Rig::new().run(&["readme"]);
}
