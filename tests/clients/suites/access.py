"""Who may do what: keys, signatures, permissions. Every operation is denied to a key that may only look."""

import http.client
import json
import os
import urllib.parse

from kit.client import Refused, model
from kit.rig import PASS, ROLE


# More than a key may ask at once.
CALLS_MAX = 5_000


def drive(client, rig):
    made = client("states.CreateStateMachine", name="orders", definition=PASS, roleArn=ROLE)
    machine = made["stateMachineArn"]
    looks_only(client, rig, machine)
    one_machine_only(client, rig, machine)
    bad_keys(client, rig)
    client("states.DeleteStateMachine", stateMachineArn=machine)


def looks_only(client, rig, machine):
    key = rig.server.key("--allow", "states:Describe*", "--allow", "states:List*", "--deny", "states:ListActivities")
    looker = rig.client(client, key)
    looker("states.DescribeStateMachine", stateMachineArn=machine)
    looker("states.ListStateMachines")
    looker.refused("AccessDeniedException", "states.StartExecution", stateMachineArn=machine,
                   containing="is not authorized to perform: states:StartExecution")
    looker.refused("AccessDeniedException", "states.ListActivities")
    looker.refused("AccessDeniedException", "states.DeleteStateMachine", stateMachineArn=machine)
    looker.refused("AccessDeniedException", "lambda.ListFunctions")
    looker.refused("AccessDeniedException", "sqs.ListQueues")
    looker.refused("AccessDeniedException", "logs.DescribeLogGroups")
    client("states.DescribeStateMachine", stateMachineArn=machine)
    if client.name == "boto3":
        every_operation_is_denied(looker)
    looker.end()


def every_operation_is_denied(looker):
    """With no more than the members that make a path; a permission is looked at before the input is."""
    with open(os.environ["STEPWELL_OPERATIONS"], encoding="utf-8") as file:
        operations = json.load(file)
    for service, operation in operations:
        if service == "states" and operation.startswith(("Describe", "List")):
            continue
        shape = model(service).operation_model(operation).input_shape
        members = {}
        for name, member in shape.members.items() if shape else ():
            if member.serialization.get("location") == "uri":
                members[name] = "name"
        looker.refused("AccessDeniedException", f"{service}.{operation}", **members)


def one_machine_only(client, rig, machine):
    other = client("states.CreateStateMachine", name="other", definition=PASS, roleArn=ROLE)["stateMachineArn"]
    key = rig.server.key("--allow", f"states:*={machine}*")
    owner = rig.client(client, key)
    owner("states.DescribeStateMachine", stateMachineArn=machine)
    owner.refused("AccessDeniedException", "states.DescribeStateMachine", stateMachineArn=other)
    owner.refused("AccessDeniedException", "states.DeleteStateMachine", stateMachineArn=other)
    owner.end()
    client("states.DeleteStateMachine", stateMachineArn=other)


def bad_keys(client, rig):
    identity, _ = rig.server.first_key()
    for key, code in [(("AKIANOBODYNOBODY1234", "secret"), "UnrecognizedClientException"),
                      ((identity, "another secret"), "InvalidSignatureException")]:
        stranger = rig.client(client, key)
        for what in ("states.ListStateMachines", "lambda.ListFunctions", "sqs.ListQueues", "logs.DescribeLogGroups"):
            stranger.refused(code, what)
        stranger.end()
    if client.name == "boto3":
        unsigned(client, rig)
        too_fast(client, rig)


def unsigned(client, rig):
    address = urllib.parse.urlsplit(rig.server.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    for target, code in [("AWSStepFunctions.ListStateMachines", "MissingAuthenticationTokenException"),
                         ("AWSStepFunctions.Nonsense", "UnknownOperationException")]:
        connection.request("POST", "/", b"{}", {
            "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
        client.want(f"unsigned {target}", said["__type"].endswith(code) and answer.status in (400, 403), said)
    connection.close()


def too_fast(client, rig):
    """A key of its own: another one is not slowed down by it."""
    hasty = rig.client(client, rig.server.key("--allow", "states:*"))
    what = "states.ValidateStateMachineDefinition"
    for _ in range(CALLS_MAX):
        try:
            hasty(what, definition=PASS)
        except Refused as refused:
            client.want("too fast", refused.code == "ThrottlingException", refused)
            break
    else:
        client.want("too fast", False, f"{CALLS_MAX} calls were answered")
    client(what, definition=PASS)
    hasty.end()
