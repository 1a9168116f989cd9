"""State machines, versions, aliases, tags, and the checking and testing of definitions."""

import json

from kit.poll import until
from kit.rig import FOR_EVER, OTHER, PASS, ROLE, arn, states

MACHINE = states("stateMachine", "orders")
EXPRESS = states("stateMachine", "quick")
NO_MACHINE = states("stateMachine", "nobody")
LABELLED = states("stateMachine", "orders/label")


def drive(client, rig):
    create(client)
    describe_and_list(client)
    update(client)
    versions(client)
    aliases(client)
    tags(client)
    validate(client)
    test_state(client, rig)
    limits(client)
    delete(client)


def create(client):
    made = client("states.CreateStateMachine", name="orders", definition=PASS, roleArn=ROLE,
                  tags=[{"key": "team", "value": "shop"}])
    client.want("the ARN", made["stateMachineArn"] == MACHINE, made)
    client.want("no version", "stateMachineVersionArn" not in made, made)
    again = client("states.CreateStateMachine", name="orders", definition=PASS, roleArn=ROLE)
    client.want("create is idempotent", again == made, again)
    client("states.CreateStateMachine", name="quick", definition=PASS, roleArn=ROLE, type="EXPRESS")
    for code, change in [
        ("StateMachineAlreadyExists", {"definition": OTHER}),
        ("InvalidName", {"name": "no good"}),
        ("InvalidArn", {"roleArn": "nobody"}),
        ("InvalidDefinition", {"definition": "{}"}),
        ("InvalidLoggingConfiguration", {"loggingConfiguration": {"level": "ALL"}}),
        ("InvalidEncryptionConfiguration",
         {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/mine"}}),
        ("ValidationException", {"versionDescription": "first"}),
        ("ValidationException", {"type": "SLOW"}),
        ("ValidationException", {"name": "n" * 81}),
        ("TooManyTags", {"name": "tagged", "tags": [{"key": f"k{n}", "value": ""} for n in range(51)]}),
    ]:
        members = {"name": "orders", "definition": PASS, "roleArn": ROLE} | change
        client.refused(code, "states.CreateStateMachine", **members)


def describe_and_list(client):
    shown = client("states.DescribeStateMachine", stateMachineArn=MACHINE)
    for member, value in {
        "name": "orders", "status": "ACTIVE", "definition": PASS, "roleArn": ROLE, "type": "STANDARD",
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": {"enabled": False}, "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    }.items():
        client.want(f"DescribeStateMachine: {member}", shown.get(member) == value, shown.get(member))
    client.refused("InvalidArn", "states.DescribeStateMachine", stateMachineArn="nobody",
                   containing="Invalid ARN prefix: nobody")
    client.refused("StateMachineDoesNotExist", "states.DescribeStateMachine", stateMachineArn=NO_MACHINE)
    listed = client("states.ListStateMachines")
    names = [one["name"] for one in listed["stateMachines"]]
    client.want("both are listed", names == ["orders", "quick"], names)
    page = client("states.ListStateMachines", maxResults=1)
    client.want("a page has one", len(page["stateMachines"]) == 1 and page.get("nextToken"), page)
    page = client("states.ListStateMachines", maxResults=1, nextToken=page["nextToken"])
    client.want("the next page has the other", [one["name"] for one in page["stateMachines"]] == ["quick"], page)
    client.refused("InvalidToken", "states.ListStateMachines", nextToken="nonsense")
    client.refused("ValidationException", "states.ListStateMachines", maxResults=1001,
                   containing="Value '1001' at 'maxResults' failed to satisfy constraint: "
                   "Member must have value less than or equal to 1000")


def update(client):
    first = client("states.UpdateStateMachine", stateMachineArn=MACHINE, definition=OTHER)
    same = client("states.UpdateStateMachine", stateMachineArn=MACHINE, definition=OTHER)
    client.want("the same again is the same revision", first["revisionId"] == same["revisionId"], same)
    for code, change in [
        ("InvalidArn", {"stateMachineArn": "nobody"}),
        ("InvalidArn", {"roleArn": "nobody"}),
        ("StateMachineDoesNotExist", {"stateMachineArn": NO_MACHINE}),
        ("InvalidDefinition", {"definition": "[]"}),
        ("InvalidLoggingConfiguration", {"loggingConfiguration": {"level": "ERROR"}}),
        ("InvalidEncryptionConfiguration",
         {"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/mine"}}),
        ("ValidationException", {"stateMachineArn": LABELLED}),
        ("ValidationException", {"versionDescription": "unpublished"}),
    ]:
        client.refused(code, "states.UpdateStateMachine",
                       **({"stateMachineArn": MACHINE, "definition": PASS} | change))
    client.refused("MissingRequiredParameter", "states.UpdateStateMachine", stateMachineArn=MACHINE)


def versions(client):
    published = client("states.PublishStateMachineVersion", stateMachineArn=MACHINE, description="first")
    client.want("the first version", published["stateMachineVersionArn"] == f"{MACHINE}:1", published)
    client("states.UpdateStateMachine", stateMachineArn=MACHINE, definition=PASS, publish=True)
    listed = client("states.ListStateMachineVersions", stateMachineArn=MACHINE)
    arns = [one["stateMachineVersionArn"] for one in listed["stateMachineVersions"]]
    client.want("newest first", arns == [f"{MACHINE}:2", f"{MACHINE}:1"], arns)
    page = client("states.ListStateMachineVersions", stateMachineArn=MACHINE, maxResults=1)
    page = client("states.ListStateMachineVersions", stateMachineArn=MACHINE, maxResults=1,
                  nextToken=page["nextToken"])
    client.want("the second page", len(page["stateMachineVersions"]) == 1 and not page.get("nextToken"), page)
    shown = client("states.DescribeStateMachine", stateMachineArn=f"{MACHINE}:1")
    client.want("a version keeps its definition", shown["definition"] == OTHER, shown)
    client.want("a version has its description", shown.get("description") == "first", shown)
    what = "states.PublishStateMachineVersion"
    client.refused("ConflictException", what, stateMachineArn=MACHINE, revisionId="another")
    client.refused("InvalidArn", what, stateMachineArn="nobody")
    client.refused("StateMachineDoesNotExist", what, stateMachineArn=NO_MACHINE)
    client.refused("ValidationException", what, stateMachineArn=MACHINE, description="d" * 257)
    what = "states.ListStateMachineVersions"
    client.refused("InvalidArn", what, stateMachineArn="nobody")
    client.refused("InvalidToken", what, stateMachineArn=MACHINE, nextToken="nonsense")
    client.refused("ValidationException", what, stateMachineArn=MACHINE, maxResults=1001)


def route(version, weight=100, of=MACHINE):
    return {"stateMachineVersionArn": f"{of}:{version}", "weight": weight}


def aliases(client):
    made = client("states.CreateStateMachineAlias", name="live", routingConfiguration=[route(1)],
                  description="what customers use")
    alias = made["stateMachineAliasArn"]
    client.want("the ARN of an alias", alias == f"{MACHINE}:live", made)
    what = "states.CreateStateMachineAlias"
    for code, members in [
        ("ConflictException", {"name": "live", "routingConfiguration": [route(2)]}),
        ("ValidationException", {"name": "no good", "routingConfiguration": [route(1)]}),
        ("InvalidArn", {"name": "a", "routingConfiguration": [
            {"stateMachineVersionArn": "nobody", "weight": 100}]}),
        ("ResourceNotFound", {"name": "a", "routingConfiguration": [route(99)]}),
        ("ValidationException", {"name": "a", "routingConfiguration": [route(1, 70), route(2, 29)]}),
    ]:
        client.refused(code, what, **members)
    shown = client("states.DescribeStateMachineAlias", stateMachineAliasArn=alias)
    client.want("the routes", shown["routingConfiguration"] == [route(1)], shown)
    client.refused("InvalidArn", "states.DescribeStateMachineAlias", stateMachineAliasArn="nobody")
    client.refused("ResourceNotFound", "states.DescribeStateMachineAlias", stateMachineAliasArn=f"{MACHINE}:none")
    client.refused("ValidationException", "states.DescribeStateMachineAlias",
                   stateMachineAliasArn="arn:" + "n" * 300)
    what = "states.UpdateStateMachineAlias"
    client(what, stateMachineAliasArn=alias, routingConfiguration=[route(1, 20), route(2, 80)])
    client.refused("InvalidArn", what, stateMachineAliasArn="nobody", description="x")
    client.refused("ResourceNotFound", what, stateMachineAliasArn=f"{MACHINE}:none", description="x")
    client.refused("ValidationException", what, stateMachineAliasArn=alias,
                   routingConfiguration=[route(1), route(1, 0)])
    what = "states.ListStateMachineAliases"
    listed = client(what, stateMachineArn=MACHINE)
    client.want("the alias is listed", len(listed["stateMachineAliases"]) == 1, listed)
    client.refused("InvalidArn", what, stateMachineArn="nobody")
    client.refused("InvalidToken", what, stateMachineArn=MACHINE, nextToken="nonsense")
    client.refused("StateMachineDoesNotExist", what, stateMachineArn=NO_MACHINE)
    client.refused("ConflictException", "states.DeleteStateMachineVersion", stateMachineVersionArn=f"{MACHINE}:1",
                   containing="[live]")
    client.refused("InvalidArn", "states.DeleteStateMachineAlias", stateMachineAliasArn="nobody")
    client.refused("ValidationException", "states.DeleteStateMachineAlias",
                   stateMachineAliasArn="arn:" + "n" * 300)
    client("states.DeleteStateMachineAlias", stateMachineAliasArn=alias)
    client.refused("ResourceNotFound", "states.DescribeStateMachineAlias", stateMachineAliasArn=alias)
    what = "states.DeleteStateMachineVersion"
    client(what, stateMachineVersionArn=f"{MACHINE}:1")
    client.refused("InvalidArn", what, stateMachineVersionArn="nobody")
    client.refused("ValidationException", what, stateMachineVersionArn="arn:" + "n" * 2000)


def tags(client):
    client("states.TagResource", resourceArn=MACHINE, tags=[{"key": "stage", "value": "test"}])
    client("states.UntagResource", resourceArn=MACHINE, tagKeys=["team"])
    listed = client("states.ListTagsForResource", resourceArn=MACHINE)
    client.want("one tag", listed["tags"] == [{"key": "stage", "value": "test"}], listed)
    for what, more in [("TagResource", {"tags": [{"key": "k", "value": "v"}]}),
                       ("UntagResource", {"tagKeys": ["k"]}), ("ListTagsForResource", {})]:
        client.refused("InvalidArn", f"states.{what}", resourceArn="nobody", **more)
        client.refused("ResourceNotFound", f"states.{what}", resourceArn=NO_MACHINE, **more)
    client.refused("TooManyTags", "states.TagResource", resourceArn=MACHINE,
                   tags=[{"key": f"k{n}", "value": ""} for n in range(50)])


def validate(client):
    what = "states.ValidateStateMachineDefinition"
    good = client(what, definition=PASS)
    client.want("a good definition", good["result"] == "OK" and good["diagnostics"] == [], good)
    bad = client(what, definition='{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}')
    codes = [one["code"] for one in bad["diagnostics"]]
    client.want("a bad definition", bad["result"] == "FAIL" and "MISSING_TRANSITION_TARGET" in codes, bad)
    client.refused("ValidationException", what, definition=PASS, type="SLOW")


def test_state(client, rig):
    what = "states.TestState"
    state = json.dumps({"Type": "Pass", "Result": {"a": 1}, "ResultPath": "$.b", "Next": "Further"})
    tested = client(what, definition=state, input='{"c": 2}', inspectionLevel="DEBUG")
    client.want("a state runs on its own", tested["status"] == "SUCCEEDED" and tested["nextState"] == "Further",
                tested)
    client.want("with its output", json.loads(tested["output"]) == {"b": {"a": 1}, "c": 2}, tested)
    client.want("and a look inside", "inspectionData" in tested, tested)
    task = json.dumps({"Type": "Task", "Resource": arn("lambda", "function:nobody"), "End": True,
                       "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 7}]})
    tested = client(what, definition=task, mock={"errorOutput": {"error": "Busy", "cause": "mocked"}})
    client.want("a mocked error is tried again", tested["status"] == "RETRIABLE", tested)
    for code, members in [
        ("InvalidDefinition", {"definition": "{}"}),
        ("InvalidArn", {"definition": task, "roleArn": "nobody"}),
        ("InvalidExecutionInput", {"definition": state, "input": "{"}),
        ("ValidationException", {"definition": state, "inspectionLevel": "DEEP"}),
    ]:
        client.refused(code, what, **members)


def limits(client):
    """A machine that is deleted while it runs, and what it refuses then."""
    name, machine = "going", states("stateMachine", "going")
    client("states.CreateStateMachine", name=name, definition=FOR_EVER, roleArn=ROLE, publish=True)
    alias = client("states.CreateStateMachineAlias", name="live", routingConfiguration=[route(1, of=machine)])
    running = client("states.StartExecution", stateMachineArn=machine, name="one")["executionArn"]
    client("states.DeleteStateMachine", stateMachineArn=machine)
    shown = client("states.DescribeStateMachine", stateMachineArn=machine)
    client.want("it is being deleted", shown["status"] == "DELETING", shown)
    deleting = "StateMachineDeleting"
    client.refused(deleting, "states.CreateStateMachine", name=name, definition=FOR_EVER, roleArn=ROLE)
    client.refused(deleting, "states.UpdateStateMachine", stateMachineArn=machine, definition=PASS)
    client.refused(deleting, "states.PublishStateMachineVersion", stateMachineArn=machine)
    client.refused(deleting, "states.StartExecution", stateMachineArn=machine)
    client.refused(deleting, "states.ListStateMachineAliases", stateMachineArn=machine)
    client.refused(deleting, "states.CreateStateMachineAlias", name="b",
                   routingConfiguration=[route(1, of=machine)])
    client.refused(deleting, "states.UpdateStateMachineAlias",
                   stateMachineAliasArn=alias["stateMachineAliasArn"], description="x")
    client("states.StopExecution", executionArn=running)

    def is_gone():
        listed = client("states.ListStateMachines")
        return name not in [one["name"] for one in listed["stateMachines"]]
    until(is_gone, "a machine whose last execution is over is gone", seconds=30)


def delete(client):
    client("states.DeleteStateMachine", stateMachineArn=MACHINE)
    client("states.DeleteStateMachine", stateMachineArn=EXPRESS)
    client("states.DeleteStateMachine", stateMachineArn=NO_MACHINE)
    client.refused("InvalidArn", "states.DeleteStateMachine", stateMachineArn="nobody")
    client.refused("ValidationException", "states.DeleteStateMachine", stateMachineArn=LABELLED)
    listed = client("states.ListStateMachines")
    client.want("nothing is left", listed["stateMachines"] == [], listed)


