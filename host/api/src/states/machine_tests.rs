//! The operations on machines, versions, aliases and tags as clients call them: input in, answer out.

use std::sync::Arc;

use runtime::Services;
use serde_json::{Value, json};

use super::SERVICE;
use crate::error::ApiError;
use crate::test_services;

const PASS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const ORDERS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

async fn call(services: &Arc<Services>, name: &str, input: Value) -> Result<Value, ApiError> {
    test_services::call(services, SERVICE.operations, name, input).await
}

/// Code and message of a refusal.
async fn refused(services: &Arc<Services>, name: &str, input: Value) -> (&'static str, String) {
    let error = call(services, name, input).await.unwrap_err();
    (error.code, error.message)
}

fn orders() -> Value {
    json!({ "name": "orders", "definition": PASS, "roleArn": ROLE })
}

/// The input with these members in it, or in the place of others.
fn with(mut input: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

async fn create(services: &Arc<Services>, more: Value) -> Value {
    let input = with(orders(), more);
    call(services, "CreateStateMachine", input).await.unwrap()
}

fn text(comment: &str) -> String {
    PASS.replacen('{', &format!(r#"{{"Comment": "{comment}", "#), 1)
}

#[tokio::test]
async fn what_is_described_is_what_was_given_and_the_defaults_of_the_rest() {
    let services = test_services();
    let created = create(&services, json!({})).await;
    assert_eq!(created["stateMachineArn"], ORDERS);
    assert_eq!(created.as_object().unwrap().len(), 2);
    let input = json!({ "stateMachineArn": ORDERS });
    let mut described = call(&services, "DescribeStateMachine", input)
        .await
        .unwrap();
    assert_eq!(described["creationDate"], created["creationDate"]);
    described.as_object_mut().unwrap().remove("creationDate");
    let expected = json!({
        "stateMachineArn": ORDERS,
        "name": "orders",
        "status": "ACTIVE",
        "definition": PASS,
        "roleArn": ROLE,
        "type": "STANDARD",
        "loggingConfiguration": { "level": "OFF", "includeExecutionData": false },
        "tracingConfiguration": { "enabled": false },
        "encryptionConfiguration": { "type": "AWS_OWNED_KEY" },
    });
    assert_eq!(described, expected);
    let input = json!({ "stateMachineArn": ORDERS, "includedData": "METADATA_ONLY" });
    let described = call(&services, "DescribeStateMachine", input)
        .await
        .unwrap();
    assert_eq!(described["definition"], "{}");
}

/// What Terraform's `aws_sfn_state_machine` calls and compares.
#[tokio::test]
async fn every_setting_is_shown_as_it_was_given() {
    let services = test_services();
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/states/orders:*";
    let settings = json!({
        "type": "EXPRESS",
        "loggingConfiguration": {
            "level": "ALL",
            "includeExecutionData": true,
            "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": group } }],
        },
        "tracingConfiguration": { "enabled": true },
        "encryptionConfiguration": { "type": "AWS_OWNED_KEY" },
        "tags": [{ "key": "team", "value": "a" }],
        "publish": true,
        "versionDescription": "first",
    });
    let created = create(&services, settings.clone()).await;
    assert_eq!(created["stateMachineVersionArn"], format!("{ORDERS}:1"));
    let input = json!({ "stateMachineArn": ORDERS });
    let described = call(&services, "DescribeStateMachine", input.clone()).await;
    let described = described.unwrap();
    for member in [
        "type",
        "loggingConfiguration",
        "tracingConfiguration",
        "encryptionConfiguration",
    ] {
        assert_eq!(described[member], settings[member], "{member}");
    }
    let versions = call(&services, "ListStateMachineVersions", input)
        .await
        .unwrap();
    let version = &versions["stateMachineVersions"][0];
    assert_eq!(version["stateMachineVersionArn"], format!("{ORDERS}:1"));
    let input = json!({ "resourceArn": ORDERS });
    let tags = call(&services, "ListTagsForResource", input).await.unwrap();
    assert_eq!(tags["tags"], settings["tags"]);
    let input = json!({ "stateMachineArn": format!("{ORDERS}:1") });
    let version = call(&services, "DescribeStateMachine", input)
        .await
        .unwrap();
    assert_eq!(version["description"], "first");
    assert_eq!(version["stateMachineArn"], format!("{ORDERS}:1"));
    let input = json!({ "stateMachineArn": ORDERS });
    let deleted = call(&services, "DeleteStateMachine", input.clone()).await;
    assert_eq!(deleted, Ok(json!({})));
    let gone = refused(&services, "DescribeStateMachine", input).await;
    let message = format!("State Machine Does Not Exist: '{ORDERS}'");
    assert_eq!(gone, ("StateMachineDoesNotExist", message));
}

