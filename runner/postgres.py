"""Our own Postgres: one cluster in a data folder, reached through a socket only."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from runner.account import Account, private_folder
from runner.engines import POSTGRES_MAJORS
from runner.errors import StartError
from runner.process import Launch, start

THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Cluster:
    """Where one Postgres keeps its data and its socket. `password` None: whoever may enter the folder may connect."""

    programs: Path
    data: Path
    sockets: Path
    account: Account | None = None
    password: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    needs_search: bool = False

    def url(self, database: str, user: str = "postgres", password: str | None = None) -> str:
        secret = f":{quote(password, safe='')}" if password else ""
        return f"postgres://{quote(user)}{secret}@/{quote(database)}?host={quote(str(self.sockets))}"

    def launch(self, log: Path | None, death_signal: signal.Signals | None = signal.SIGINT) -> Launch:
        """The server itself. SIGINT is Postgres's fast shutdown: sessions are cut, data is safe."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "cluster_name": "practice",
            **self.settings,
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Launch(
            [str(self.programs / "postgres"), "-D", str(self.data), *arguments],
            account=self.account,
            environment=_environment(),
            folder=Path("/"),
            log=log,
            death_signal=death_signal,
            needs_search=self.needs_search,
        )


def _environment(**more: str) -> dict[str, str]:
    """Ours without any PG* variable: a developer's PGHOST must not lead us to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | more


def prepare(cluster: Cluster) -> bool:
    """Create the cluster when there is none; True if it did. Refuses the data of another major version."""
    version_file = cluster.data / "PG_VERSION"
    if version_file.exists():
        _refuse_other_version(cluster, version_file.read_text().strip())
        _clear_leftover(cluster)
        return False
    private_folder(cluster.data, cluster.account)
    _initdb(cluster)
    return True


def _major(programs: Path) -> int:
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[2].split(".")[0])


def _refuse_other_version(cluster: Cluster, found: str) -> None:
    ours = str(_major(cluster.programs))
    if found != ours:
        raise StartError(
            f"The data in {cluster.data} were made by PostgreSQL {found}; this is PostgreSQL {ours}. "
            f"Set POSTGRES_BIN to the programs of version {found}, make a dump with pg_dump, and restore it in a new DATA_DIR."
        )


def _initdb(cluster: Cluster) -> None:
    major = _major(cluster.programs)
    if major not in POSTGRES_MAJORS:
        raise StartError(f"PostgreSQL {major} is not supported; 15 to 18 are.")
    provider = ["--locale-provider=builtin"] if major >= 17 else []
    command = [str(cluster.programs / "initdb"), "-D", str(cluster.data), "-U", "postgres", "-E", "UTF8", *provider]
    command += ["--locale=C.UTF-8", "--data-checksums"]
    password_file = cluster.data.with_name("initdb-password")
    if cluster.password is None:
        command += ["--auth=trust", "--no-sync"]
    else:
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        password_file.touch(mode=0o600)
        password_file.write_text(cluster.password)
        if cluster.account:
            os.chown(password_file, cluster.account.uid, cluster.account.gid)
    log = cluster.data.with_name("initdb.log")
    try:
        launch = Launch(command, cluster.account, _environment(), log=log, needs_search=cluster.needs_search)
        if start(launch).wait() != 0:
            raise StartError(f"The database could not be created:\n{log.read_text()}")
    finally:
        password_file.unlink(missing_ok=True)
    log.unlink(missing_ok=True)


def _clear_leftover(cluster: Cluster) -> None:
    """After a crash: wait for a Postgres that is still going down, or forget the number of one long gone."""
    pid_file = cluster.data / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid = int(pid_file.read_text().split()[0])
        if not _is_postgres(pid):
            pid_file.unlink()
            return
        os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not pid_file.exists(), 20):
            raise StartError(f"Another Postgres (process {pid}) uses {cluster.data} and does not stop.")


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False


def is_ready(cluster: Cluster) -> bool:
    command = [str(cluster.programs / "pg_isready"), "-q", "-h", str(cluster.sockets), "-d", "postgres", "-t", "2"]
    return subprocess.run(command, env=_environment(), check=False, capture_output=True).returncode == 0


def query(cluster: Cluster, statement: str, database: str = "postgres") -> str:
    """Run SQL as the superuser and return what it prints."""
    command = [str(cluster.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    command += ["-h", str(cluster.sockets), "-U", "postgres", "-d", database]
    secret = {"PGPASSWORD": cluster.password} if cluster.password else {}
    answer = subprocess.run(
        command, input=statement, env=_environment(**secret), capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise StartError(f"The database refused a start-up statement: {answer.stderr.strip()}")
    return answer.stdout.strip()


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.03) -> bool:
    """Poll until the condition holds; False after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return condition()
