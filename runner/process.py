"""Start a child that cannot outlive us, under an unprivileged account when we are root."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from runner.account import Account, search_capability

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Launch:
    """How to start one program. `death_signal` is what the kernel sends it when we die; None: it may stay."""

    command: Sequence[str]
    account: Account | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = Path("/")
    log: Path | None = None
    death_signal: signal.Signals | None = signal.SIGTERM
    needs_search: bool = False


def bind_to_parent(death_signal: signal.Signals | None, parent: int) -> None:
    """Runs in a child between fork and exec: the kernel ends it when we end."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job would start with it ignored
    if death_signal is None or _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _prefix(launch: Launch) -> list[str]:
    """The command before the command, where dropping to the account needs more than a change of number."""
    if launch.account is None or not launch.needs_search:
        return []
    drop = [*search_capability(), f"--reuid={launch.account.uid}", f"--regid={launch.account.gid}", "--clear-groups"]
    if launch.death_signal is not None:
        drop.append(f"--pdeathsig={launch.death_signal.name.removeprefix('SIG')}")
    return drop


def start(launch: Launch) -> "subprocess.Popen[bytes]":
    """Start the program in a session of its own; call from the main thread (the kernel watches that thread)."""
    prefix = _prefix(launch)
    drop = launch.account if not prefix else None
    parent = os.getpid()
    output: IO[bytes] | int = launch.log.open("ab") if launch.log else subprocess.DEVNULL
    try:
        return subprocess.Popen(
            [*prefix, *launch.command],
            cwd=launch.folder,
            env=dict(launch.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: bind_to_parent(launch.death_signal, parent),
            user=drop.uid if drop else None,
            group=drop.gid if drop else None,
            extra_groups=[] if drop else None,
        )
    finally:
        if not isinstance(output, int):
            output.close()


def stop(child: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask the child to end, insist after `seconds`, and end whatever it left in its session."""
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    end_group(child)


def end_group(child: "subprocess.Popen[bytes]") -> None:
    """Kill what a dead child left behind in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
