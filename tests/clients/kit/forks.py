"""The aws CLI, many times and quickly: a process that has loaded it and forks for each command.

A fork does what the script `aws` does, with a driver that has read the models of the services already: saved is
the second which Python needs for that. `python forks.py SOCKET` serves; each connection is one command."""

import json
import os
import select
import signal
import socket
import sys

import awscli.clidriver


def serve(path):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    driver = awscli.clidriver.create_clidriver()
    for service in ("stepfunctions", "lambda", "sqs", "logs"):
        driver.session.get_service_model(service)
    driver.session.get_component("data_loader").load_data("endpoints")
    driver.session.get_data("cli")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            # Nothing is ever written there: whoever wanted this process is gone.
            return
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run(driver, connection)
            os._exit(0)
        connection.close()


def run(driver, connection):
    with connection.makefile("r", encoding="utf-8") as reader:
        command = json.loads(reader.readline())
    for path, to in ((command["out"], 1), (command["err"], 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, to)
        os.close(file)
    try:
        code = driver.main(command["arguments"])
    except SystemExit as exit_:
        code = exit_.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(f"{code}\n".encode())
    connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
