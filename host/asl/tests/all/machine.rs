//! What a good definition compiles to.

use asl::{
    Items, Number, PathField, Payload, Resource, ResultPath, ScopeId, StateKind, Transition,
    WaitUntil, graph,
};
use serde_json::json;

use crate::{good, state};

const ORDER: &str = r#"
Comment: Checks an order
StartAt: Validate
TimeoutSeconds: 600
States:
  Validate:
    Type: Task
    Resource: arn:aws:lambda:us-east-1:123:function:validate-order
    InputPath: $.order
    OutputPath: null
    Parameters: {id.$: $.id}
    ResultPath: $.valid
    TimeoutSecondsPath: $.limit
    HeartbeatSeconds: 5
    Retry:
      - ErrorEquals: [Lambda.ServiceException]
        IntervalSeconds: 2
        BackoffRate: 1.5
        MaxDelaySeconds: 60
        JitterStrategy: FULL
      - {ErrorEquals: [States.ALL], MaxAttempts: 0}
    Catch:
      - {ErrorEquals: [InvalidOrder], Next: Failed, ResultPath: null}
    Next: Checks
  Checks:
    Type: Parallel
    Branches:
      - StartAt: Stock
        States:
          Stock: {Type: Pass, Result: {n: 1}, Next: Count}
          Count: {Type: Wait, Seconds: 3, End: true}
      - StartAt: Fraud
        States:
          Fraud: {Type: Wait, Timestamp: "1970-01-01T00:00:01Z", End: true}
    Next: Items
  Items:
    Type: Map
    ItemsPath: $.items
    MaxConcurrency: 2
    ItemSelector: {item.$: $$.Map.Item.Value}
    ItemProcessor:
      ProcessorConfig: {Mode: INLINE}
      StartAt: Price
      States:
        Price: {Type: Succeed}
    Next: Large?
  Large?:
    Type: Choice
    Choices:
      - {Variable: $.total, NumericGreaterThan: 100, Next: Failed, Assign: {large: true}}
    Default: Done
  Failed: {Type: Fail, ErrorPath: $.error, Cause: no good}
  Done: {Type: Succeed}
"#;

#[test]
fn scopes_and_states_are_numbered_and_linked() {
    let machine = good(ORDER);
    assert_eq!(machine.timeout_seconds, Some(600));
    assert_eq!(machine.scopes.len(), 4);
    for (index, state) in machine.states.iter().enumerate() {
        assert_eq!(state.id.0 as usize, index);
        assert!(
            machine
                .scope(state.scope)
                .unwrap()
                .states
                .contains(&state.id)
        );
    }
    let top = machine.scope(ScopeId::TOP).unwrap();
    let names: Vec<&str> = top
        .states
        .iter()
        .map(|id| &*machine.state(*id).unwrap().name)
        .collect();
    assert_eq!(
        names,
        ["Validate", "Checks", "Items", "Large?", "Failed", "Done"]
    );
    assert_eq!(
        (top.owner, top.start_at),
        (None, state(&machine, "Validate").id)
    );

    let checks = state(&machine, "Checks");
    let branches = graph::scopes_within(checks);
    assert_eq!(branches.len(), 2);
    let first = machine.scope(branches[0]).unwrap();
    assert_eq!(first.owner, Some(checks.id));
    assert_eq!(first.start_at, state(&machine, "Stock").id);
    assert_eq!(
        graph::successors(state(&machine, "Stock")),
        [state(&machine, "Count").id]
    );
}

