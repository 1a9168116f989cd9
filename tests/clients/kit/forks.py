"""The aws CLI, many times and quickly: a process that has loaded it and forks for each command.

A fork runs `awscli.clidriver.main`, which is all that the script `aws` does; only the second which Python needs
to load it is saved. `python forks.py SOCKET` serves; each connection is one command."""

import json
import os
import signal
import socket
import sys

import awscli.clidriver
import awscli.customizations.commands  # noqa: F401  loaded once rather than in each fork


def serve(path):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Loads the models and plug-ins that every command needs.
    awscli.clidriver.create_clidriver()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run(connection)
            os._exit(0)
        connection.close()


def run(connection):
    with connection.makefile("r", encoding="utf-8") as reader:
        command = json.loads(reader.readline())
    for path, to in ((command["out"], 1), (command["err"], 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, to)
        os.close(file)
    os.environ.update(command["environment"])
    sys.argv = ["aws", *command["arguments"]]
    try:
        code = awscli.clidriver.main()
    except SystemExit as exit_:
        code = exit_.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(f"{code}\n".encode())
    connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