#[tokio::test]
async fn a_machine_is_not_made_of_what_is_wrong() {
    let services = test_services();
    let no_destination = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
    let group =
        json!({ "cloudWatchLogsLogGroup": { "logGroupArn": "arn:aws:logs:r:1:log-group:g:*" } });
    for (more, code, message) in [
        (
            json!({ "name": "a#b" }),
            "InvalidName",
            "Invalid Name: 'a#b'",
        ),
        (
            json!({ "name": "x".repeat(81) }),
            "ValidationException",
            "Member must have length less than or equal to 80",
        ),
        (
            json!({ "name": null }),
            "ValidationException",
            "Value null at 'name'",
        ),
        (
            json!({ "roleArn": "nobody" }),
            "InvalidArn",
            "Invalid Role Arn: 'nobody'",
        ),
        (
            json!({ "type": "FAST" }),
            "ValidationException",
            "Value 'FAST' at 'type' failed to satisfy constraint",
        ),
        (
            json!({ "definition": "{}" }),
            "InvalidDefinition",
            "Invalid State Machine Definition: '",
        ),
        (
            json!({ "definition": " ".repeat(1_048_577) }),
            "ValidationException",
            "Member must have length less than or equal to 1048576",
        ),
        (
            json!({ "versionDescription": "v" }),
            "ValidationException",
            "Version description can only be set when publish is true",
        ),
        (
            json!({ "loggingConfiguration": { "level": "ALL" } }),
            "InvalidLoggingConfiguration",
            no_destination,
        ),
        (
            json!({ "loggingConfiguration": { "destinations": [group, group] } }),
            "InvalidLoggingConfiguration",
            no_destination,
        ),
        (
            json!({ "encryptionConfiguration": { "type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k" } }),
            "InvalidEncryptionConfiguration",
            "KMS",
        ),
        (
            json!({ "encryptionConfiguration": {} }),
            "ValidationException",
            "Value null at 'encryptionConfiguration.type'",
        ),
        (
            json!({ "tags": [{ "key": "aws:x", "value": "" }] }),
            "ValidationException",
            "reserved",
        ),
        (json!({ "tags": "x" }), "SerializationException", "tags"),
        (
            json!({ "publish": "yes" }),
            "SerializationException",
            "publish",
        ),
    ] {
        let error = refused(
            &services,
            "CreateStateMachine",
            with(orders(), more.clone()),
        )
        .await;
        assert_eq!(error.0, code, "{error:?}");
        assert!(error.1.contains(message), "{error:?}");
    }
    let list = call(&services, "ListStateMachines", json!({}))
        .await
        .unwrap();
    assert_eq!(list["stateMachines"], json!([]), "nothing was half made");
}

#[tokio::test]
async fn a_level_that_logs_nothing_needs_no_destination() {
    let services = test_services();
    create(&services, json!({ "loggingConfiguration": {} })).await;
    let input = json!({ "stateMachineArn": ORDERS });
    let described = call(&services, "DescribeStateMachine", input)
        .await
        .unwrap();
    let expected = json!({ "level": "OFF", "includeExecutionData": false });
    assert_eq!(described["loggingConfiguration"], expected);
}

