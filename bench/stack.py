"""Postgres and Valkey of one bench size, in a data folder of its own, started by the product's runner."""

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from runner import postgres, valkey
from runner.database import ensure_database
from runner.errors import StartError
from runner.paths import PROJECT
from runner.practice import Practice, lay_out
from runner.process import Launch
from runner.supervisor import Service, Supervisor

# While loading: nothing is worth keeping until all of it is there.
LOADING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "512MB",
}
WEB_WORKERS = "2"


@dataclasses.dataclass
class Stack:
    """What runs: the practice's folders and addresses, and the services started so far."""

    practice: Practice
    supervisor: Supervisor

    @property
    def owner_url(self) -> str:
        cluster = self.practice.cluster
        if cluster is None:
            raise StartError("The bench runs on a Postgres of its own: unset DATABASE_URL.")
        return cluster.url("practice", "postgres", self.practice.secrets["POSTGRES_PASSWORD"])

    def run(self, *command: str, owner: bool = False, environment: Mapping[str, str] | None = None) -> str:
        """A Python program of the project to its end, as the servers' account; what it printed."""
        base = self.practice.owner_environment if owner else self.practice.environment
        log = self.practice.data / "logs" / "bench.log"
        log.unlink(missing_ok=True)
        service = Service("bench", self._launch(list(command), log, {**base, **(environment or {})}))
        service.begin()
        if service.child is None or service.child.wait() != 0:
            raise StartError(f"{' '.join(command)} failed:\n{log.read_text()[-3000:]}")
        return log.read_text()

    def serve(self, application: str, environment: Mapping[str, str]) -> None:
        """The production server with two workers on the loopback address."""
        command = [*self.practice.program("granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.practice.port), "--workers", WEB_WORKERS, "--blocking-threads", "8"]
        command += ["--no-ws", "--log-level", "warning", application]
        log = self.practice.data / "logs" / "web.log"
        launch = self._launch(command, log, {**self.practice.environment, **environment})
        self.supervisor.add(Service("web", launch, patience=12))
        if not postgres.wait_until(lambda: _answers(self.practice.port), 60):
            raise StartError(f"The web server did not answer:\n{log.read_text()[-3000:]}")

    def _launch(self, command: list[str], log: Path, environment: Mapping[str, str]) -> Launch:
        full = command if command[0] == sys.executable else [sys.executable, *command]
        practice = self.practice
        return Launch(
            full,
            account=practice.account,
            environment=dict(environment),
            folder=PROJECT,
            log=log,
            needs_search=practice.needs_search,
        )


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def running(customers: int | str, settings: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Postgres and Valkey up, the database there; everything down at the end."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        raise StartError("The bench fills a database of its own: unset DATABASE_URL and REDIS_URL.")
    os.environ["DATA_DIR"] = str(folder_of(customers))
    os.environ.setdefault("PORT", "8790")
    practice = lay_out()
    if practice.cluster is None or practice.store is None:
        raise StartError("The bench needs servers of its own.")
    practice.cluster = dataclasses.replace(practice.cluster, settings={**practice.cluster.settings, **(settings or {})})
    supervisor, logs = Supervisor(), practice.data / "logs"
    cluster, store = practice.cluster, practice.store
    try:
        postgres.prepare(cluster)
        supervisor.add(Service("Postgres", cluster.launch(logs / "postgres.log"), signal.SIGINT, 60))
        supervisor.add(Service("Valkey", store.launch(logs / "valkey.log")))
        if not postgres.wait_until(lambda: postgres.is_ready(cluster) and valkey.is_ready(store), 60):
            raise StartError(f"The servers did not start; see {logs}.")
        ensure_database(practice)
        yield Stack(practice, supervisor)
    finally:
        supervisor.stop_all()


def folder_of(customers: int | str) -> Path:
    """Where the database of one size (or of one name) lies."""
    return PROJECT / ".data" / f"bench-{customers}"


def commit() -> str:
    """The version measured."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
