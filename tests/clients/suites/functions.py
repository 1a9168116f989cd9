"""Lambda: functions, versions, aliases, invocations, tags."""

import base64
import io
import json
import zipfile

from kit.poll import until
from kit.rig import EMPTY_COMPONENT, ROLE, arn

FUNCTION = arn("lambda", "function:echo")
NOBODY = arn("lambda", "function:nobody")
NOT_FOUND = "ResourceNotFoundException"
INVALID = "InvalidParameterValueException"
CONFLICT = "ResourceConflictException"
CHANGED = "PreconditionFailedException"
VALIDATION = "ValidationException"
NOTHING = "00000000-0000-4000-8000-000000000000"


def drive(client, rig):
    create(client, rig.components)
    reads(client)
    updates(client, rig.components)
    versions_and_aliases(client)
    invocations(client, rig.components)
    concurrency(client)
    tags(client)
    deletes(client)


def zipped(component):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("task.wasm", component)
    return out.getvalue()


def create(client, components):
    what = "lambda.CreateFunction"
    members = {"FunctionName": "echo", "Role": ROLE, "Handler": "task", "Runtime": "provided.al2023"}
    made = client(what, **members, Code={"ZipFile": components["echo"]}, Timeout=7, MemorySize=256,
                  Environment={"Variables": {"GREETING": "hello"}}, Tags={"team": "shop"})
    for member, value in {"FunctionArn": FUNCTION, "State": "Active", "Timeout": 7, "MemorySize": 256,
                          "Version": "$LATEST", "Environment": {"Variables": {"GREETING": "hello"}}}.items():
        client.want(f"CreateFunction: {member}", made.get(member) == value, made.get(member))
    client(what, **(members | {"FunctionName": "flaky"}), Code={"ZipFile": zipped(components["flaky"])})
    members |= {"FunctionName": "bad"}
    for containing, code in [("", b"no component at all"), ("", EMPTY_COMPONENT),
                             ("wasi:sockets", components["wants-network"])]:
        client.refused(INVALID, what, **members, Code={"ZipFile": code}, containing=containing)
    client.refused(CONFLICT, what, **(members | {"FunctionName": "echo"}), Code={"ZipFile": components["echo"]})
    client.refused(VALIDATION, what, **members, Code={"ZipFile": components["echo"]}, MemorySize=1)
    listed = client("lambda.ListFunctions")
    names = [one["FunctionName"] for one in listed["Functions"]]
    client.want("nothing half-made is left", names == ["echo", "flaky"], names)


def reads(client):
    shown = client("lambda.GetFunction", FunctionName="echo")
    client.want("its tags", shown.get("Tags") == {"team": "shop"}, shown)
    configuration = client("lambda.GetFunctionConfiguration", FunctionName="echo")
    client.want("the configuration by itself", shown["Configuration"] == configuration, configuration)
    client.want("by ARN it is the same", client("lambda.GetFunctionConfiguration", FunctionName=FUNCTION)
                == configuration)
    client("lambda.GetAccountSettings")
    client("lambda.GetFunctionCodeSigningConfig", FunctionName="echo")
    # As on AWS: nobody has given it a policy.
    client.refused(NOT_FOUND, "lambda.GetPolicy", FunctionName="echo")
    page = client("lambda.ListFunctions", MaxItems=1)
    client.want("a page", [one["FunctionName"] for one in page["Functions"]] == ["echo"], page)
    page = client("lambda.ListFunctions", MaxItems=1, Marker=page["NextMarker"])
    client.want("the next page", [one["FunctionName"] for one in page["Functions"]] == ["flaky"], page)
    client.refused(INVALID, "lambda.ListFunctions", Marker="nonsense")
    client.refused(VALIDATION, "lambda.ListFunctions", MaxItems=10_001)
    for what in ("GetFunction", "GetFunctionConfiguration", "GetFunctionCodeSigningConfig", "GetFunctionConcurrency",
                 "GetPolicy", "ListAliases", "ListVersionsByFunction"):
        client.refused(NOT_FOUND, f"lambda.{what}", FunctionName="nobody")
        client.refused(VALIDATION, f"lambda.{what}", FunctionName="no good")
    for what in ("GetFunction", "GetFunctionConfiguration", "GetPolicy"):
        client.refused(INVALID, f"lambda.{what}", FunctionName=f"{FUNCTION}:1", Qualifier="2")
    for what in ("ListAliases", "ListVersionsByFunction"):
        client.refused(INVALID, f"lambda.{what}", FunctionName="echo", Marker="nonsense")
    for what in ("GetFunctionCodeSigningConfig", "GetFunctionConcurrency"):
        client.refused(INVALID, f"lambda.{what}", FunctionName=f"{FUNCTION}:1")


