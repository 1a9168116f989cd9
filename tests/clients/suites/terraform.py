"""The calls of Terraform's `aws_sfn_state_machine` on plan, create, read, update and delete, as its provider makes
them: whatever it sets it has to read again, or each plan would want to change something."""

import json

from kit.client import Refused
from kit.poll import until
from kit.rig import ROLE, arn, machine, states

LOG_GROUP = arn("logs", "log-group:/shop/orders:*")
OTHER_ROLE = ROLE + "-2"
FIRST = {
    "definition": machine({"Type": "Pass"}, Comment="managed"),
    "roleArn": ROLE,
    "loggingConfiguration": {"level": "ERROR", "includeExecutionData": True,
                             "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": LOG_GROUP}}]},
    "tracingConfiguration": {"enabled": True},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}
PLAIN = {
    "definition": machine({"Type": "Succeed"}),
    "roleArn": ROLE,
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}


def compare(make_rig, notes):
    with make_rig() as (_, client):
        for kind in ("STANDARD", "EXPRESS"):
            for publish in (False, True):
                life(client, kind, publish)


def life(client, kind, publish):
    name = f"{kind.lower()}-{publish}".lower()
    wanted = FIRST
    plan(client, wanted, kind)
    made = create(client, name, wanted, kind, publish)
    check(client, made, name, wanted, kind, {"team": "shop", "Name": name})
    for change in [
        {"definition": machine({"Type": "Pass", "Result": {"a": [1, 2.5, "ü"]}})},
        {"roleArn": OTHER_ROLE},
        {"loggingConfiguration": PLAIN["loggingConfiguration"]},
        {"tracingConfiguration": {"enabled": False}},
        PLAIN,
        FIRST,
    ]:
        wanted = wanted | change
        plan(client, wanted, kind)
        update(client, made, wanted, publish)
        check(client, made, name, wanted, kind, {"team": "shop", "Name": name})
    # Tags are changed by calls of their own.
    client("states.UntagResource", resourceArn=made, tagKeys=["team"])
    client("states.TagResource", resourceArn=made, tags=[{"key": "stage", "value": "test"}])
    check(client, made, name, wanted, kind, {"stage": "test", "Name": name})
    imported = read(client, made)
    client.want("an import reads what was made", imported["arn"] == made, imported)
    delete(client, made)


def plan(client, wanted, kind):
    said = client("states.ValidateStateMachineDefinition", definition=wanted["definition"], type=kind)
    client.want("the plan is valid", said["result"] == "OK", said)


def create(client, name, wanted, kind, publish):
    """Tried again while a role is not known yet or the machine of before is being deleted."""
    tags = [{"key": "team", "value": "shop"}, {"key": "Name", "value": name}]

    def look():
        try:
            return client("states.CreateStateMachine", name=name, type=kind, publish=publish, tags=tags, **wanted)
        except Refused as refused:
            if refused.code in ("StateMachineDeleting", "AccessDeniedException"):
                return None
            raise
    return until(look, "the machine is created")["stateMachineArn"]


def read(client, machine_arn):
    """What goes into Terraform's state."""
    shown = client("states.DescribeStateMachine", stateMachineArn=machine_arn)
    versions = client("states.ListStateMachineVersions", stateMachineArn=machine_arn, maxResults=1)
    tags = client("states.ListTagsForResource", resourceArn=machine_arn)
    logging = dict(shown["loggingConfiguration"])
    return {
        "arn": shown["stateMachineArn"], "name": shown["name"], "type": shown["type"], "status": shown["status"],
        "definition": shown["definition"], "roleArn": shown["roleArn"], "loggingConfiguration": logging,
        "tracingConfiguration": shown["tracingConfiguration"],
        "encryptionConfiguration": shown["encryptionConfiguration"],
        "has revision": bool(shown.get("revisionId")), "has creation date": bool(shown.get("creationDate")),
        "versions": [one["stateMachineVersionArn"] for one in versions["stateMachineVersions"]],
        "tags": {one["key"]: one["value"] for one in tags["tags"]},
    }


def check(client, machine_arn, name, wanted, kind, tags):
    found = read(client, machine_arn)
    client.want("definition", json.loads(found["definition"]) == json.loads(wanted["definition"]), found)
    for attribute, value in {
        "arn": states("stateMachine", name), "name": name, "type": kind, "status": "ACTIVE", "tags": tags,
        "has creation date": True,
        **{member: value for member, value in wanted.items() if member != "definition"},
    }.items():
        client.want(f"{name}: no difference in {attribute}", found[attribute] == value,
                    f"{found[attribute]} is not {value}")
    client.want(f"{name}: read twice is the same", read(client, machine_arn) == found)


def update(client, machine_arn, wanted, publish):
    """An update, and then a look until the machine is as it was asked to be."""
    client("states.UpdateStateMachine", stateMachineArn=machine_arn, publish=publish, **wanted)

    def is_there():
        shown = client("states.DescribeStateMachine", stateMachineArn=machine_arn)
        return (json.loads(shown["definition"]) == json.loads(wanted["definition"])
                and all(shown[member] == wanted[member] for member in wanted if member != "definition"))
    until(is_there, "the update is seen", seconds=10)


def delete(client, machine_arn):
    client("states.DeleteStateMachine", stateMachineArn=machine_arn)

    def is_gone():
        try:
            shown = client("states.DescribeStateMachine", stateMachineArn=machine_arn)
        except Refused as refused:
            return refused.code == "StateMachineDoesNotExist"
        client.want("it is being deleted", shown["status"] in ("ACTIVE", "DELETING"), shown)
        return False
    until(is_gone, "the machine is gone")
