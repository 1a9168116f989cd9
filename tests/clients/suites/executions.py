"""Executions, callbacks, activities, map runs."""

import json

from kit.poll import until
from kit.rig import FAIL, FOR_EVER, PASS, ROLE, activity_task, machine, states

EXECUTION = states("execution", "waits:nobody")
MACHINE = states("stateMachine", "waits")
NO_MACHINE = states("stateMachine", "nobody")
NO_ACTIVITY = states("activity", "nobody")
MAP_RUN = states("mapRun", "waits/each:00000000-0000-4000-8000-000000000000")
# Longer than a trace header or a client token may be.
LONG = "x" * 257


def drive(client, rig):
    starts(client)
    syncs(client)
    looks(client)
    stops_and_redrives(client)
    activities(client)
    callbacks(client)
    map_runs(client)
    aliases(client)
    clean_up(client)


def made(client, name, definition, **more):
    return client("states.CreateStateMachine", name=name, definition=definition, roleArn=ROLE, **more)[
        "stateMachineArn"]


def ended(client, execution):
    def look():
        shown = client("states.DescribeExecution", executionArn=execution)
        return shown if shown["status"] != "RUNNING" else None
    return until(look, f"{execution} ends")


def starts(client):
    made(client, "waits", FOR_EVER)
    made(client, "express", PASS, type="EXPRESS")
    what = "states.StartExecution"
    first = client(what, stateMachineArn=MACHINE, name="one", input='{ "a": 1 }')
    again = client(what, stateMachineArn=MACHINE, name="one", input='{ "a": 1 }')
    client.want("the same start is answered like the first", first == again, again)
    for code, change in [
        ("ExecutionAlreadyExists", {"input": "{}"}),
        ("InvalidArn", {"stateMachineArn": "nobody"}),
        ("InvalidExecutionInput", {"input": "{"}),
        ("InvalidName", {"name": "no good"}),
        ("StateMachineDoesNotExist", {"stateMachineArn": NO_MACHINE}),
        ("ValidationException", {"traceHeader": LONG}),
    ]:
        client.refused(code, what, **({"stateMachineArn": MACHINE, "name": "one"} | change))


def syncs(client):
    what = "states.StartSyncExecution"
    express = states("stateMachine", "express")
    done = client(what, stateMachineArn=express, input='{"a": 1}')
    client.want("the output comes with the answer", json.loads(done["output"]) == {"a": 1}, done)
    client.want("what it would cost", done["billingDetails"]["billedMemoryUsedInMB"] == 64, done)
    broken = made(client, "broken-express", FAIL, type="EXPRESS")
    failed = client(what, stateMachineArn=broken)
    client.want("a failure is an answer", (failed["status"], failed["error"]) == ("FAILED", "Broken"), failed)
    for code, change in [
        ("InvalidArn", {"stateMachineArn": "nobody"}),
        ("InvalidExecutionInput", {"input": "{"}),
        ("InvalidName", {"name": "no good"}),
        ("StateMachineDoesNotExist", {"stateMachineArn": NO_MACHINE}),
        ("StateMachineTypeNotSupported", {"stateMachineArn": MACHINE}),
        ("ValidationException", {"traceHeader": LONG}),
    ]:
        client.refused(code, what, **({"stateMachineArn": express} | change))


