"""SQS: queues, messages, batches."""

import json

from kit.poll import until
from kit.rig import arn

NONE = "QueueDoesNotExist"
INVALID = "InvalidParameterValue"
MISSING = "MissingParameter"


def drive(client, rig):
    url = queues(client)
    messages(client, url)
    batches(client, url)
    fifo(client)
    tags(client, url)
    purge_and_delete(client, url)


def queues(client):
    what = "sqs.CreateQueue"
    url = client(what, QueueName="work", Attributes={"VisibilityTimeout": "5"})["QueueUrl"]
    client.want("a queue is made once", client(what, QueueName="work", Attributes={"VisibilityTimeout": "5"})[
        "QueueUrl"] == url, url)
    for code, members in [
        ("QueueNameExists", {"QueueName": "work", "Attributes": {"VisibilityTimeout": "6"}}),
        ("InvalidAttributeName", {"QueueName": "x", "Attributes": {"Colour": "red"}}),
        ("InvalidAttributeValue", {"QueueName": "x", "Attributes": {"VisibilityTimeout": "long"}}),
        (INVALID, {"QueueName": "no good"}),
    ]:
        client.refused(code, what, **members)
    client.want("its URL", client("sqs.GetQueueUrl", QueueName="work")["QueueUrl"] == url, url)
    client.refused(NONE, "sqs.GetQueueUrl", QueueName="nobody")
    what = "sqs.SetQueueAttributes"
    client(what, QueueUrl=url, Attributes={"VisibilityTimeout": "43200"})
    nowhere = url.replace("work", "nobody")
    for code, members in [
        (NONE, {"QueueUrl": nowhere, "Attributes": {"DelaySeconds": "0"}}),
        ("InvalidAttributeName", {"QueueUrl": url, "Attributes": {"Colour": "red"}}),
        ("InvalidAttributeValue", {"QueueUrl": url, "Attributes": {"DelaySeconds": "901"}}),
    ]:
        client.refused(code, what, **members)
    shown = client("sqs.GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"]
    client.want("its attributes", (shown["VisibilityTimeout"], shown["QueueArn"]) == ("43200", arn("sqs", "work")),
                shown)
    client.refused(NONE, "sqs.GetQueueAttributes", QueueUrl=nowhere)
    client.refused("InvalidAttributeName", "sqs.GetQueueAttributes", QueueUrl=url, AttributeNames=["Colour"])
    dead = client("sqs.CreateQueue", QueueName="dead")["QueueUrl"]
    client(what, QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(
        {"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": 3})})
    sources = client("sqs.ListDeadLetterSourceQueues", QueueUrl=dead)["queueUrls"]
    client.want("whose dead letters come here", sources == [url], sources)
    client.refused(NONE, "sqs.ListDeadLetterSourceQueues", QueueUrl=nowhere)
    page = client("sqs.ListQueues", MaxResults=1)
    client.want("a page of queues", page["QueueUrls"] == [dead], page)
    page = client("sqs.ListQueues", MaxResults=1, NextToken=page["NextToken"])
    client.want("the next page", page["QueueUrls"] == [url], page)
    client.refused(INVALID, "sqs.ListQueues", MaxResults=1, NextToken="nonsense")
    return url