def updates(client, components):
    what = "lambda.UpdateFunctionConfiguration"
    updated = client(what, FunctionName="echo", Timeout=3, Description="says it again")
    client.want("it is updated", (updated["Timeout"], updated["MemorySize"]) == (3, 256), updated)
    for code, change in [(NOT_FOUND, {"FunctionName": "nobody"}), (VALIDATION, {"Timeout": 0}),
                         (CHANGED, {"RevisionId": NOTHING}), (INVALID, {"Layers": [NOBODY]})]:
        client.refused(code, what, **({"FunctionName": "echo"} | change))
    what = "lambda.UpdateFunctionCode"
    before = client("lambda.GetFunctionConfiguration", FunctionName="echo")
    updated = client(what, FunctionName="echo", ZipFile=zipped(components["echo"]))
    client.want("another revision", updated["RevisionId"] != before["RevisionId"], updated)
    for code, change in [(NOT_FOUND, {"FunctionName": "nobody"}), (INVALID, {"ZipFile": EMPTY_COMPONENT}),
                         (CHANGED, {"RevisionId": NOTHING}), (VALIDATION, {"FunctionName": "no good"})]:
        client.refused(code, what, **({"FunctionName": "echo", "ZipFile": components["echo"]} | change))


def versions_and_aliases(client):
    what = "lambda.PublishVersion"
    first = client(what, FunctionName="echo", Description="first")
    client.want("the first version", (first["Version"], first["FunctionArn"]) == ("1", f"{FUNCTION}:1"), first)
    again = client(what, FunctionName="echo")
    client.want("nothing has changed since", again["Version"] == "1", again)
    for code, change in [(NOT_FOUND, {"FunctionName": "nobody"}), (CHANGED, {"RevisionId": NOTHING}),
                         (INVALID, {"FunctionName": f"{FUNCTION}:1"}), (VALIDATION, {"Description": "d" * 257})]:
        client.refused(code, what, **({"FunctionName": "echo"} | change))
    client("lambda.UpdateFunctionConfiguration", FunctionName="echo", Timeout=4)
    client(what, FunctionName="echo")
    listed = client("lambda.ListVersionsByFunction", FunctionName="echo")
    found = [one["Version"] for one in listed["Versions"]]
    client.want("all versions", found == ["$LATEST", "1", "2"], found)

    what = "lambda.CreateAlias"
    members = {"FunctionName": "echo", "Name": "live", "FunctionVersion": "1"}
    made = client(what, **members, Description="what is called")
    client.want("the ARN of an alias", made["AliasArn"] == f"{FUNCTION}:live", made)
    for code, change in [(CONFLICT, {}), (NOT_FOUND, {"FunctionName": "nobody"}),
                         (INVALID, {"Name": "no good"}),
                         (NOT_FOUND, {"Name": "other", "FunctionVersion": "99"}),
                         (INVALID, {"Name": "other", "RoutingConfig": {"AdditionalVersionWeights": {"2": 7}}})]:
        client.refused(code, what, **(members | change))
    shown = client("lambda.GetAlias", FunctionName="echo", Name="live")
    client.want("the alias", shown == made, shown)
    updated = client("lambda.UpdateAlias", FunctionName="echo", Name="live", FunctionVersion="2",
                     RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}})
    client.want("it leads elsewhere", updated["FunctionVersion"] == "2", updated)
    for code, change in [(NOT_FOUND, {"Name": "none"}), (CHANGED, {"RevisionId": NOTHING}),
                         (INVALID, {"FunctionName": f"{FUNCTION}:1"}), (VALIDATION, {"FunctionVersion": "no good"})]:
        client.refused(code, "lambda.UpdateAlias", **({"FunctionName": "echo", "Name": "live"} | change))
    for what in ("GetAlias", "DeleteAlias"):
        client.refused(INVALID, f"lambda.{what}", FunctionName=f"{FUNCTION}:1", Name="live")
        client.refused(VALIDATION, f"lambda.{what}", FunctionName="no good", Name="live")
    client.refused(NOT_FOUND, "lambda.GetAlias", FunctionName="echo", Name="none")
    client.refused(NOT_FOUND, "lambda.DeleteAlias", FunctionName="nobody", Name="live")
    listed = client("lambda.ListAliases", FunctionName="echo")
    client.want("one alias", [one["Name"] for one in listed["Aliases"]] == ["live"], listed)
    client.refused(CONFLICT, "lambda.DeleteFunction", FunctionName="echo", Qualifier="1")


