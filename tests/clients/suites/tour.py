"""`tour.sh`: the executable `aws`, options as people type them, waiters, pages."""

import os
import subprocess
import sys

SECONDS_MAX = 600


def drive(client, rig):
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    environment = rig.environment()
    environment["PATH"] = os.path.dirname(sys.executable) + os.pathsep + environment.get("PATH", "")
    tour = subprocess.run(
        ["bash", os.path.join(here, "tour.sh"), rig.components.folder], env=environment, capture_output=True,
        text=True, timeout=SECONDS_MAX, check=False)
    client.want("the tour ends well", tour.returncode == 0 and tour.stdout.endswith("ok\n"),
                tour.stdout + tour.stderr)