#[tokio::test]
async fn an_update_shows_its_revision_and_one_of_nothing_is_refused() {
    let services = test_services();
    create(&services, json!({})).await;
    let update = |more: Value| {
        let input = with(json!({ "stateMachineArn": ORDERS }), more);
        let services = services.clone();
        async move { call(&services, "UpdateStateMachine", input).await }
    };
    let same = update(json!({ "definition": PASS, "publish": true }))
        .await
        .unwrap();
    assert_eq!(same.get("revisionId"), None);
    assert_eq!(same["stateMachineVersionArn"], format!("{ORDERS}:1"));
    let changed = update(json!({ "definition": text("two") })).await.unwrap();
    assert!(changed["revisionId"].is_string());
    assert_eq!(changed.get("stateMachineVersionArn"), None);
    let input = json!({ "stateMachineArn": ORDERS });
    let described = call(&services, "DescribeStateMachine", input)
        .await
        .unwrap();
    assert_eq!(described["revisionId"], changed["revisionId"]);
    let nothing = update(json!({})).await.unwrap_err();
    assert_eq!(nothing.code, "MissingRequiredParameter");
    for suffix in [":1", ":2", ":PROD", "x"] {
        let arn = format!("{ORDERS}{suffix}");
        let input = json!({ "stateMachineArn": arn, "definition": text("three") });
        let error = refused(&services, "UpdateStateMachine", input).await;
        let message = format!("State Machine Does Not Exist: '{arn}'");
        assert_eq!(error, ("StateMachineDoesNotExist", message));
    }
    let input = json!({ "stateMachineArn": format!("{ORDERS}/Each"), "definition": PASS });
    let error = call(&services, "UpdateStateMachine", input)
        .await
        .unwrap_err();
    assert_eq!(error.code, "ValidationException");
    assert_eq!(error.more["reason"], "API_DOES_NOT_SUPPORT_LABELED_ARNS");
}

#[tokio::test]
async fn arns_of_other_things_are_refused() {
    let services = test_services();
    let execution = "arn:aws:states:us-east-1:123456789012:execution:orders:one";
    for (operation, member, arn, message) in [
        (
            "DescribeStateMachine",
            "stateMachineArn",
            "not_a_valid_arn",
            "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
        ),
        (
            "DescribeStateMachine",
            "stateMachineArn",
            execution,
            "Invalid Arn: 'Resource type not valid in this context: execution'",
        ),
        (
            "DescribeStateMachineForExecution",
            "executionArn",
            ORDERS,
            "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
        ),
        (
            "ListTagsForResource",
            "resourceArn",
            "nonsense",
            "Invalid Arn: 'Invalid ARN prefix: nonsense'",
        ),
    ] {
        let mut input = json!({});
        input[member] = arn.into();
        let error = refused(&services, operation, input).await;
        assert_eq!(error, ("InvalidArn", message.to_owned()), "{operation}");
    }
    let input = json!({ "executionArn": execution });
    let error = refused(&services, "DescribeStateMachineForExecution", input).await;
    assert_eq!(error.0, "ExecutionDoesNotExist");
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let services = test_services();
    for name in ["a", "b", "c"] {
        create(&services, json!({ "name": name })).await;
    }
    let input = json!({ "maxResults": 2 });
    let first = call(&services, "ListStateMachines", input).await.unwrap();
    let token = first["nextToken"].clone();
    let input = json!({ "maxResults": 2, "nextToken": token });
    let second = call(&services, "ListStateMachines", input).await.unwrap();
    let names = |page: &Value| -> Vec<Value> {
        let items = page["stateMachines"].as_array().unwrap();
        items.iter().map(|item| item["name"].clone()).collect()
    };
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(
        (names(&second), second.get("nextToken")),
        (vec![json!("c")], None)
    );
    let input = json!({ "stateMachineArn": services.machines.arn("a"), "nextToken": token });
    let error = refused(&services, "ListStateMachineVersions", input).await;
    let expected = ("InvalidToken", "Invalid Token: 'Invalid token'".to_owned());
    assert_eq!(error, expected, "a token of another list");
}