def looks(client):
    shown = client("states.DescribeExecution", executionArn=states("execution", "waits:one"))
    client.want("the input as it was given", shown["input"] == '{ "a": 1 }', shown)
    client.want("it runs", shown["status"] == "RUNNING" and shown["redriveStatus"] == "NOT_REDRIVABLE", shown)
    pinned = client("states.DescribeStateMachineForExecution", executionArn=states("execution", "waits:one"))
    client.want("its definition", pinned["definition"] == FOR_EVER, pinned)
    client("states.StartExecution", stateMachineArn=MACHINE, name="two")
    listed = client("states.ListExecutions", stateMachineArn=MACHINE, statusFilter="RUNNING")
    names = [one["name"] for one in listed["executions"]]
    client.want("newest first", names == ["two", "one"], names)
    page = client("states.ListExecutions", stateMachineArn=MACHINE, maxResults=1)
    page = client("states.ListExecutions", stateMachineArn=MACHINE, maxResults=1, nextToken=page["nextToken"])
    client.want("the second page", [one["name"] for one in page["executions"]] == ["one"], page)
    history = client("states.GetExecutionHistory", executionArn=states("execution", "waits:one"))
    types = [event["type"] for event in history["events"]]
    client.want("the history", types == ["ExecutionStarted", "WaitStateEntered"], types)
    express = states("express", "express:nobody:00000000-0000-4000-8000-000000000000")
    for what, errors in {
        "DescribeExecution": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException"],
        "DescribeStateMachineForExecution": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException"],
        "GetExecutionHistory": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException", "InvalidToken"],
        "ListMapRuns": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException", "InvalidToken"],
        "StopExecution": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException"],
        "RedriveExecution": ["InvalidArn", "ExecutionDoesNotExist", "ValidationException"],
    }.items():
        inputs = {
            "InvalidArn": {"executionArn": "nobody"},
            "ExecutionDoesNotExist": {"executionArn": EXECUTION},
            "ValidationException": {"executionArn": LONG},
            "InvalidToken": {"executionArn": states("execution", "waits:one"), "nextToken": "nonsense"},
        }
        for error in errors:
            client.refused(error, f"states.{what}", **inputs[error])
        client.refused("InvalidArn", f"states.{what}", executionArn=express)
    what = "states.ListExecutions"
    for code, members in [
        ("InvalidArn", {"stateMachineArn": "nobody"}),
        ("InvalidToken", {"stateMachineArn": MACHINE, "nextToken": "nonsense"}),
        ("StateMachineDoesNotExist", {"stateMachineArn": NO_MACHINE}),
        ("StateMachineTypeNotSupported", {"stateMachineArn": states("stateMachine", "express")}),
        ("ValidationException", {"stateMachineArn": MACHINE, "statusFilter": "LATE"}),
        ("ValidationException", {"stateMachineArn": MACHINE, "mapRunArn": MAP_RUN}),
        ("ValidationException", {}),
        ("ResourceNotFound", {"mapRunArn": MAP_RUN}),
    ]:
        client.refused(code, what, **members)


def stops_and_redrives(client):
    one = states("execution", "waits:one")
    stopped = client("states.StopExecution", executionArn=one, error="Enough", cause="it was long")
    again = client("states.StopExecution", executionArn=one)
    client.want("one that is over keeps its end", stopped == again, again)
    shown = client("states.DescribeExecution", executionArn=one)
    told = (shown["status"], shown["error"], shown["cause"], shown["redriveStatus"])
    client.want("aborted", told == ("ABORTED", "Enough", "it was long", "REDRIVABLE"), told)
    what = "states.RedriveExecution"
    first = client(what, executionArn=one, clientToken="once")
    again = client(what, executionArn=one, clientToken="once")
    client.want("a redrive for each client token", first == again, again)
    client.refused("ExecutionNotRedrivable", what, executionArn=one)
    shown = client("states.DescribeExecution", executionArn=one)
    client.want("it runs again", (shown["status"], shown["redriveCount"]) == ("RUNNING", 1), shown)
    history = client("states.GetExecutionHistory", executionArn=one, reverseOrder=True, maxResults=2)
    types = [event["type"] for event in history["events"]]
    client.want("the history says so", "ExecutionRedriven" in types, types)
    client("states.StopExecution", executionArn=one)


def activities(client):
    made_ = client("states.CreateActivity", name="work", tags=[{"key": "team", "value": "shop"}])
    activity = made_["activityArn"]
    again = client("states.CreateActivity", name="work")
    client.want("create is idempotent", made_ == again, again)
    for code, members in [
        ("InvalidName", {"name": "no good"}),
        ("TooManyTags", {"name": "w", "tags": [{"key": f"k{n}", "value": ""} for n in range(51)]}),
        ("InvalidEncryptionConfiguration", {"name": "w", "encryptionConfiguration": {
            "type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/mine"}}),
        ("ValidationException", {"name": "n" * 81}),
    ]:
        client.refused(code, "states.CreateActivity", **members)
    shown = client("states.DescribeActivity", activityArn=activity)
    client.want("it is described", shown["name"] == "work", shown)
    client("states.CreateActivity", name="more")
    page = client("states.ListActivities", maxResults=1)
    page = client("states.ListActivities", maxResults=1, nextToken=page["nextToken"])
    client.want("the second page", [one["name"] for one in page["activities"]] == ["work"], page)
    client.refused("InvalidToken", "states.ListActivities", nextToken="nonsense")
    client.refused("ValidationException", "states.ListActivities", maxResults=1001)
    for what in ("DescribeActivity", "GetActivityTask"):
        client.refused("InvalidArn", f"states.{what}", activityArn="nobody")
        client.refused("ActivityDoesNotExist", f"states.{what}", activityArn=NO_ACTIVITY)
        client.refused("ValidationException", f"states.{what}", activityArn=LONG)
    tagged = client("states.ListTagsForResource", resourceArn=activity)
    client.want("an activity has tags", tagged["tags"] == [{"key": "team", "value": "shop"}], tagged)
    # A worker that waits before there is work.
    waiting = client.meanwhile("states.GetActivityTask", activityArn=activity, workerName="early")
    worked = made(client, "worked", activity_task("work"))
    execution = client("states.StartExecution", stateMachineArn=worked, input='{"n": 1}')["executionArn"]
    task = waiting.result(90)
    client.want("the worker has the input", json.loads(task["input"]) == {"n": 1}, task)
    client("states.SendTaskHeartbeat", taskToken=task["taskToken"])
    client("states.SendTaskSuccess", taskToken=task["taskToken"], output='{"done": true}')
    shown = ended(client, execution)
    client.want("the worker's output is the execution's", json.loads(shown["output"]) == {"done": True}, shown)
    history = client("states.GetExecutionHistory", executionArn=execution)
    types = [event["type"] for event in history["events"]]
    client.want("an activity's history", types == [
        "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
        "TaskStateExited", "ExecutionSucceeded"], types)
    for what, more in [("SendTaskSuccess", {"output": "{}"}), ("SendTaskFailure", {}), ("SendTaskHeartbeat", {})]:
        client.refused("TaskTimedOut", f"states.{what}", taskToken=task["taskToken"], **more)


