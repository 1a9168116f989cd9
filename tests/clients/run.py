#!/usr/bin/env python3
"""Drives a Stepwell server with AWS's own clients.

    run.py SUITE --stepwell target/debug/stepwell --components FOLDER --driven FILE

SUITE is one of those below. What was driven goes to FILE as JSON: [client, service, operation, outcome]."""

import argparse
import contextlib
import importlib
import json
import os
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from kit import errors  # noqa: E402
from kit.client import Notes  # noqa: E402
from kit.rig import Components  # noqa: E402
from kit.server import Server  # noqa: E402

PARTS = ["machines", "executions", "functions", "queues", "logs", "access"]
OWN_PARTS = {"boto3": ["sdk"], "aws": ["tour"]}
CONFIG = "[default]\nparameter_validation = false\nmax_attempts = 1\ncli_read_timeout = 90\n"
LOG_LINES_SHOWN = 60
# What takes a hundred calls is not done once more with a client that needs a tenth of a second for each.
BOTO3_ALONE = {("states", "CreateStateMachineAlias", "ServiceQuotaExceededException")}


class Rig:
    """What a suite finds: the server, its first key, components, a folder of its own."""

    def __init__(self, arguments, folder):
        self.stepwell = arguments.stepwell
        self.folder = folder
        self.components = Components(arguments.components)
        self.server = Server(arguments.stepwell, folder)

    def environment(self, key=None):
        config = os.path.join(self.folder, "config")
        if not os.path.exists(config):
            with open(config, "w", encoding="utf-8") as file:
                file.write(CONFIG)
        return self.server.environment(key or self.server.first_key(), config)


    def client(self, like, key):
        """A client of the same kind with another key."""
        return make_client(like.name, like.notes, self.environment(key))


def make_client(kind, notes, environment):
    if kind == "boto3":
        from kit.sdk import Sdk
        return Sdk(notes, environment)
    from kit.cli import Cli
    return Cli(notes, environment)


@contextlib.contextmanager
def running(arguments, notes):
    """A server on a folder of its own, and boto3 to talk to it."""
    with tempfile.TemporaryDirectory(prefix="stepwell-clients-") as folder:
        rig = Rig(arguments, folder)
        rig.server.start()
        client = make_client("aws" if arguments.suite == "aws" else "boto3", notes, rig.environment())
        wrong = len(notes.wrong)
        try:
            yield rig, client
            rig.server.stop()
        except Exception:  # noqa: BLE001  told like everything else that is wrong
            notes.wrong_with(arguments.suite, traceback.format_exc())
        finally:
            client.end()
            rig.server.end()
            if len(notes.wrong) > wrong and os.path.exists(rig.server.log):
                with open(rig.server.log, encoding="utf-8") as log:
                    print("the server said at last:\n" + "".join(log.readlines()[-LOG_LINES_SHOWN:]))


def drive(arguments, notes):
    """The parts of the API, one after the other, with one kind of client."""
    parts = arguments.only.split(",") if arguments.only else PARTS + OWN_PARTS[arguments.suite]
    with running(arguments, notes) as (rig, client):
        for part in parts:
            began = time.monotonic()
            print(f"{client.name} {part}", flush=True)
            try:
                importlib.import_module(f"suites.{part}").drive(client, rig)
            except Exception:  # noqa: BLE001  the other parts are still worth running
                notes.wrong_with(f"{client.name} {part}", traceback.format_exc())
            print(f"  {time.monotonic() - began:.1f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=["boto3", "aws", "restarts", "terraform", "readme"])
    parser.add_argument("--stepwell", required=True)
    parser.add_argument("--components", required=True)
    parser.add_argument("--driven", help="where to write what was driven")
    parser.add_argument("--errors", help="the table of errors that are not driven")
    parser.add_argument("--only", help="these parts alone, separated by commas")
    arguments = parser.parse_args()
    notes = Notes()
    if arguments.suite in OWN_PARTS:
        drive(arguments, notes)
    else:
        suite = importlib.import_module(f"suites.{arguments.suite}")
        suite.compare(lambda: running(arguments, notes), notes)
    if arguments.errors:
        with open(os.environ["STEPWELL_OPERATIONS"], encoding="utf-8") as file:
            operations = json.load(file)
        driven = {(service, operation, outcome) for _, service, operation, outcome in notes.driven}
        if arguments.suite == "aws":
            driven |= BOTO3_ALONE
        errors.compare(arguments.errors, operations, driven, notes)
    if arguments.driven:
        with open(arguments.driven, "w", encoding="utf-8") as file:
            json.dump(sorted(notes.driven), file)
    print(f"{len(notes.driven)} outcomes, {len(notes.wrong)} wrong")
    sys.exit(1 if notes.wrong else 0)


if __name__ == "__main__":
    main()