def messages(client, url):
    nowhere = url.replace("work", "nobody")
    sent = client("sqs.SendMessage", QueueUrl=url, MessageBody="hello", MessageAttributes={
        "colour": {"DataType": "String", "StringValue": "red"}})
    taken = client("sqs.ReceiveMessage", QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"])["Messages"]
    told = [(one["MessageId"], one["Body"], one["MessageAttributes"]["colour"]["StringValue"]) for one in taken]
    client.want("the message", told == [(sent["MessageId"], "hello", "red")], taken)
    handle = taken[0]["ReceiptHandle"]
    client.want("it is invisible", not client("sqs.ReceiveMessage", QueueUrl=url).get("Messages"))
    client("sqs.ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    client.refused("MessageNotInflight", "sqs.ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=handle,
                   VisibilityTimeout=1)
    # One that waits is given what comes.
    again = client("sqs.ReceiveMessage", QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["ReceiptHandle"]
    waiting = client.meanwhile("sqs.ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20)
    client("sqs.SendMessage", QueueUrl=url, MessageBody="second")
    second = waiting.result(60)["Messages"][0]
    client.want("a long poll is answered by the next message", second["Body"] == "second", second)
    client("sqs.DeleteMessage", QueueUrl=url, ReceiptHandle=again)
    client("sqs.DeleteMessage", QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
    for code, what, members in [
        (NONE, "SendMessage", {"QueueUrl": nowhere, "MessageBody": "x"}),
        ("InvalidMessageContents", "SendMessage", {"MessageBody": "\u0001"}),
        ("UnsupportedOperation", "SendMessage", {"MessageBody": "x", "MessageAttributes": {
            "list": {"DataType": "String", "StringListValues": ["a"]}}}),
        (INVALID, "SendMessage", {"MessageBody": "x", "DelaySeconds": 901}),
        (MISSING, "SendMessage", {"MessageBody": ""}),
        (NONE, "ReceiveMessage", {"QueueUrl": nowhere}),
        (INVALID, "ReceiveMessage", {"MaxNumberOfMessages": 11}),
        (NONE, "DeleteMessage", {"QueueUrl": nowhere, "ReceiptHandle": "x"}),
        ("ReceiptHandleIsInvalid", "DeleteMessage", {"ReceiptHandle": "nonsense"}),
        (NONE, "ChangeMessageVisibility", {"QueueUrl": nowhere, "ReceiptHandle": "x", "VisibilityTimeout": 1}),
        ("ReceiptHandleIsInvalid", "ChangeMessageVisibility", {"ReceiptHandle": "nonsense", "VisibilityTimeout": 1}),
        (INVALID, "ChangeMessageVisibility", {"ReceiptHandle": again, "VisibilityTimeout": 43_201}),
    ]:
        client.refused(code, f"sqs.{what}", **({"QueueUrl": url} | members))


def batches(client, url):
    nowhere = url.replace("work", "nobody")
    sent = client("sqs.SendMessageBatch", QueueUrl=url, Entries=[
        {"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}, {"Id": "c", "MessageBody": "\u0001"}])
    client.want("two are sent, one is not", (len(sent["Successful"]), [one["Code"] for one in sent["Failed"]])
                == (2, ["InvalidMessageContents"]), sent)
    taken = client("sqs.ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    handles = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(taken)]
    changed = client("sqs.ChangeMessageVisibilityBatch", QueueUrl=url, Entries=[
        one | {"VisibilityTimeout": 60} for one in handles])
    client.want("both are changed", len(changed["Successful"]) == 2, changed)
    deleted = client("sqs.DeleteMessageBatch", QueueUrl=url, Entries=handles)
    client.want("both are deleted", len(deleted["Successful"]) == 2, deleted)
    for what, more in [("SendMessageBatch", {"MessageBody": "x"}), ("DeleteMessageBatch", {"ReceiptHandle": "x"}),
                       ("ChangeMessageVisibilityBatch", {"ReceiptHandle": "x", "VisibilityTimeout": 1})]:
        for code, ids in [("EmptyBatchRequest", []), ("TooManyEntriesInBatchRequest", [str(n) for n in range(11)]),
                          ("BatchEntryIdsNotDistinct", ["a", "a"]), ("InvalidBatchEntryId", ["no good"])]:
            client.refused(code, f"sqs.{what}", QueueUrl=url, Entries=[{"Id": one} | more for one in ids])
        client.refused(NONE, f"sqs.{what}", QueueUrl=nowhere, Entries=[{"Id": "a"} | more])
    half = "x" * 600_000
    client.refused("BatchRequestTooLong", "sqs.SendMessageBatch", QueueUrl=url, Entries=[
        {"Id": "a", "MessageBody": half}, {"Id": "b", "MessageBody": half}])


def fifo(client):
    url = client("sqs.CreateQueue", QueueName="line.fifo", Attributes={
        "FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
    first = client("sqs.SendMessage", QueueUrl=url, MessageBody="1", MessageGroupId="g")
    again = client("sqs.SendMessage", QueueUrl=url, MessageBody="1", MessageGroupId="g")
    client.want("sent once", first["SequenceNumber"] == again["SequenceNumber"], again)
    client("sqs.SendMessage", QueueUrl=url, MessageBody="2", MessageGroupId="g")
    taken = client("sqs.ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    client.want("in order", [one["Body"] for one in taken] == ["1", "2"], taken)
    client("sqs.DeleteQueue", QueueUrl=url)


def tags(client, url):
    nowhere = url.replace("work", "nobody")
    client("sqs.TagQueue", QueueUrl=url, Tags={"team": "shop", "stage": "test"})
    client("sqs.UntagQueue", QueueUrl=url, TagKeys=["stage"])
    shown = client("sqs.ListQueueTags", QueueUrl=url)
    client.want("one tag", shown["Tags"] == {"team": "shop"}, shown)
    client.refused(NONE, "sqs.TagQueue", QueueUrl=nowhere, Tags={"a": "b"})
    client.refused(NONE, "sqs.UntagQueue", QueueUrl=nowhere, TagKeys=["a"])
    client.refused(NONE, "sqs.ListQueueTags", QueueUrl=nowhere)


def purge_and_delete(client, url):
    nowhere = url.replace("work", "nobody")
    client("sqs.SendMessage", QueueUrl=url, MessageBody="old")
    client("sqs.PurgeQueue", QueueUrl=url)
    client.refused("PurgeQueueInProgress", "sqs.PurgeQueue", QueueUrl=url)
    client.refused(NONE, "sqs.PurgeQueue", QueueUrl=nowhere)
    until(lambda: client("sqs.GetQueueAttributes", QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
        "Attributes"]["ApproximateNumberOfMessages"] == "0", "the queue is purged")
    client("sqs.DeleteQueue", QueueUrl=url)
    client("sqs.DeleteQueue", QueueUrl=url.replace("work", "dead"))
    client.refused(NONE, "sqs.DeleteQueue", QueueUrl=nowhere)
    until(lambda: not client("sqs.ListQueues").get("QueueUrls"), "no queue is left")
