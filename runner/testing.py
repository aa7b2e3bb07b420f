"""`./dev test`: pytest against servers of its own that vanish with it, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from runner.account import service_account
from runner.janitor import Janitor
from runner.libraries import ensure_chromium, ensure_pango
from runner.pair import lay_out, start_pair
from runner.paths import PROJECT
from runner.process import Launch, bind_to_parent, start, stop


def run_tests(arguments: list[str]) -> int:
    """Run pytest with the given arguments (none: everything, one process for each core); its exit code."""
    ensure_pango()
    chromium = ensure_chromium()
    signal.signal(signal.SIGTERM, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="practice-test-"))
    janitor = Janitor(folder)
    children: list[subprocess.Popen[bytes]] = []
    try:
        pair = lay_out(folder, service_account())
        start_pair(pair, children, postgres_dies_by=signal.SIGQUIT, valkey_dies_by=signal.SIGKILL)
        browser = {"CHROMIUM": chromium} if chromium else {}
        environment = os.environ | pair.environment | browser
        children.append(_migrate_ahead(environment, folder / "migrate.log"))
        return _pytest(arguments or _everything(), environment)
    except KeyboardInterrupt:
        return 130
    finally:
        for child in reversed(children):
            stop(child, signal.SIGQUIT, 5)
        janitor.finish()


def _migrate_ahead(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """Migrate the database while the tests are being collected. Whoever needs it first waits, or finds what is wrong with it."""
    command = [sys.executable, "-m", "tests.database"]
    return start(Launch(command, environment=environment, folder=PROJECT, log=log, death_signal=signal.SIGKILL))


def _everything() -> list[str]:
    """One process more than cores: browsers, workers that are killed and servers that start leave a core idle.

    Files go out whole, in the order of `tests/order.py`: the longest first, so that none is left alone at the end.
    """
    processes = min(5, (os.cpu_count() or 1) + 1)
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "25"]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    parent = os.getpid()
    child = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=PROJECT,
        env=environment,
        preexec_fn=lambda: bind_to_parent(signal.SIGKILL, parent),
    )
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        try:
            return child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            return 130
