"""A Postgres and a Valkey side by side, for tests and developers: private, quick, nothing worth keeping."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from runner import postgres, valkey
from runner.account import Account, give
from runner.engines import postgres_programs, valkey_program
from runner.errors import StartError
from runner.process import start
from runner.sockets import socket_folder

_SETTINGS = {
    **postgres.THROWAWAY,
    "shared_buffers": "64MB",
    "max_connections": "80",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "jit": "off",
}


@dataclass(frozen=True)
class Pair:
    cluster: postgres.Cluster
    store: valkey.Store
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the product needs to use this pair; what the caller has set wins."""
        own = {"DATABASE_URL": self.cluster.url("practice"), "REDIS_URL": self.store.url()}
        return {name: os.environ.get(name) or value for name, value in own.items()} | {
            "DATA_DIR": str(self.folder / "data")
        }


def lay_out(folder: Path, account: Account | None) -> Pair:
    """Prepare the pair's folders and programs below `folder`."""
    give(folder, account)
    store_of_programs = folder / "programs"
    store_of_programs.mkdir(exist_ok=True)
    give(store_of_programs, account)
    (folder / "data").mkdir(exist_ok=True)
    sockets = socket_folder(folder, account)
    cluster = postgres.Cluster(
        postgres_programs(store_of_programs, account), folder / "postgres", sockets, account, settings=_SETTINGS
    )
    return Pair(
        cluster,
        valkey.Store(valkey_program(store_of_programs, account), folder / "valkey", sockets, account, False),
        folder,
    )


def start_pair(
    pair: Pair,
    children: "list[subprocess.Popen[bytes]]",
    *,
    postgres_dies_by: Signals | None = None,
    valkey_dies_by: Signals | None = None,
) -> None:
    """Start what is not provided from outside, add it to `children`, and wait until it answers."""
    if not os.environ.get("DATABASE_URL"):
        fresh = postgres.prepare(pair.cluster)
        log = pair.folder / "postgres.log"
        children.append(start(pair.cluster.launch(log, postgres_dies_by)))
        _await(lambda: postgres.is_ready(pair.cluster), children[-1], log)
        if fresh:
            postgres.query(pair.cluster, "CREATE DATABASE practice")
    if not os.environ.get("REDIS_URL"):
        log = pair.folder / "valkey.log"
        children.append(start(pair.store.launch(log, valkey_dies_by)))
        _await(lambda: valkey.is_ready(pair.store), children[-1], log)


def _await(ready: Callable[[], bool], child: "subprocess.Popen[bytes]", log: Path) -> None:
    if not postgres.wait_until(lambda: child.poll() is not None or ready(), 30) or child.poll() is not None:
        raise StartError(f"A server did not start:\n{log.read_text()[-2000:]}")
