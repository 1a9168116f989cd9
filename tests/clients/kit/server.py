"""`stepwell serve` on a data folder of its own, with requests signed and checked."""

import configparser
import json
import os
import re
import signal
import subprocess
import threading
import time

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
ACCOUNT = "123456789012"
REGION = "us-east-1"


class Server:
    """Started again on the same data folder, it has the same address: clients need not be told."""

    def __init__(self, stepwell, folder):
        self.stepwell = stepwell
        self.data_folder = os.path.join(folder, "data")
        self.log = os.path.join(folder, "server.log")
        self.port = 0
        self.process = None
        self.url = None

    def start(self):
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            self.process = subprocess.Popen(
                [self.stepwell, "serve", "--data-dir", self.data_folder, "--listen", f"127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            said = self._banner()
            if self.url:
                return self
            self.process.wait()
            # A port of before may still be busy with what was said on it.
            if time.monotonic() > deadline or "cannot listen" not in said:
                raise AssertionError(f"the server does not start: {said}")
            time.sleep(0.05)

    def _banner(self):
        """Reads until the server is ready, and leaves a thread that goes on reading."""
        said = []
        self.url = None
        for line in self.process.stderr:
            said.append(line)
            found = re.search(r"listens on (http://127\.0\.0\.1:(\d+))", line)
            if found:
                self.url, self.port = found[1], int(found[2])
                break
        threading.Thread(target=self._drain, args=(self.process, said), daemon=True).start()
        return "".join(said)

    def _drain(self, process, said):
        with open(self.log, "a", encoding="utf-8") as log:
            log.writelines(said)
            for line in process.stderr:
                log.write(line)

    def stop(self, how=signal.SIGTERM):
        """SIGTERM has to end it cleanly; SIGKILL asks nobody."""
        self.process.send_signal(how)
        code = self.process.wait(STOP_SECONDS_MAX)
        if how == signal.SIGTERM and code != 0:
            raise AssertionError(f"the server ended with {code} when it was told to stop")

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def first_key(self):
        """The key that a new data folder begins with; it may do everything."""
        file = configparser.ConfigParser()
        file.read(os.path.join(self.data_folder, "credentials"))
        return file["default"]["aws_access_key_id"], file["default"]["aws_secret_access_key"]

    def key(self, *rules):
        """A further key: `key("--allow", "states:Describe*")`."""
        made = subprocess.run(
            [self.stepwell, "keys", "--data-dir", self.data_folder, "--output", "json", "create", *rules],
            capture_output=True, text=True, check=True)
        key = json.loads(made.stdout)
        return key["accessKeyId"], key["secretAccessKey"]

    def environment(self, key, config):
        """What a person exports. The region and the host prefix are those of the banner."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_ACCESS_KEY_ID": key[0],
            "AWS_SECRET_ACCESS_KEY": key[1],
            "AWS_CONFIG_FILE": config,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }
