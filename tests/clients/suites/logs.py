"""CloudWatch Logs, and what executions and functions write there."""

import json
import time

from kit.poll import until
from kit.rig import PASS, ROLE, arn

GROUP = "/shop/orders"
GROUP_ARN = arn("logs", f"log-group:{GROUP}")
NOT_FOUND = "ResourceNotFoundException"
INVALID = "InvalidParameterException"
EXISTS = "ResourceAlreadyExistsException"


def drive(client, rig):
    groups(client)
    events(client)
    tags(client)
    executions(client)
    clean_up(client)


def groups(client):
    client("logs.CreateLogGroup", logGroupName=GROUP, tags={"team": "shop"})
    client.refused(EXISTS, "logs.CreateLogGroup", logGroupName=GROUP)
    client.refused(INVALID, "logs.CreateLogGroup", logGroupName="no good")
    client("logs.CreateLogStream", logGroupName=GROUP, logStreamName="a")
    client.refused(EXISTS, "logs.CreateLogStream", logGroupName=GROUP, logStreamName="a")
    client.refused(NOT_FOUND, "logs.CreateLogStream", logGroupName="/nobody", logStreamName="a")
    client.refused(INVALID, "logs.CreateLogStream", logGroupName=GROUP, logStreamName="no:good")
    client("logs.PutRetentionPolicy", logGroupName=GROUP, retentionInDays=7)
    shown = client("logs.DescribeLogGroups", logGroupNamePrefix="/shop")["logGroups"]
    client.want("the group", [(one["logGroupName"], one["retentionInDays"]) for one in shown] == [(GROUP, 7)], shown)
    client.refused(INVALID, "logs.PutRetentionPolicy", logGroupName=GROUP, retentionInDays=8)
    client.refused(NOT_FOUND, "logs.PutRetentionPolicy", logGroupName="/nobody", retentionInDays=7)
    client("logs.DeleteRetentionPolicy", logGroupName=GROUP)
    client.refused(NOT_FOUND, "logs.DeleteRetentionPolicy", logGroupName="/nobody")
    client.refused(INVALID, "logs.DeleteRetentionPolicy", logGroupName="no good")
    client.refused(INVALID, "logs.DescribeLogGroups", limit=51)


def events(client):
    now = int(time.time() * 1_000)
    put = {"logGroupName": GROUP, "logStreamName": "a"}
    client("logs.PutLogEvents", **put, logEvents=[
        {"timestamp": now - 2, "message": "one"}, {"timestamp": now - 1, "message": "ERROR two"}])
    client.refused(NOT_FOUND, "logs.PutLogEvents", logGroupName=GROUP, logStreamName="none",
                   logEvents=[{"timestamp": now, "message": "x"}])
    client.refused(INVALID, "logs.PutLogEvents", **put, logEvents=[
        {"timestamp": now, "message": "x"}, {"timestamp": now - 5, "message": "y"}])
    read = client("logs.GetLogEvents", **put, startFromHead=True)
    client.want("both lines", [one["message"] for one in read["events"]] == ["one", "ERROR two"], read)
    client.refused(NOT_FOUND, "logs.GetLogEvents", logGroupName=GROUP, logStreamName="none")
    client.refused(INVALID, "logs.GetLogEvents", **put, limit=10_001)
    found = client("logs.FilterLogEvents", logGroupName=GROUP, filterPattern="ERROR")
    client.want("the line that matches", [one["message"] for one in found["events"]] == ["ERROR two"], found)
    client.refused(NOT_FOUND, "logs.FilterLogEvents", logGroupName="/nobody")
    client.refused(INVALID, "logs.FilterLogEvents", logGroupName=GROUP, filterPattern="[a, b]")
    client("logs.CreateLogStream", logGroupName=GROUP, logStreamName="b")
    page = client("logs.DescribeLogStreams", logGroupName=GROUP, limit=1)
    page = client("logs.DescribeLogStreams", logGroupName=GROUP, limit=1, nextToken=page["nextToken"])
    client.want("the second page", [one["logStreamName"] for one in page["logStreams"]] == ["b"], page)
    client.refused(NOT_FOUND, "logs.DescribeLogStreams", logGroupName="/nobody")
    client.refused(INVALID, "logs.DescribeLogStreams", logGroupName=GROUP, limit=51)
    client("logs.DeleteLogStream", logGroupName=GROUP, logStreamName="b")
    client.refused(NOT_FOUND, "logs.DeleteLogStream", logGroupName=GROUP, logStreamName="b")
    client.refused(INVALID, "logs.DeleteLogStream", logGroupName="no good", logStreamName="b")


