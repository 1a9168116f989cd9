//! What a good template says once it is read: values, defaults and which of two settings wins.

use source::{Format, Severity};
use template::{Definition, Function, Kind, Parsed, Template};

fn parse(text: &str) -> Parsed {
    template::parse(text, Format::Yaml)
}

/// The template, which has to be without any finding.
fn clean(text: &str) -> Template {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, []);
    parsed.template.unwrap()
}

/// The one function of a template with these lines under `Properties`, `Metadata` and `Globals`.
fn function(properties: &str, metadata: &str, globals: &str) -> Function {
    let indent = |text: &str, by: usize| -> String {
        text.lines()
            .map(|line| format!("{:by$}{line}\n", ""))
            .collect()
    };
    let text = format!(
        "Transform: AWS::Serverless-2016-10-31\nGlobals:\n{}Resources:\n  Charge:\n    Type: AWS::Serverless::Function\n    \
         Properties:\n{}    Metadata:\n{}",
        indent(globals, 2),
        indent(properties, 6),
        indent(metadata, 6),
    );
    let mut template = clean(&text);
    assert_eq!(template.functions.len(), 1);
    template.functions.remove(0)
}

#[test]
fn what_is_not_written_has_the_default_of_sam() {
    let charge = function("CodeUri: tasks/charge", "", "");
    assert_eq!(charge.logical_id, "Charge");
    assert_eq!(charge.name, "Charge");
    assert_eq!(charge.code_uri, "tasks/charge");
    assert_eq!(charge.memory_mb, 128);
    assert_eq!(charge.timeout_ms, 3_000);
    assert_eq!(charge.fuel, None);
    assert!(charge.grants.is_empty());
    assert!(!charge.idempotent);
}

#[test]
fn what_is_written_is_read() {
    let charge = function(
        "FunctionName: process-payment\nCodeUri: ../tasks/charge\nMemorySize: 10240\nTimeout: 900",
        "Stepwell:\n  Fuel: 18446744073709551615\n  Grants: [http, clock]\n  Idempotent: true\nBuildMethod: rust-cargolambda",
        "",
    );
    assert_eq!(charge.name, "process-payment");
    assert_eq!(charge.code_uri, "../tasks/charge");
    assert_eq!(charge.memory_mb, 10_240);
    assert_eq!(charge.timeout_ms, 900_000);
    assert_eq!(charge.fuel, Some(u64::MAX));
    assert_eq!(charge.grants, ["http", "clock"]);
    assert!(charge.idempotent);
}

#[test]
fn metadata_wins_over_properties_and_properties_over_globals() {
    let globals = "Function:\n  CodeUri: tasks/all\n  MemorySize: 512\n  Timeout: 60\n  Runtime: provided.al2023";
    let limits = |properties: &str, metadata: &str| {
        let charge = function(properties, metadata, globals);
        (charge.code_uri, charge.memory_mb, charge.timeout_ms)
    };
    assert_eq!(limits("", ""), ("tasks/all".into(), 512, 60_000));
    assert_eq!(
        limits("CodeUri: tasks/charge\nMemorySize: 256\nTimeout: 5", ""),
        ("tasks/charge".into(), 256, 5_000)
    );
    assert_eq!(
        limits(
            "MemorySize: 256\nTimeout: 5",
            "Stepwell:\n  MemoryMegabytes: 16\n  TimeoutMillis: 250"
        ),
        ("tasks/all".into(), 16, 250)
    );
}

#[test]
fn a_quoted_number_counts_as_it_does_for_cloudformation() {
    let charge = function("CodeUri: tasks/charge\nTimeout: \"30\"", "", "");
    assert_eq!(charge.timeout_ms, 30_000);
}

#[test]
fn a_state_machine_has_a_file_or_an_inline_definition() {
    let template = clean(
        "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: definition.asl.json
  Quick:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: quick-one
      Type: EXPRESS
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
",
    );
    let orders = template.state_machine("Orders").unwrap();
    assert_eq!(orders.kind, Kind::Standard);
    assert!(matches!(&orders.definition, Definition::Uri(uri) if uri == "definition.asl.json"));
    let quick = template.state_machine("quick-one").unwrap();
    assert_eq!(quick.logical_id, "Quick");
    assert_eq!(quick.kind, Kind::Express);
    let Definition::Inline { value, .. } = &quick.definition else {
        panic!("not inline");
    };
    assert_eq!(
        *value,
        serde_json::json!({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    );
}

#[test]
fn resources_of_other_services_are_warned_of_and_left_out() {
    let parsed = parse(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: Always
    Properties: {QueueName: !Ref Name}
  Charge:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: tasks/charge, Role: !GetAtt Role.Arn, Policies: [!Ref Policy]}
",
    );
    let severities: Vec<Severity> = parsed.diagnostics.iter().map(|d| d.severity).collect();
    assert_eq!(severities, [Severity::Warning]);
    assert!(parsed.template.unwrap().function("Charge").is_some());
}

#[test]
fn an_error_anywhere_means_no_template() {
    for text in [
        "",
        "[]",
        "just words",
        "Resources:",
        "Resources: []",
        "Resources: {Charge: {}}",
        "Resources: {Charge: {Type: AWS::Serverless::Function}}",
        "Resources: {Charge: {Type: 7}}",
        "Resources: !Transform {Name: AWS::Include}",
        "{Description: nothing else}",
    ] {
        let parsed = parse(text);
        let is_refused = parsed
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        assert_eq!(parsed.template.is_none(), is_refused, "{text}");
    }
    assert!(parse("").template.is_none());
    assert!(parse("Resources: {Charge: {Type: 7}}").template.is_none());
}

#[test]
fn no_text_makes_it_panic() {
    let whole = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Timeout: 5}}\nResources:\n  A:\n    Type: AWS::Serverless::Function\n    \
                 Properties: {CodeUri: x, MemorySize: 1}\n    Metadata: {Stepwell: {Grants: [a, a], Fuel: -1}}\n  é:\n    Type: AWS::Serverless::StateMachine\n    \
                 Properties: {Definition: {A: !Ref B}, DefinitionUri: x}\n";
    let borders: Vec<usize> = whole.char_indices().map(|(offset, _)| offset).collect();
    for &cut in &borders {
        for text in [&whole[..cut], &whole[cut..]] {
            let parsed = parse(text);
            let _ = source::render("template.yaml", text, &parsed.diagnostics, false);
        }
    }
}
