"""A restart between any two calls loses nothing that was acknowledged.

The same story is told twice: once to a server that runs through, once to one that is ended before every call,
by turns with SIGTERM and SIGKILL. What the client sees has to be the same, but for ids and times."""

import datetime
import difflib
import json
import re
import signal

from kit.client import Refused
from kit.poll import until
from kit.rig import FOR_EVER, OTHER, PASS, ROLE, activity_task, arn, call_back, machine, states

# Members whose value is made anew each time.
UNLIKE = {
    "taskToken", "ReceiptHandle", "MessageId", "nextToken", "NextToken", "NextMarker", "RevisionId", "revisionId",
    "SequenceNumber", "LastModified", "MD5OfMessageBody", "MD5OfBody", "eventId", "StartDate", "StopDate",
    "uploadSequenceToken", "creationTime",
    "timestamp", "ingestionTime", "firstEventTimestamp", "lastEventTimestamp", "lastIngestionTime",
    "nextForwardToken", "nextBackwardToken", "storedBytes", "event_timestamp", "CreatedTimestamp",
    "LastModifiedTimestamp", "execution_arn", "logStreamName",
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
TOKEN = re.compile(r"\b[A-Za-z0-9_-]{80,}")


class Story:
    """Calls in order, each with what came of it."""

    def __init__(self, client, rig, interrupts):
        self.client, self.rig, self._interrupts = client, rig, interrupts
        self.told = []
        self._restarts = 0

    def _between(self):
        if self._interrupts:
            self._restarts += 1
            how = signal.SIGTERM if self._restarts % 2 else signal.SIGKILL
            self.rig.server.restart(how)

    def __call__(self, what, **members):
        self._between()
        try:
            output = self.client(what, **members)
        except Refused as refused:
            self._tell(what, members, {"refused": refused.code, "message": refused.message})
            raise
        self._tell(what, members, output)
        return output

    def refused(self, code, what, **members):
        try:
            self(what, **members)
        except Refused as refused:
            self.client.want(f"{what} is refused", refused.code == code, refused)
            return
        self.client.want(f"{what} is refused", False, "was answered")

    def until(self, is_so, what, **members):
        """Asks until the answer is as wanted; the last one is told."""
        self._between()

        def look():
            output = self.client(what, **members)
            return output if is_so(output) else None
        output = until(look, f"{what} {members}")
        self._tell(what, members, output)
        return output

    def seen(self, is_so, what, **members):
        """Waits for something that is not acknowledged to anybody, and tells nothing."""
        def look():
            try:
                return is_so(self.client(what, **members))
            except Refused:
                return False
        until(look, f"{what} {members}")

    def ended(self, execution):
        """Waits for the end and tells of it and the whole history."""
        shown = self.until(lambda one: one["status"] != "RUNNING", "states.DescribeExecution", executionArn=execution)
        self("states.GetExecutionHistory", executionArn=execution)
        return shown

    def _tell(self, what, members, output):
        plain = self._alike({"call": what, "with": members, "gave": output})
        self.told.extend(json.dumps(plain, indent=1, sort_keys=True, default=repr).splitlines())

    def _alike(self, value, member=None):
        if member in UNLIKE:
            return f"<{member}>"
        if isinstance(value, dict):
            return {name: self._alike(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._alike(one, member) for one in value]
        if isinstance(value, datetime.datetime):
            return "<time>"
        if isinstance(value, bytes):
            return f"<{len(value)} bytes>" if len(value) > 1_000 else value.decode(errors="replace")
        if isinstance(value, str):
            return self._text(value)
        return value

    def _text(self, text):
        if text.startswith("{") and '"' in text:
            try:
                return self._alike(json.loads(text))
            except ValueError:
                pass
        text = text.replace(self.rig.server.url, "<url>")
        for pattern, name in ((UUID, "<uuid>"), (TIME, "<time>"), (TOKEN, "<token>")):
            text = pattern.sub(name, text)
        return text


def compare(make_rig, notes):
    """Tells both stories and shows where they part."""
    told = []
    for interrupts in (False, True):
        with make_rig() as (rig, client):
            story = Story(client, rig, interrupts)
            tell(story)
            told.append(story.told)
            print(f"  {'with' if interrupts else 'without'} restarts: {story._restarts} restarts", flush=True)
    if len(told) < 2:
        return  # One of them did not come to its end, which was noted.
    for line in difflib.unified_diff(*told, "straight", "restarted", lineterm="", n=12):
        notes.wrong_with("restarts", line)


def tell(story):
    machines(story)
    queue_url = queues(story)
    functions(story)
    logs(story)
    activities(story)
    callbacks(story, queue_url)
    waits_and_redrives(story)
    nested(story)
    ends(story, queue_url)


def machines(story):
    made = story("states.CreateStateMachine", name="orders", definition=PASS, roleArn=ROLE, publish=True,
                 versionDescription="first", tags=[{"key": "team", "value": "shop"}],
                 tracingConfiguration={"enabled": True})
    orders = made["stateMachineArn"]
    again = story("states.CreateStateMachine", name="orders", definition=PASS, roleArn=ROLE, publish=True,
                  versionDescription="first", tracingConfiguration={"enabled": True})
    story.client.want("create is idempotent over a restart", again == made, again)
    story("states.DescribeStateMachine", stateMachineArn=orders)
    updated = story("states.UpdateStateMachine", stateMachineArn=orders, definition=OTHER)
    shown = story("states.DescribeStateMachine", stateMachineArn=orders)
    story.client.want("the revision stays", shown["revisionId"] == updated["revisionId"], shown)
    story("states.PublishStateMachineVersion", stateMachineArn=orders, revisionId=updated["revisionId"])
    story("states.PublishStateMachineVersion", stateMachineArn=orders)
    story("states.ListStateMachineVersions", stateMachineArn=orders)
    routes = [{"stateMachineVersionArn": f"{orders}:{n}", "weight": weight} for n, weight in ((1, 0), (2, 100))]
    alias = story("states.CreateStateMachineAlias", name="live", routingConfiguration=routes)["stateMachineAliasArn"]
    story("states.UpdateStateMachineAlias", stateMachineAliasArn=alias, description="all of it")
    story("states.DescribeStateMachineAlias", stateMachineAliasArn=alias)
    story("states.TagResource", resourceArn=orders, tags=[{"key": "stage", "value": "test"}])
    story("states.UntagResource", resourceArn=orders, tagKeys=["team"])
    story("states.ListTagsForResource", resourceArn=orders)
    started = story("states.StartExecution", stateMachineArn=alias, name="by-alias")
    story.ended(started["executionArn"])
    story("states.DescribeStateMachineForExecution", executionArn=started["executionArn"])
    story("states.CreateStateMachine", name="quick", definition=PASS, roleArn=ROLE, type="EXPRESS")
    page = story("states.ListStateMachines", maxResults=1)
    story("states.ListStateMachines", maxResults=1, nextToken=page["nextToken"])


def queues(story):
    url = story("sqs.CreateQueue", QueueName="work", Attributes={"VisibilityTimeout": "3600"}, tags={"a": "b"})[
        "QueueUrl"]
    story("sqs.SetQueueAttributes", QueueUrl=url, Attributes={"MessageRetentionPeriod": "86400"})
    story("sqs.GetQueueAttributes", QueueUrl=url, AttributeNames=["VisibilityTimeout", "MessageRetentionPeriod"])
    story("sqs.ListQueueTags", QueueUrl=url)
    story("sqs.SendMessage", QueueUrl=url, MessageBody="one")
    story("sqs.SendMessage", QueueUrl=url, MessageBody="two")
    first = story("sqs.ReceiveMessage", QueueUrl=url)["Messages"][0]
    second = story("sqs.ReceiveMessage", QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    story("sqs.ReceiveMessage", QueueUrl=url)
    story("sqs.ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=second["ReceiptHandle"], VisibilityTimeout=0)
    second = story("sqs.ReceiveMessage", QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    story("sqs.DeleteMessage", QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    story("sqs.DeleteMessage", QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
    story("sqs.GetQueueAttributes", QueueUrl=url, AttributeNames=[
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"])
    story("sqs.SendMessage", QueueUrl=url, MessageBody="late", DelaySeconds=2)
    late = story("sqs.ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
    story("sqs.DeleteMessage", QueueUrl=url, ReceiptHandle=late["ReceiptHandle"])
    line = story("sqs.CreateQueue", QueueName="line.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for body in ("1", "2", "1 again"):
        story("sqs.SendMessage", QueueUrl=line, MessageBody=body, MessageGroupId="g",
              MessageDeduplicationId=body.split()[0])
    taken = story("sqs.ReceiveMessage", QueueUrl=line)["Messages"][0]
    # The group waits for the one that is in flight.
    story("sqs.ReceiveMessage", QueueUrl=line)
    story("sqs.DeleteMessage", QueueUrl=line, ReceiptHandle=taken["ReceiptHandle"])
    story("sqs.ReceiveMessage", QueueUrl=line)
    story("sqs.ListQueues")
    return url


def functions(story):
    component = story.rig.components["echo"]
    story("lambda.CreateFunction", FunctionName="echo", Role=ROLE, Handler="task", Runtime="provided",
          Code={"ZipFile": component}, Tags={"team": "shop"}, Timeout=9)
    story("lambda.UpdateFunctionConfiguration", FunctionName="echo", MemorySize=256)
    story("lambda.PublishVersion", FunctionName="echo")
    story("lambda.CreateAlias", FunctionName="echo", Name="live", FunctionVersion="1")
    story("lambda.UpdateFunctionCode", FunctionName="echo", ZipFile=story.rig.components["flaky"])
    story("lambda.ListVersionsByFunction", FunctionName="echo")
    story("lambda.PutFunctionConcurrency", FunctionName="echo", ReservedConcurrentExecutions=7)
    story("lambda.GetFunction", FunctionName="echo")
    story("lambda.Invoke", FunctionName="echo", Qualifier="live", Payload=b'{"a": 1}')
    story("lambda.Invoke", FunctionName="echo", Payload=b'{"failures": 0, "output": 7}')
    # What was taken to be done later is done, though nobody waits for it.
    story("lambda.CreateFunction", FunctionName="later", Role=ROLE, Handler="task", Runtime="provided",
          Code={"ZipFile": component})
    story("lambda.Invoke", FunctionName="later", InvocationType="Event", Payload=b"{}")
    story("lambda.ListFunctions")
    story.seen(lambda shown: shown["events"], "logs.FilterLogEvents", logGroupName="/aws/lambda/later",
               filterPattern="END")
    calls = machine({"Type": "Task", "Resource": arn("lambda", "function:echo:live")},
                    {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload",
                     "Parameters": {"FunctionName": "echo", "Payload": {"failures": 1, "error": "Lambda.Unknown"}},
                     "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1}]})
    calling = story("states.CreateStateMachine", name="calls", definition=calls, roleArn=ROLE)["stateMachineArn"]
    execution = story("states.StartExecution", stateMachineArn=calling, name="one", input="{}")["executionArn"]
    story.ended(execution)


def logs(story):
    group = {"logGroupName": "/shop/orders"}
    stream = group | {"logStreamName": "a"}
    story("logs.CreateLogGroup", **group, tags={"team": "shop"})
    story("logs.PutRetentionPolicy", **group, retentionInDays=7)
    story("logs.CreateLogStream", **stream)
    now = int(datetime.datetime.now().timestamp() * 1_000)
    story("logs.PutLogEvents", **stream, logEvents=[{"timestamp": now, "message": "one"}])
    story("logs.PutLogEvents", **stream, logEvents=[{"timestamp": now, "message": "two"}])
    page = story("logs.GetLogEvents", **stream, startFromHead=True, limit=1)
    story("logs.GetLogEvents", **stream, startFromHead=True, nextToken=page["nextForwardToken"])
    story("logs.DescribeLogGroups", logGroupNamePrefix="/shop")
    story("logs.ListTagsForResource", resourceArn=arn("logs", "log-group:/shop/orders"))
    destination = arn("logs", "log-group:/states/logged:*")
    logged = story("states.CreateStateMachine", name="logged", definition=PASS, roleArn=ROLE, loggingConfiguration={
        "level": "ALL", "includeExecutionData": True,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": destination}}]})["stateMachineArn"]
    story("states.StartExecution", stateMachineArn=logged, name="one")
    # What is logged is written a moment later than it happens, as on AWS; once it is seen it stays.
    story.seen(lambda shown: len(shown["events"]) == 4, "logs.FilterLogEvents", logGroupName="/states/logged")
    story("logs.FilterLogEvents", logGroupName="/states/logged")


def activities(story):
    work = story("states.CreateActivity", name="work", tags=[{"key": "team", "value": "shop"}])["activityArn"]
    story("states.DescribeActivity", activityArn=work)
    story("states.ListTagsForResource", resourceArn=work)
    # Of their own: which of two branches a worker gets first is nobody's promise.
    other = story("states.CreateActivity", name="other")["activityArn"]
    both = machine(
        {"Type": "Parallel", "Branches": [
            {"StartAt": name, "States": {name: {"Type": "Task", "Resource": activity, "End": True, "Retry": [
                {"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 2}]}}}
            for name, activity in (("Work", work), ("Other", other))]},
        {"Type": "Map", "ItemProcessor": {"StartAt": "Each", "States": {"Each": {
            "Type": "Task", "Resource": work, "HeartbeatSeconds": 600, "End": True}}}, "MaxConcurrency": 1})
    machine_arn = story("states.CreateStateMachine", name="both", definition=both, roleArn=ROLE)["stateMachineArn"]
    execution = story("states.StartExecution", stateMachineArn=machine_arn, name="one", input="[1]")["executionArn"]
    first = story("states.GetActivityTask", activityArn=work, workerName="w")
    second = story("states.GetActivityTask", activityArn=other, workerName="w")
    story("states.SendTaskFailure", taskToken=first["taskToken"], error="Busy")
    story("states.SendTaskSuccess", taskToken=second["taskToken"], output='"second"')
    again = story("states.GetActivityTask", activityArn=work, workerName="w")
    story("states.SendTaskSuccess", taskToken=again["taskToken"], output='"first"')
    for _ in range(2):
        task = story("states.GetActivityTask", activityArn=work, workerName="w")
        story("states.SendTaskHeartbeat", taskToken=task["taskToken"])
        story("states.SendTaskSuccess", taskToken=task["taskToken"], output=task["input"])
    shown = story.ended(execution)
    story.client.want("the activities' output", json.loads(shown["output"]) == ["first", "second"], shown)
    for token in (first, second, task):
        story.refused("TaskTimedOut", "states.SendTaskSuccess", taskToken=token["taskToken"], output="{}")


def callbacks(story, queue_url):
    machine_arn = story("states.CreateStateMachine", name="asks", definition=call_back(queue_url), roleArn=ROLE)[
        "stateMachineArn"]
    start = {"stateMachineArn": machine_arn, "name": "one", "input": '{"a": 1}'}
    first = story("states.StartExecution", **start)
    again = story("states.StartExecution", **start)
    story.client.want("a start is idempotent over a restart", first == again, again)
    story.refused("ExecutionAlreadyExists", "states.StartExecution", **(start | {"input": "{}"}))
    message = story("sqs.ReceiveMessage", QueueUrl=queue_url, WaitTimeSeconds=20)["Messages"][0]
    # Sent once, however often the server was started.
    story("sqs.ReceiveMessage", QueueUrl=queue_url)
    token = json.loads(message["Body"])["token"]
    story("states.SendTaskHeartbeat", taskToken=token)
    story("states.SendTaskSuccess", taskToken=token, output='{"approved": true}')
    story("sqs.DeleteMessage", QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    story.ended(first["executionArn"])
    story.refused("ExecutionAlreadyExists", "states.StartExecution", **start)


def waits_and_redrives(story):
    short = story("states.CreateStateMachine", name="short", roleArn=ROLE,
                  definition=machine({"Type": "Wait", "Seconds": 2}, {"Type": "Pass"}))["stateMachineArn"]
    late = story("states.CreateStateMachine", name="late", roleArn=ROLE,
                 definition=machine({"Type": "Wait", "Seconds": 99}, TimeoutSeconds=2))["stateMachineArn"]
    long = story("states.CreateStateMachine", name="long", definition=FOR_EVER, roleArn=ROLE)["stateMachineArn"]
    unanswered = story("states.CreateStateMachine", name="unanswered", roleArn=ROLE, definition=machine(
        {"Type": "Task", "Resource": states("activity", "work"), "TimeoutSeconds": 60, "HeartbeatSeconds": 2,
         "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "S1"}]},
        {"Type": "Fail", "Error": "Nobody", "Cause": "answered"}))["stateMachineArn"]
    silent = story("states.StartExecution", stateMachineArn=unanswered, name="one")["executionArn"]
    story("states.GetActivityTask", activityArn=states("activity", "work"), workerName="silent")
    waits = story("states.StartExecution", stateMachineArn=short, name="one")["executionArn"]
    times_out = story("states.StartExecution", stateMachineArn=late, name="one")["executionArn"]
    stopped = story("states.StartExecution", stateMachineArn=long, name="one")["executionArn"]
    story("states.StartExecution", stateMachineArn=long, name="two")
    page = story("states.ListExecutions", stateMachineArn=long, maxResults=1)
    story("states.ListExecutions", stateMachineArn=long, maxResults=1, nextToken=page["nextToken"])
    first = story("states.StopExecution", executionArn=stopped, error="Enough", cause="it was long")
    again = story("states.StopExecution", executionArn=stopped)
    story.client.want("its end stays", first == again, again)
    story("states.DescribeExecution", executionArn=stopped)
    first = story("states.RedriveExecution", executionArn=stopped, clientToken="once")
    again = story("states.RedriveExecution", executionArn=stopped, clientToken="once")
    story.client.want("a redrive for each client token", first == again, again)
    story("states.DescribeExecution", executionArn=stopped)
    story.refused("ExecutionNotRedrivable", "states.RedriveExecution", executionArn=stopped)
    story("states.GetExecutionHistory", executionArn=stopped, reverseOrder=True, maxResults=2)
    story("states.ListExecutions", stateMachineArn=long, redriveFilter="REDRIVEN")
    story.ended(silent)
    story.ended(waits)
    story.ended(times_out)
    story("states.StartSyncExecution", stateMachineArn=states("stateMachine", "quick"), input='{"a": 1}')


def nested(story):
    child = story("states.CreateStateMachine", name="child", roleArn=ROLE,
                  definition=activity_task("work"))["stateMachineArn"]
    parent = story("states.CreateStateMachine", name="parent", roleArn=ROLE, definition=machine(
        {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
         "Parameters": {"StateMachineArn": child, "Name": "child-of-one", "Input": {"n": 1}}}))["stateMachineArn"]
    execution = story("states.StartExecution", stateMachineArn=parent, name="one")["executionArn"]
    task = story("states.GetActivityTask", activityArn=states("activity", "work"), workerName="w")
    story("states.SendTaskSuccess", taskToken=task["taskToken"], output='{"done": true}')
    story.ended(execution)
    story("states.DescribeExecution", executionArn=states("execution", "child:child-of-one"))


def ends(story, queue_url):
    long = states("stateMachine", "long")
    story("states.DeleteStateMachine", stateMachineArn=long)
    story("states.DescribeStateMachine", stateMachineArn=long)
    story.refused("StateMachineDeleting", "states.StartExecution", stateMachineArn=long)
    orders = states("stateMachine", "orders")
    story.refused("ConflictException", "states.DeleteStateMachineVersion", stateMachineVersionArn=f"{orders}:2")
    story("states.DeleteStateMachineAlias", stateMachineAliasArn=f"{orders}:live")
    story("states.DeleteStateMachineVersion", stateMachineVersionArn=f"{orders}:2")
    story("states.ListStateMachineAliases", stateMachineArn=orders)
    story("states.ListStateMachineVersions", stateMachineArn=orders)
    story("states.DeleteStateMachine", stateMachineArn=orders)
    story.refused("StateMachineDoesNotExist", "states.DescribeStateMachine", stateMachineArn=orders)
    story("states.DeleteActivity", activityArn=states("activity", "work"))
    story("states.ListActivities")
    story("lambda.DeleteFunction", FunctionName="echo")
    story("lambda.DeleteFunction", FunctionName="later")
    story("lambda.ListFunctions")
    story("sqs.PurgeQueue", QueueUrl=queue_url)
    story("sqs.DeleteQueue", QueueUrl=queue_url)
    story("sqs.ListQueues")
    story("logs.DeleteLogGroup", logGroupName="/shop/orders")
    story("logs.DescribeLogGroups", logGroupNamePrefix="/shop")
    story("states.ListStateMachines")