def callbacks(client):
    activity = states("activity", "work")
    worked = states("stateMachine", "worked")
    execution = client("states.StartExecution", stateMachineArn=worked)["executionArn"]
    task = client("states.GetActivityTask", activityArn=activity)
    for what, more in [("SendTaskSuccess", {"output": "{}"}), ("SendTaskFailure", {}), ("SendTaskHeartbeat", {})]:
        client.refused("InvalidToken", f"states.{what}", taskToken="nonsense", **more)
        client.refused("ValidationException", f"states.{what}", taskToken="t" * 2049, **more)
    client.refused("InvalidOutput", "states.SendTaskSuccess", taskToken=task["taskToken"], output="{")
    client("states.SendTaskFailure", taskToken=task["taskToken"], error="Tired", cause="long day")
    shown = ended(client, execution)
    client.want("the worker's error", (shown["error"], shown["cause"]) == ("Tired", "long day"), shown)


def map_runs(client):
    listed = client("states.ListMapRuns", executionArn=states("execution", "waits:one"))
    client.want("there is none", listed["mapRuns"] == [], listed)
    for what in ("DescribeMapRun", "UpdateMapRun"):
        client.refused("InvalidArn", f"states.{what}", mapRunArn="nobody")
        client.refused("ResourceNotFound", f"states.{what}", mapRunArn=MAP_RUN)
        client.refused("ValidationException", f"states.{what}", mapRunArn="x" * 2001)


def aliases(client):
    shipped = made(client, "shipped", machine({"Type": "Pass", "Result": "v1"}), publish=True)
    client("states.CreateStateMachineAlias", name="live", routingConfiguration=[
        {"stateMachineVersionArn": f"{shipped}:1", "weight": 100}])
    client("states.UpdateStateMachine", stateMachineArn=shipped, definition=machine({"Type": "Pass", "Result": "v2"}))
    for suffix, output in [(":live", '"v1"'), (":1", '"v1"'), ("", '"v2"')]:
        execution = client("states.StartExecution", stateMachineArn=shipped + suffix)["executionArn"]
        shown = ended(client, execution)
        client.want(f"what {suffix or 'the machine'} runs", shown["output"] == output, shown)
        if suffix == ":live":
            told = shown["stateMachineAliasArn"], shown["stateMachineVersionArn"]
            client.want("alias and version are told", told == (f"{shipped}:live", f"{shipped}:1"), told)
            listed = client("states.ListExecutions", stateMachineArn=f"{shipped}:live")
            client.want("an alias lists its own", len(listed["executions"]) == 1, listed)


def clean_up(client):
    client("states.StopExecution", executionArn=states("execution", "waits:two"))
    activity = states("activity", "work")
    client("states.DeleteActivity", activityArn=activity)
    client("states.DeleteActivity", activityArn=NO_ACTIVITY)
    client.refused("InvalidArn", "states.DeleteActivity", activityArn="nobody")
    client.refused("ValidationException", "states.DeleteActivity", activityArn=LONG)
    client.refused("ActivityDoesNotExist", "states.DescribeActivity", activityArn=activity)
    listed = client("states.ListStateMachines")
    for one in listed["stateMachines"]:
        client("states.DeleteStateMachine", stateMachineArn=one["stateMachineArn"])
