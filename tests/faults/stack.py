"""Real programs for fault tests: a Valkey that may be killed, workers and the clock on the test database."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from runner import valkey
from runner.engines import valkey_program
from runner.paths import PROJECT
from runner.process import Launch, start, stop
from runner.sockets import socket_folder


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Poll the database or a process; the bound is the promise of the fault's row in the plan."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


@dataclass
class Broker:
    """A Valkey of one test."""

    store: valkey.Store
    folder: Path
    child: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def at(cls, folder: Path) -> "Broker":
        sockets = socket_folder(folder, None)
        return cls(valkey.Store(valkey_program(folder, None), folder / "valkey", sockets, None, False), folder)

    def begin(self) -> None:
        self.child = start(self.store.launch(self.folder / "valkey.log", signal.SIGKILL))
        assert wait_for(lambda: valkey.is_ready(self.store), 20)

    def kill(self) -> None:
        """Gone with all it held: it keeps no file, so the next one starts empty."""
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def send(self, number: signal.Signals) -> None:
        assert self.child is not None
        self.child.send_signal(number)

    def end(self) -> None:
        if self.child is not None:
            self.child.send_signal(signal.SIGCONT)
            stop(self.child, signal.SIGKILL)
        shutil.rmtree(self.store.sockets)


@dataclass
class Stack:
    """Workers and a clock with quick leases and sweeps, on the database of the test."""

    database_url: str
    broker: Broker
    folder: Path
    children: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.broker.store.url(),
            "DJANGO_SETTINGS_MODULE": "optics.settings.test",
            "DATA_DIR": str(self.folder),
            "FAULT_WORKER": "1",
            "JOB_LEASE_SECONDS": "4",
            "JOB_SWEEP_SECONDS": "1",
        }

    def _start(self, app: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "-A", app, *arguments]
        child = start(Launch(command, environment=self.environment, folder=PROJECT, log=self.folder / "celery.log"))
        self.children.append(child)
        return child

    def worker(self) -> "subprocess.Popen[bytes]":
        options = ["--autoscale=2,1", "--include", "tests.faults.handlers", "--loglevel", "warning"]
        return self._start("optics", "worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat")

    def clock(self) -> "subprocess.Popen[bytes]":
        return self._start(
            "optics.beat", "beat", "--scheduler", "optics.beat:Clock", "--pidfile=", "--loglevel", "warning"
        )

    def end(self) -> None:
        for child in self.children:
            stop(child, signal.SIGKILL)
