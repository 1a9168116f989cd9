"""What a suite talks to: one client, whichever it is, that notes what it has driven.

`client("states.CreateActivity", name="a")` gives the output. `client.refused("InvalidArn",
"states.DescribeActivity", activityArn="x")` wants this error and no other; what is not as wanted is noted
and the suite goes on, so that one run tells everything."""

import concurrent.futures

import botocore.session

SERVICES = {"states": "stepfunctions", "lambda": "lambda", "sqs": "sqs", "logs": "logs"}
_MODELS = {}


def model(service):
    """botocore's model of a service: what both clients know of it."""
    if service not in _MODELS:
        loader = botocore.session.get_session()
        _MODELS[service] = loader.get_service_model(SERVICES[service])
    return _MODELS[service]


# Codes of SQS's older protocol whose last part is not the name in the model.
_QUERY_NAMES = {"NonExistentQueue": "QueueDoesNotExist", "QueueAlreadyExists": "QueueNameExists"}


def error_name(service, code):
    """The name in the model for a code of the wire: SQS's are those of its older protocol."""
    if service != "sqs":
        return code
    last = code.rpartition(".")[2]
    return _QUERY_NAMES.get(last, last)


class Refused(Exception):
    """An error answer."""

    def __init__(self, code, message, status=None, more=None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.more = code, message, status, more or {}


class Notes:
    """What was driven, and what was not as it should be."""

    def __init__(self):
        self.driven = set()
        self.wrong = []

    def wrong_with(self, what, text):
        self.wrong.append(f"{what}: {text}")
        print(f"  WRONG {what}: {text}", flush=True)


class Client:
    """A kind of client has `name` and `_call`."""

    name = None

    def __init__(self, notes):
        self.notes = notes
        self._threads = concurrent.futures.ThreadPoolExecutor(4)

    def __call__(self, what, **members):
        service, operation = what.split(".")
        output = self._call(service, operation, members)
        self.notes.driven.add((self.name, service, operation, "ok"))
        return output

    def refused(self, code, what, *, containing="", **members):
        service, operation = what.split(".")
        try:
            self._call(service, operation, members)
        except Refused as refused:
            if refused.code == code and containing in refused.message:
                self.notes.driven.add((self.name, service, operation, code))
            else:
                self.notes.wrong_with(f"{self.name} {what}", f"wanted {code} {containing}, got {refused}")
            return refused
        self.notes.wrong_with(f"{self.name} {what}", f"wanted {code} {containing}, was answered")
        return None

    def want(self, what, is_so, shown=""):
        """Notes it when something is not so."""
        if not is_so:
            self.notes.wrong_with(f"{self.name} {what}", f"is not so: {shown}")

    def meanwhile(self, what, **members):
        """The same call on a thread."""
        return self._threads.submit(self, what, **members)

    def end(self):
        self._threads.shutdown(wait=False, cancel_futures=True)
