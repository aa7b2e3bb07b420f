"""Remove a throw-away folder even when we are killed outright."""

import os
import subprocess
from pathlib import Path

# Waits for the end of its input (we are gone, however that came), lets the servers go down, then cleans up.
_SCRIPT = """
while read -r _; do :; done
n=0
while [ -e "$1/postgres/postmaster.pid" ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
rm -rf "$1"
"""


class Janitor:
    """Removes `folder` at `finish()`, or by itself when our process ends in any other way."""

    def __init__(self, folder: Path) -> None:
        self._child = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sh", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
            start_new_session=True,
        )

    def finish(self) -> None:
        if self._child.stdin:
            self._child.stdin.close()
        self._child.wait(30)
