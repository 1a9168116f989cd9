"""The commands of the README's section "Serve" work as typed: all but the first, which starts a server. This one has
another port and another folder."""

import json
import os
import re
import subprocess
import sys

from kit.poll import until
from kit.rig import states

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SERVE = "cargo run --release -- serve"
SECONDS_MAX = 900


def compare(make_rig, notes):
    with make_rig() as (rig, client):
        commands = section()
        client.want("the first command starts a server", commands.startswith(SERVE + "\n"), commands)
        typed = (commands.removeprefix(SERVE)
                 .replace("http://127.0.0.1:8085", rig.server.url)
                 .replace("$PWD/.stepwell", rig.server.data_folder))
        client.want("address and folder are those of the banner", typed.count(rig.server.url) == 1
                    and typed.count(rig.server.data_folder) == 1, typed)
        # cargo needs the environment that it was started with; the keys have to come from what is typed.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment["PATH"] = os.path.dirname(sys.executable) + os.pathsep + environment["PATH"]
        environment["AWS_PAGER"] = ""
        ran = subprocess.run(["bash", "-e", "-c", typed], cwd=REPOSITORY, env=environment, capture_output=True,
                             text=True, timeout=SECONDS_MAX, check=False)
        client.want("they work", ran.returncode == 0, f"{ran.returncode}: {ran.stdout}{ran.stderr}")
        execution = states("execution", "order-processing:first")

        def ended():
            shown = client("states.DescribeExecution", executionArn=execution)
            return shown if shown["status"] != "RUNNING" else None
        shown = until(ended, "the order is processed")
        client.want("the order is confirmed", shown["status"] == "SUCCEEDED"
                    and json.loads(shown["output"])["status"] == "CONFIRMED", shown)


def section():
    """The indented lines of the section, without their indentation."""
    with open(os.path.join(REPOSITORY, "README.md"), encoding="utf-8") as file:
        found = re.search(r"^## Serve\n(.*?)^## ", file.read(), re.M | re.S)
    return "\n".join(line[4:] for line in found[1].splitlines() if line.startswith("    ")) + "\n"
