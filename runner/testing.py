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
from runner.process import bind_to_parent, stop


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
        return _pytest(arguments or _everything(), os.environ | pair.environment | browser)
    except KeyboardInterrupt:
        return 130
    finally:
        for child in reversed(children):
            stop(child, signal.SIGQUIT, 5)
        janitor.finish()


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

    def begin(module: str, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", module, *words]
        return subprocess.Popen(
            command, cwd=PROJECT, env=environment, preexec_fn=lambda: bind_to_parent(signal.SIGKILL, parent)
        )

    # The database is migrated while the tests are still being collected; whoever needs it first waits for it.
    begin("tests.database")
    child = begin("pytest", *arguments)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        try:
            return child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            return 130
