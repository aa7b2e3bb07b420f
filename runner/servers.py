"""`./dev servers`: a lasting pair for a developer, so that tests and commands can be run again and again."""

import os
import shlex
import signal
import sys
from pathlib import Path

from runner import postgres, valkey
from runner.account import service_account
from runner.pair import Pair, lay_out, start_pair
from runner.paths import PROJECT


def run_servers(arguments: list[str]) -> int:
    """`start` (the default) prints the exports of a running pair; `stop` ends it."""
    verb = arguments[0] if arguments else "start"
    folder = PROJECT / ".data" / "servers"
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    pair = lay_out(folder, service_account())
    if verb == "start":
        _start(pair)
        _print_exports(pair)
        return 0
    if verb == "stop":
        _stop(pair)
        return 0
    sys.stderr.write("usage: ./dev servers [start | stop]\n")
    return 2


def _start(pair: Pair) -> None:
    if postgres.is_ready(pair.cluster) and valkey.is_ready(pair.store):
        return
    _stop(pair)
    start_pair(pair, [])


def _stop(pair: Pair) -> None:
    """End both by the numbers they wrote down themselves."""
    pid_file = pair.cluster.data / "postmaster.pid"
    if postgres.is_ready(pair.cluster):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        postgres.wait_until(lambda: not pid_file.exists(), 20)
    valkey.shut_down(pair.store)


def _print_exports(pair: Pair) -> None:
    for name, value in pair.environment.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stderr.write(f"Servers run from {_short(pair.folder)}. Stop them with: ./dev servers stop\n")


def _short(folder: Path) -> str:
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