#[tokio::test]
async fn a_routing_configuration_has_one_or_two_versions_whose_weights_make_100() {
    let services = test_services();
    create(&services, json!({ "publish": true })).await;
    let input = json!({ "stateMachineArn": ORDERS, "definition": text("two"), "publish": true });
    call(&services, "UpdateStateMachine", input).await.unwrap();
    let [one, two] = ["1", "2"].map(|version| format!("{ORDERS}:{version}"));
    let route = |arn: &str, weight: i64| json!({ "stateMachineVersionArn": arn, "weight": weight });
    for (routes, code, message) in [
        (
            vec![route(&one, 50), route(&two, 30), route(&two, 20)],
            "ValidationException",
            format!(
                "1 validation error detected: Value '[RoutingConfigurationListItem(\
                 stateMachineVersionArn={one}, weight=50), RoutingConfigurationListItem(\
                 stateMachineVersionArn={two}, weight=30), RoutingConfigurationListItem(\
                 stateMachineVersionArn={two}, weight=20)]' at 'routingConfiguration' failed to \
                 satisfy constraint: Member must have length less than or equal to 2"
            ),
        ),
        (
            vec![route(&one, 50), route(&one, 50)],
            "ValidationException",
            format!(
                "Routing configuration must contain distinct state machine version ARNs. \
                 Received: [{one}, {one}]"
            ),
        ),
        (
            vec![route(ORDERS, 70), route(&two, 30)],
            "ValidationException",
            format!(
                "Routing configuration must contain state machine version ARNs. Received: \
                 [{ORDERS}, {two}]"
            ),
        ),
        (
            vec![route(&one, 101)],
            "ValidationException",
            "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' \
             failed to satisfy constraint: Member must have value less than or equal to 100"
                .to_owned(),
        ),
        (
            vec![route(&one, 70), route(&two, 29)],
            "ValidationException",
            "Sum of routing configuration weights must equal 100. Received: [70, 29]".to_owned(),
        ),
        (
            vec![route(&one, 70), route(&two, 31)],
            "ValidationException",
            "Sum of routing configuration weights must equal 100. Received: [70, 31]".to_owned(),
        ),
        (
            vec![route(&format!("{ORDERS}:3"), 100)],
            "ResourceNotFound",
            "Request references a resource that does not exist.".to_owned(),
        ),
    ] {
        let input = json!({ "name": "PROD", "routingConfiguration": routes });
        let error = refused(&services, "CreateStateMachineAlias", input).await;
        assert_eq!(error, (code, message));
    }
    let input = json!({ "stateMachineArn": ORDERS });
    let list = call(&services, "ListStateMachineAliases", input).await;
    assert_eq!(list, Ok(json!({ "stateMachineAliases": [] })));
}

#[tokio::test]
async fn an_alias_is_made_changed_listed_and_deleted() {
    let services = test_services();
    create(&services, json!({ "publish": true })).await;
    let version = format!("{ORDERS}:1");
    let routes = json!([{ "stateMachineVersionArn": version, "weight": 100 }]);
    let make = |more: Value| {
        let input = json!({ "name": "PROD", "description": "d", "routingConfiguration": routes });
        let (services, input) = (services.clone(), with(input, more));
        async move { call(&services, "CreateStateMachineAlias", input).await }
    };
    let made = make(json!({})).await.unwrap();
    assert_eq!(make(json!({})).await.as_ref(), Ok(&made), "the same again");
    let arn = format!("{ORDERS}:PROD");
    assert_eq!(made["stateMachineAliasArn"], arn);
    let other = make(json!({ "description": "other" })).await.unwrap_err();
    assert_eq!((other.code, other.status), ("ConflictException", 409));
    let number = make(json!({ "name": "7" })).await.unwrap_err();
    assert_eq!(number.code, "ValidationException");

    let alias = json!({ "stateMachineAliasArn": arn });
    let input = with(alias.clone(), json!({ "description": "new" }));
    let updated = call(&services, "UpdateStateMachineAlias", input)
        .await
        .unwrap();
    let described = call(&services, "DescribeStateMachineAlias", alias.clone()).await;
    let expected = json!({
        "stateMachineAliasArn": arn,
        "name": "PROD",
        "routingConfiguration": routes,
        "creationDate": made["creationDate"],
        "updateDate": updated["updateDate"],
        "description": "new",
    });
    assert_eq!(described, Ok(expected));
    let nothing = refused(&services, "UpdateStateMachineAlias", alias.clone()).await;
    assert_eq!(nothing.0, "ValidationException");

    for (of, count) in [(ORDERS, 1), (&*version, 1)] {
        let input = json!({ "stateMachineArn": of });
        let list = call(&services, "ListStateMachineAliases", input)
            .await
            .unwrap();
        assert_eq!(list["stateMachineAliases"].as_array().unwrap().len(), count);
    }
    let input = json!({ "stateMachineVersionArn": version });
    let used = refused(&services, "DeleteStateMachineVersion", input.clone()).await;
    let message = "Version to be deleted must not be referenced by an alias. Current list of \
                   aliases referencing this version: [PROD]";
    assert_eq!(used, ("ConflictException", message.to_owned()));
    for _ in 0..2 {
        let deleted = call(&services, "DeleteStateMachineAlias", alias.clone()).await;
        assert_eq!(deleted, Ok(json!({})));
    }
    let gone = refused(&services, "DescribeStateMachineAlias", alias).await;
    let message = "Request references a resource that does not exist.".to_owned();
    assert_eq!(gone, ("ResourceNotFound", message));
    for _ in 0..2 {
        let deleted = call(&services, "DeleteStateMachineVersion", input.clone()).await;
        assert_eq!(deleted, Ok(json!({})));
    }
}