def invocations(client, components):
    what = "lambda.Invoke"
    answer = client(what, FunctionName="echo", Payload=b'{"a": 1}', LogType="Tail")
    client.want("it answers", (answer["StatusCode"], json.loads(answer["Payload"])) == (200, {"a": 1}), answer)
    client.want("without an error", "FunctionError" not in answer, answer)
    client.want("with its log", b"END" in base64.b64decode(answer["LogResult"]), answer)
    answer = client(what, FunctionName="echo", Qualifier="live", Payload=b"{}")
    client.want("an alias runs one of its versions", answer["ExecutedVersion"] in ("1", "2"), answer)
    answer = client(what, FunctionName="flaky", Payload=b'{"failures": 9, "error": "Broken"}')
    told = json.loads(answer["Payload"])
    client.want("an error is an answer", (answer["FunctionError"], told["errorType"]) == ("Unhandled", "Broken"),
                answer)
    answer = client(what, FunctionName="echo", InvocationType="Event", Payload=b"{}")
    client.want("later is 202", answer["StatusCode"] == 202, answer)
    answer = client(what, FunctionName="echo", InvocationType="DryRun")
    client.want("a dry run is 204", answer["StatusCode"] == 204, answer)
    for code, change in [(NOT_FOUND, {"FunctionName": "nobody"}), ("InvalidRequestContentException", {"Payload": b"{"}),
                         (VALIDATION, {"InvocationType": "Soon"}),
                         (INVALID, {"FunctionName": f"{FUNCTION}:1", "Qualifier": "2"}),
                         ("RequestTooLargeException", {"Payload": b'"' + b"x" * 6_291_456 + b'"'})]:
        client.refused(code, what, **({"FunctionName": "echo", "Payload": b"{}"} | change))


def concurrency(client):
    what = "lambda.PutFunctionConcurrency"
    client(what, FunctionName="echo", ReservedConcurrentExecutions=0)
    shown = client("lambda.GetFunctionConcurrency", FunctionName="echo")
    client.want("none is left", shown["ReservedConcurrentExecutions"] == 0, shown)
    client.refused("TooManyRequestsException", "lambda.Invoke", FunctionName="echo", Payload=b"{}")
    client("lambda.DeleteFunctionConcurrency", FunctionName="echo")
    client("lambda.Invoke", FunctionName="echo", Payload=b"{}")
    client.refused(NOT_FOUND, what, FunctionName="nobody", ReservedConcurrentExecutions=1)
    client.refused(INVALID, what, FunctionName=f"{FUNCTION}:1", ReservedConcurrentExecutions=1)
    client.refused(VALIDATION, what, FunctionName="echo", ReservedConcurrentExecutions=-1)
    what = "lambda.DeleteFunctionConcurrency"
    client.refused(NOT_FOUND, what, FunctionName="nobody")
    client.refused(INVALID, what, FunctionName=f"{FUNCTION}:1")


def tags(client):
    client("lambda.TagResource", Resource=FUNCTION, Tags={"stage": "test"})
    client("lambda.UntagResource", Resource=FUNCTION, TagKeys=["team"])
    shown = client("lambda.ListTags", Resource=FUNCTION)
    client.want("one tag", shown["Tags"] == {"stage": "test"}, shown)
    for what, more in [("TagResource", {"Tags": {"a": "b"}}), ("UntagResource", {"TagKeys": ["a"]}), ("ListTags", {})]:
        client.refused(NOT_FOUND, f"lambda.{what}", Resource=NOBODY, **more)
        client.refused(INVALID, f"lambda.{what}", Resource=f"{FUNCTION}:1", **more)
    client.refused(INVALID, "lambda.TagResource", Resource=FUNCTION, Tags={f"k{n}": "" for n in range(51)})


def deletes(client):
    client("lambda.DeleteAlias", FunctionName="echo", Name="live")
    client("lambda.DeleteFunction", FunctionName="echo", Qualifier="1")
    for code, name in [(NOT_FOUND, "nobody"), (VALIDATION, "no good"), (INVALID, f"{FUNCTION}:$LATEST")]:
        client.refused(code, "lambda.DeleteFunction", FunctionName=name)
    client("lambda.DeleteFunction", FunctionName="echo")
    client("lambda.DeleteFunction", FunctionName="flaky")
    until(lambda: client("lambda.ListFunctions")["Functions"] == [], "no function is left")
