"""The names of things, and definitions that the suites share."""

import json
import os

from kit.server import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/stepwell"


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def states(kind, name):
    return arn("states", f"{kind}:{name}")


def machine(*steps, **more):
    """A definition of states one after the other, each named by its place: `S0`, `S1`."""
    last = len(steps) - 1
    named = {}
    for place, step in enumerate(steps):
        step = dict(step)
        if step["Type"] not in ("Fail", "Succeed"):
            step |= {"End": True} if place == last else {"Next": f"S{place + 1}"}
        named[f"S{place}"] = step
    return json.dumps({"StartAt": "S0", "States": named} | more)


PASS = machine({"Type": "Pass"})
OTHER = machine({"Type": "Pass", "Result": 2})
FAIL = machine({"Type": "Fail", "Error": "Broken", "Cause": "on purpose"})
FOR_EVER = machine({"Type": "Wait", "Seconds": 99_999_999})


def activity_task(name, **more):
    return machine({"Type": "Task", "Resource": states("activity", name)} | more)


def call_back(queue_url, **more):
    """Sends its task token to a queue and waits."""
    return machine({
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue_url, "MessageBody": {"token.$": "$$.Task.Token"}},
    } | more)


class Components:
    """Components that were built beforehand, by the names of their tasks."""

    def __init__(self, folder):
        self.folder = folder

    def __getitem__(self, name):
        with open(os.path.join(self.folder, name + ".wasm"), "rb") as file:
            return file.read()


# A component that exports nothing.
EMPTY_COMPONENT = b"\0asm\x0d\0\x01\0"