#[tokio::test]
async fn tags_are_on_machines_and_not_on_their_versions() {
    let services = test_services();
    create(&services, json!({ "publish": true })).await;
    let tag = |key: &str| json!({ "key": key, "value": "v" });
    let input = json!({ "resourceArn": ORDERS, "tags": [tag("a"), tag("a"), tag("b")] });
    let tagged = call(&services, "TagResource", input).await;
    assert_eq!(tagged, Ok(json!({})));
    let input = json!({ "resourceArn": ORDERS, "tagKeys": ["a", "a", "z"] });
    let untagged = call(&services, "UntagResource", input).await;
    assert_eq!(untagged, Ok(json!({})));
    let input = json!({ "resourceArn": ORDERS });
    let list = call(&services, "ListTagsForResource", input).await;
    assert_eq!(list, Ok(json!({ "tags": [tag("b")] })));

    let version = format!("{ORDERS}:1");
    let none = ORDERS.replace("orders", "none");
    let activity = "arn:aws:states:us-east-1:123456789012:activity:none";
    for arn in [&*version, &none, activity] {
        let input = json!({ "resourceArn": arn, "tags": [tag("a")] });
        let error = call(&services, "TagResource", input).await.unwrap_err();
        assert_eq!(error.code, "ResourceNotFound", "{arn}");
        assert_eq!(error.more["resourceName"], arn);
    }
    let tags: Vec<Value> = (0..50).map(|number| tag(&number.to_string())).collect();
    let input = json!({ "resourceArn": ORDERS, "tags": tags });
    let error = refused(&services, "TagResource", input).await;
    assert_eq!(error.0, "TooManyTags", "with the one that is there: 51");
}

#[tokio::test]
async fn only_what_is_current_is_published_by_its_id() {
    let services = test_services();
    create(&services, json!({})).await;
    let publish = |id: &'static str| {
        let input = json!({ "stateMachineArn": ORDERS, "revisionId": id, "description": "d" });
        let services = services.clone();
        async move { call(&services, "PublishStateMachineVersion", input).await }
    };
    let refused = publish("other").await.unwrap_err();
    assert_eq!((refused.code, refused.status), ("ConflictException", 409));
    let message = "Failed to publish the State Machine version for revision other. The current \
                   State Machine revision is INITIAL.";
    assert_eq!(refused.message, message);
    let published = publish("INITIAL").await.unwrap();
    assert_eq!(published["stateMachineVersionArn"], format!("{ORDERS}:1"));
    assert_eq!(publish("INITIAL").await, Ok(published));
}

#[tokio::test]
async fn deleting_by_the_arn_of_a_version_deletes_nothing() {
    let services = test_services();
    create(&services, json!({ "publish": true })).await;
    let input = json!({ "stateMachineArn": format!("{ORDERS}:1") });
    let error = refused(&services, "DeleteStateMachine", input).await;
    assert_eq!(error.0, "ValidationException");
    let input = json!({ "stateMachineArn": ORDERS });
    assert!(call(&services, "DescribeStateMachine", input).await.is_ok());
    let input = json!({ "stateMachineArn": format!("{ORDERS}-none") });
    let deleted = call(&services, "DeleteStateMachine", input).await;
    assert_eq!(deleted, Ok(json!({})), "there is none");
}