#[test]
fn a_task_has_its_fields_and_their_defaults() {
    let machine = good(ORDER);
    let validate = state(&machine, "Validate");
    let StateKind::Task(task) = &validate.kind else {
        panic!("no Task")
    };
    assert!(
        matches!(&task.resource, Resource::Function { name, .. } if &**name == "validate-order")
    );
    assert!(matches!(&task.timeout_seconds, Some(Number::Path(path)) if path.text() == "$.limit"));
    assert!(matches!(task.heartbeat_seconds, Some(Number::Literal(5))));
    assert!(matches!(&validate.input_path, PathField::Path(path) if path.text() == "$.order"));
    assert!(matches!(validate.output_path, PathField::Discard));
    assert!(matches!(&task.flow.result_path, ResultPath::Insert(path) if path.text() == "$.valid"));
    let Some(Payload::JsonPath(parameters)) = &task.flow.parameters else {
        panic!("no Parameters")
    };
    assert_eq!(parameters.source(), &json!({"id.$": "$.id"}));

    let [first, last] = &task.flow.retry[..] else {
        panic!("two retriers")
    };
    assert_eq!(
        (
            first.interval_seconds,
            first.max_attempts,
            first.backoff_rate
        ),
        (2, 3, 1.5)
    );
    assert_eq!(
        (first.max_delay_seconds, first.full_jitter),
        (Some(60), true)
    );
    assert_eq!(
        (last.interval_seconds, last.max_attempts, last.backoff_rate),
        (1, 0, 2.0)
    );
    assert_eq!((last.max_delay_seconds, last.full_jitter), (None, false));

    let catcher = &task.flow.catch[0];
    assert_eq!(catcher.next, state(&machine, "Failed").id);
    assert!(matches!(catcher.result_path, ResultPath::Discard));
    assert_eq!(
        task.flow.transition,
        Transition::Next(state(&machine, "Checks").id)
    );
}

#[test]
fn the_other_types_have_their_fields() {
    let machine = good(ORDER);
    let StateKind::Pass(pass) = &state(&machine, "Stock").kind else {
        panic!("no Pass")
    };
    assert_eq!(pass.result.as_deref(), Some(&json!({"n": 1})));
    let StateKind::Wait(wait) = &state(&machine, "Fraud").kind else {
        panic!("no Wait")
    };
    assert!(matches!(wait.until, WaitUntil::Timestamp(1_000_000)));
    assert_eq!(wait.transition, Transition::End);
    let StateKind::Map(map) = &state(&machine, "Items").kind else {
        panic!("no Map")
    };
    assert!(matches!(map.max_concurrency, Number::Literal(2)));
    assert!(matches!(&map.items, Items::Path(path) if path.text() == "$.items"));
    let StateKind::Choice(choice) = &state(&machine, "Large?").kind else {
        panic!("no Choice")
    };
    assert_eq!(choice.default, Some(state(&machine, "Done").id));
    assert!(choice.rules[0].assign.is_some());
}

#[test]
fn the_graph_knows_what_follows_and_what_is_reached() {
    let machine = good(ORDER);
    let id = |name: &str| state(&machine, name).id;
    assert_eq!(
        graph::successors(state(&machine, "Validate")),
        [id("Checks"), id("Failed")]
    );
    assert_eq!(
        graph::successors(state(&machine, "Large?")),
        [id("Failed"), id("Done")]
    );
    assert!(graph::successors(state(&machine, "Done")).is_empty());
    assert!(
        graph::reachable(&machine)
            .into_iter()
            .all(|reached| reached)
    );
}

#[test]
fn json_and_yaml_say_the_same() {
    let yaml = source::parse(ORDER, source::Format::Yaml)
        .unwrap()
        .to_value();
    let machine = good(&yaml.to_string());
    assert_eq!(format!("{machine:?}"), format!("{:?}", good(ORDER)));
}

#[test]
fn nesting_is_bounded_on_both_sides_of_the_limit() {
    let nested = |levels: usize| {
        let mut inner = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
        for level in 0..levels {
            let name = format!("P{level}");
            inner = json!({"StartAt": name, "States": {name: {"Type": "Parallel", "Branches": [inner], "End": true}}});
        }
        asl::parse(&inner.to_string(), source::Format::Json)
    };
    assert!(nested(asl::limits::SCOPE_DEPTH_MAX).machine.is_some());
    let beyond = nested(asl::limits::SCOPE_DEPTH_MAX + 1);
    assert!(
        beyond
            .diagnostics
            .iter()
            .any(|found| found.code == asl::code::TOO_DEEPLY_NESTED)
    );
}

#[test]
fn names_are_bounded_on_both_sides_of_the_limit() {
    let named = |length: usize| {
        let name = "é".repeat(length);
        let text = json!({"StartAt": name, "States": {name: {"Type": "Succeed"}}}).to_string();
        asl::parse(&text, source::Format::Json)
    };
    assert!(named(80).machine.is_some());
    assert_eq!(named(81).diagnostics[0].code, asl::code::INVALID_STATE_NAME);
    assert_eq!(named(0).diagnostics[0].code, asl::code::INVALID_STATE_NAME);
}
