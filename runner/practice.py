"""One practice on this machine: its folders, servers, addresses and programs."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from runner import postgres, valkey
from runner.account import Account, can_reach, private_folder, service_account
from runner.engines import postgres_programs, valkey_program
from runner.environment import first_start_secrets
from runner.errors import StartError
from runner.paths import PROJECT, data_folder
from runner.sockets import socket_folder

_SETTINGS = {"shared_buffers": "64MB", "max_connections": "60"}
_OWN_FOLDERS = ("logs", "mail", "media", "static", "cache")


@dataclass
class Practice:
    """What `up` starts and `manage` finds again. The servers are None where an address was given instead."""

    data: Path
    port: int
    account: Account | None
    needs_search: bool
    secrets: dict[str, str]
    cluster: postgres.Cluster | None
    store: valkey.Store | None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def owner_environment(self) -> dict[str, str]:
        """For migrations: the role that owns the tables. Web, worker and beat have one that cannot change history."""
        if self.cluster is None:
            return self.environment
        address = self.cluster.url("practice", "practice_owner", self.secrets["OWNER_PASSWORD"])
        return {**self.environment, "DATABASE_URL": address, "DATABASE_WEB_ROLE": "practice_web"}

    def program(self, name: str) -> list[str]:
        """The command of a Python module of our environment."""
        return [sys.executable, "-m", name]


def lay_out() -> Practice:
    """Folders, secrets and addresses of the practice that the caller's settings name. Starts nothing."""
    data = data_folder()
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    account = service_account()
    for name in _OWN_FOLDERS:
        private_folder(data / name, account)
    needs_search = account is not None and not _open_to(account, data)
    practice = Practice(data, _port(), account, needs_search, first_start_secrets(data), None, None)
    _add_servers(practice)
    practice.environment = _environment(practice)
    return practice


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {text}.")
    return int(text)


def _open_to(account: Account, data: Path) -> bool:
    """Whether the unprivileged account can read the project, its Python and the data folder as they lie."""
    needed = [
        PROJECT / "manage.py",
        PROJECT / "optics" / "urls.py",
        Path(sys.executable),
        Path(os.__file__),
        data / "logs",
    ]
    readable = all(path.resolve().stat().st_mode & 0o004 for path in needed[:-1])
    return readable and all(can_reach(path, account) for path in needed)


def _add_servers(practice: Practice) -> None:
    """Our own Postgres and Valkey, each unless an address was given."""
    programs = practice.data / "programs"
    programs.mkdir(exist_ok=True)
    sockets = socket_folder(practice.data, practice.account)
    if not os.environ.get("DATABASE_URL"):
        practice.cluster = postgres.Cluster(
            postgres_programs(programs, practice.account),
            practice.data / "postgres",
            sockets,
            practice.account,
            practice.secrets["POSTGRES_PASSWORD"],
            _SETTINGS,
            practice.needs_search,
        )
    if not os.environ.get("REDIS_URL"):
        program = valkey_program(programs, practice.account)
        practice.store = valkey.Store(
            program, practice.data / "valkey", sockets, practice.account, True, practice.needs_search
        )


def _environment(practice: Practice) -> dict[str, str]:
    """What every process of the product sees; the caller's own settings win."""
    own = {
        "SECRET_KEY": practice.secrets["SECRET_KEY"],
        "VAPID_PRIVATE_KEY": practice.secrets["VAPID_PRIVATE_KEY"],
        "DJANGO_SETTINGS_MODULE": "optics.settings.local",
        "PORT": str(practice.port),
        "SITE_URL": practice.url,
        "HOME": str(practice.data),
        "XDG_CACHE_HOME": str(practice.data / "cache"),
    }
    if practice.cluster:
        own["DATABASE_URL"] = practice.cluster.url("practice", "practice_web", practice.secrets["WEB_PASSWORD"])
    if practice.store:
        own["REDIS_URL"] = practice.store.url()
    kept = {name: value for name, value in os.environ.items() if name not in {"HOME", "XDG_CACHE_HOME"} and value}
    return own | kept | {"DATA_DIR": str(practice.data), "PYTHONUNBUFFERED": "1"}


def remember(practice: Practice, mail_port: int | None) -> None:
    """Note for `./dev manage` where the running practice listens."""
    facts = {"pid": os.getpid(), "port": practice.port, "mail_port": mail_port}
    (practice.data / "running.json").write_text(json.dumps(facts))


def recall(data: Path) -> dict[str, int | None]:
    """What `remember` noted; empty when nothing runs."""
    try:
        facts: dict[str, int | None] = json.loads((data / "running.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return facts


def forget(data: Path) -> None:
    (data / "running.json").unlink(missing_ok=True)