def tags(client):
    client("logs.TagResource", resourceArn=GROUP_ARN, tags={"stage": "test"})
    client("logs.UntagResource", resourceArn=GROUP_ARN, tagKeys=["team"])
    client("logs.TagLogGroup", logGroupName=GROUP, tags={"old": "way"})
    client("logs.UntagLogGroup", logGroupName=GROUP, tags=["stage"])
    shown = client("logs.ListTagsForResource", resourceArn=GROUP_ARN)
    client.want("one tag", shown["tags"] == {"old": "way"}, shown)
    client.want("both ways", client("logs.ListTagsLogGroup", logGroupName=GROUP)["tags"] == {"old": "way"})
    nobody = arn("logs", "log-group:/nobody")
    for what, more in [("TagResource", {"tags": {"a": "b"}}), ("UntagResource", {"tagKeys": ["a"]}),
                       ("ListTagsForResource", {})]:
        client.refused(NOT_FOUND, f"logs.{what}", resourceArn=nobody, **more)
        client.refused(INVALID, f"logs.{what}", resourceArn="nonsense", **more)
    for what, more in [("TagLogGroup", {"tags": {"a": "b"}}), ("UntagLogGroup", {"tags": ["a"]}),
                       ("ListTagsLogGroup", {})]:
        client.refused(NOT_FOUND, f"logs.{what}", logGroupName="/nobody", **more)
    client.refused(INVALID, "logs.TagLogGroup", logGroupName=GROUP, tags={"": "x"})
    client.refused("TooManyTagsException", "logs.TagResource", resourceArn=GROUP_ARN,
                   tags={f"k{n}": "" for n in range(50)})


def executions(client):
    """An Express execution is seen in its log group and nowhere else."""
    group = arn("logs", "log-group:/aws/vendedlogs/states/quick")
    logging = {"level": "ALL", "includeExecutionData": True,
               "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": f"{group}:*"}}]}
    machine = client("states.CreateStateMachine", name="logged", definition=PASS, roleArn=ROLE, type="EXPRESS",
                     loggingConfiguration=logging)["stateMachineArn"]
    client("states.StartSyncExecution", stateMachineArn=machine, input='{"a": 1}')

    def lines():
        groups_ = client("logs.DescribeLogGroups", logGroupNamePrefix="/aws/vendedlogs")["logGroups"]
        if not groups_:
            return None
        found = client("logs.FilterLogEvents", logGroupName="/aws/vendedlogs/states/quick")["events"]
        return found if len(found) == 4 else None
    told = [json.loads(line["message"])["type"] for line in until(lines, "an execution is logged")]
    client.want("its events", told == ["ExecutionStarted", "PassStateEntered", "PassStateExited",
                                       "ExecutionSucceeded"], told)
    client("states.DeleteStateMachine", stateMachineArn=machine)


def clean_up(client):
    for group in client("logs.DescribeLogGroups")["logGroups"]:
        client("logs.DeleteLogGroup", logGroupName=group["logGroupName"])
    client.refused(NOT_FOUND, "logs.DeleteLogGroup", logGroupName="/nobody")
    client.refused(INVALID, "logs.DeleteLogGroup", logGroupName="no good")
