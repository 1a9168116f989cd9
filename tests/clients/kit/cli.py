"""The aws CLI as the client: members become options, as somebody would type them."""

import datetime
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile

from botocore import xform_name

from kit.client import SERVICES, Client, Refused, error_name, model

# Operations whose answer is a file that the command line names.
TO_FILE = {("lambda", "Invoke"): "Payload"}
# Options whose name was taken.
RENAMED = {("SendTaskSuccess", "output"): "--task-output"}
# Members whose option is this CLI's own, about items and not about the items of a page.
TAKEN = {("lambda", "MaxItems"), ("lambda", "Marker")}
COMMAND_SECONDS_MAX = 120


def zipped(code):
    """This CLI looks into what it uploads, and lets zips pass only."""
    if zipfile.is_zipfile(io.BytesIO(code)):
        return code
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("task.wasm", code)
    return out.getvalue()


class Cli(Client):
    """Each command is a process of its own (see `forks`), with the environment that the banner asks for."""

    name = "aws"

    def __init__(self, notes, environment):
        super().__init__(notes)
        self._environment = environment
        self._folder = tempfile.mkdtemp(prefix="cli-")
        self._count = 0
        self._socket = os.path.join(self._folder, "forks")
        forks = os.path.join(os.path.dirname(__file__), "forks.py")
        self._forks = subprocess.Popen([sys.executable, forks, self._socket], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True, env=environment)
        if self._forks.stdout.readline() != "ready\n":
            raise AssertionError("the aws CLI does not load")

    def end(self):
        super().end()
        self._forks.kill()
        self._forks.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, *arguments):
        """A command: its exit code, stdout, stderr."""
        out, err = self._file("out"), self._file("err")
        command = {"arguments": arguments, "out": out, "err": err}
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(COMMAND_SECONDS_MAX)
            connection.connect(self._socket)
            connection.sendall(json.dumps(command).encode() + b"\n")
            with connection.makefile("r") as reader:
                code = reader.readline().strip()
        with open(out, encoding="utf-8") as said, open(err, encoding="utf-8") as complained:
            return int(code or -1), said.read(), complained.read()

    def _file(self, ending, content=None):
        self._count += 1
        path = os.path.join(self._folder, f"{self._count}.{ending}")
        if content is not None:
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def _call(self, service, operation, members):
        arguments = [SERVICES[service], xform_name(operation, "-")]
        if service == "sqs":
            # For SQS this CLI puts the address of the region in the place of AWS_ENDPOINT_URL.
            arguments += ["--endpoint-url", self._environment["AWS_ENDPOINT_URL"]]
        shapes = model(service).operation_model(operation).input_shape.members
        taken = {member: value for member, value in members.items() if (service, member) in TAKEN}
        if taken:
            arguments += ["--no-paginate", "--cli-input-json", json.dumps(taken)]
        for member, value in members.items():
            if member in taken:
                continue
            arguments += self._option(operation, member, value, shapes.get(member))
        written = None
        if (service, operation) in TO_FILE:
            written = self._file("payload", b"")
            arguments.append(written)
        code, out, err = self.run(*arguments)
        if code != 0:
            found = re.search(r"An error occurred \(([^)]+)\) when calling the \w+ operation[^:]*: ?(.*)", err, re.S)
            if not found:
                raise AssertionError(f"aws {' '.join(arguments)}: exit code {code}: {err}")
            raise Refused(error_name(service, found[1]), found[2].strip())
        output = json.loads(out) if out.strip() else {}
        if written:
            with open(written, "rb") as file:
                output[TO_FILE[(service, operation)]] = file.read()
        return output

    def _option(self, operation, member, value, shape):
        name = RENAMED.get((operation, member)) or "--" + xform_name(member, "-")
        if member == "Code" and isinstance(value, dict):
            member, name, value = "ZipFile", "--zip-file", value["ZipFile"]
        if member == "ZipFile":
            return [name, "fileb://" + self._file("zip", zipped(value))]
        if isinstance(value, bool):
            return [name if value else name.replace("--", "--no-", 1)]
        if isinstance(value, bytes):
            return [name, "fileb://" + self._file("bytes", value)]
        if isinstance(value, datetime.datetime):
            return [name, value.isoformat()]
        if isinstance(value, (dict, list)) or (shape is not None and shape.type_name in ("structure", "list", "map")):
            return [name, "file://" + self._file("json", json.dumps(value))]
        text = str(value)
        # An option must not begin like a file or an option.
        return [f"{name}={text}"] if len(text) < 100_000 else [name, "file://" + self._file("text", text)]
