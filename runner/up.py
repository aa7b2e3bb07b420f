"""`./dev up`: the whole practice on this machine, until Ctrl-C."""

import compileall
import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from runner import postgres, valkey
from runner.database import ensure_database
from runner.environment import load_dotenv
from runner.errors import StartError
from runner.libraries import ensure_pango
from runner.paths import PROJECT
from runner.practice import Practice, forget, lay_out, recall, remember
from runner.process import Launch, start
from runner.supervisor import Service, Supervisor

_READY_SECONDS = 90.0


class Stop(Exception):
    """Ctrl-C or SIGTERM."""


def run_up(arguments: list[str]) -> int:
    """Start everything, say when it is ready, keep it running, stop it cleanly."""
    if arguments:
        raise StartError("./dev up takes no arguments; settings come from the environment (see .env.example).")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    load_dotenv()
    practice = lay_out()
    supervisor = Supervisor()
    with _only_one(practice):
        try:
            _refuse_taken_port(practice)
            ensure_pango()
            _begin(practice, supervisor)
            _keep(practice, supervisor)
        except Stop:
            _say("Stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop_all()
            forget(practice.data)
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def _only_one(practice: Practice) -> Iterator[None]:
    with (practice.data / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            port = recall(practice.data).get("port")
            where = f" at http://127.0.0.1:{port}" if port else ""
            raise StartError(f"This practice already runs{where} from {practice.data}.") from error
        yield


def _refuse_taken_port(practice: Practice) -> None:
    if not _is_free(practice.port):
        raise StartError(
            f"Port {practice.port} is in use by another program. Choose another: PORT={practice.port + 1} ./dev up"
        )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _begin(practice: Practice, supervisor: Supervisor) -> None:
    """Servers first, then the data, then the programs of the product."""
    logs = practice.data / "logs"
    if practice.cluster:
        if postgres.prepare(practice.cluster):
            what = "the database" if os.environ.get("SAMPLE") == "0" else "the database and the sample practice"
            _say(f"Making {what}; this takes a minute, once.")
        supervisor.add(Service("Postgres", practice.cluster.launch(logs / "postgres.log"), signal.SIGINT, 20))
    if practice.store:
        supervisor.add(Service("Valkey", practice.store.launch(logs / "valkey.log")))
    _await_servers(practice, supervisor)
    ensure_database(practice)
    mail_port = _add_mail(practice, supervisor)
    remember(practice, mail_port)
    _prepare(practice)
    for name, command, patience in _programs(practice):
        supervisor.add(Service(name, _launch(practice, command, logs / f"{name}.log"), patience=patience))


def _await_servers(practice: Practice, supervisor: Supervisor) -> None:
    cluster, store = practice.cluster, practice.store
    checks: list[tuple[str, Callable[[], bool]]] = []
    if cluster:
        checks.append(("postgres", lambda: postgres.is_ready(cluster)))
    if store:
        checks.append(("valkey", lambda: valkey.is_ready(store)))
    for service, (name, ready) in zip(supervisor.services, checks, strict=True):
        if not _comes_up(service, ready):
            log = practice.data / "logs" / f"{name}.log"
            raise StartError(f"{service.name} did not start. The end of {log}:\n{_tail(log)}")


def _comes_up(service: Service, ready: Callable[[], bool]) -> bool:
    return postgres.wait_until(lambda: not service.runs or ready(), 30) and service.runs and ready()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


def _launch(practice: Practice, command: list[str], log: Path, owner: bool = False) -> Launch:
    return Launch(
        command,
        account=practice.account,
        environment=practice.owner_environment if owner else practice.environment,
        folder=PROJECT,
        log=log,
        needs_search=practice.needs_search,
    )


def _add_mail(practice: Practice, supervisor: Supervisor) -> int | None:
    """A sink on a free port, unless a mail server was given."""
    if os.environ.get("EMAIL_HOST") or os.environ.get("EMAIL_BACKEND"):
        return None
    port = next((port for port in range(practice.port + 25, practice.port + 75) if _is_free(port)), None)
    if port is None:
        raise StartError("No free port for the local mail sink. Set EMAIL_HOST to a mail server.")
    practice.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
    command = [*practice.program("runner.mailsink"), str(practice.data / "mail"), str(port)]
    supervisor.add(Service("mail", _launch(practice, command, practice.data / "logs" / "mail.log")))
    return port


def _prepare(practice: Practice) -> None:
    """Bring the database and the static files up to this version; make the sample practice once."""
    if practice.account:
        for package in PROJECT.glob("*/__init__.py"):  # the unprivileged account cannot write the compiled files
            compileall.compile_dir(package.parent, quiet=2)
    log = practice.data / "logs" / "prepare.log"
    log.unlink(missing_ok=True)
    launch = _launch(practice, [sys.executable, "manage.py", "prepare"], log, owner=True)
    child = start(launch)
    try:
        code = child.wait()
    except Stop:
        child.kill()
        child.wait()
        raise
    if code != 0:
        raise StartError(f"The database could not be brought up to date. The end of {log}:\n{_tail(log)}")


def _programs(practice: Practice) -> list[tuple[str, list[str], float]]:
    """Name, command and patience at the end of each program of the product, in the order of their start."""
    web = [*practice.program("granian"), "--interface", "wsgi", "--host", os.environ.get("HOST") or "127.0.0.1"]
    web += ["--port", str(practice.port), "--workers", os.environ.get("WEB_WORKERS") or "1"]
    web += ["--blocking-threads", os.environ.get("WEB_THREADS") or "8", "--no-ws", "--log-level", "warning"]
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "optics.wsgi:application"]
    celery = [*practice.program("celery"), "-A", "optics"]
    most = os.environ.get("WORKERS") or "2"
    worker = [*celery, "worker", f"--autoscale={most},1", "--loglevel", "warning"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*practice.program("celery"), "-A", "optics.beat", "beat", "--scheduler", "optics.beat:Clock"]
    beat += ["--loglevel", "warning", "--pidfile="]
    return [("web", web, 12), ("worker", worker, 10), ("beat", beat, 5)]


def _keep(practice: Practice, supervisor: Supervisor) -> None:
    """Watch until Ctrl-C; say once when everything is well."""

    def well() -> bool:
        supervisor.look()
        return _is_well(practice)

    if postgres.wait_until(well, _READY_SECONDS, 0.1):
        _say(f"Ready: {practice.url}")
        if told := (practice.data / "logs" / "prepare.log").read_text().rstrip():
            _say(told)
    else:
        _say(f"Not everything is well yet: {practice.url}/health/ says what is missing; see {practice.data / 'logs'}.")
    while True:
        supervisor.look()
        time.sleep(0.5)


def _is_well(practice: Practice) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", practice.port, timeout=5)
        host = (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].strip()
        line.request("GET", "/health/", headers={"Host": host.replace("*", "127.0.0.1").removeprefix(".")})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
