"""`./dev up` as a person meets it: ready, restarted, stopped, two side by side, with spaces in the path."""

import ast
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.paths import PROJECT
from tests.faults.stack import wait_for

pytestmark = pytest.mark.chaos
LONGEST_START = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Up:
    """One `./dev up` with a data folder and port of its own."""

    def __init__(self, data: Path, port: int, **more: str) -> None:
        self.data, self.port = data, port
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = kept | {"DATA_DIR": str(data), "PORT": str(port), **more}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.output = data.with_name(f"{data.name}.out")
        self.begin()

    def begin(self) -> None:
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [str(PROJECT / "dev"), "up"],
                env=self.environment,
                cwd="/",
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def ready(self) -> bool:
        return f"Ready: http://127.0.0.1:{self.port}" in self.text or self.process.poll() is not None

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def programs(self) -> dict[int, str]:
        """Every process that belongs to this data folder, by its environment or its command."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                command, environment = _read(entry / "cmdline"), _read(entry / "environ")
                mark = str(self.data).encode()
                if b"\0DATA_DIR=" + mark + b"\0" in b"\0" + environment or mark + b"/" in command:
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        return found

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(PROJECT / "dev"), "manage", *arguments]
        return subprocess.run(command, env=self.environment, cwd="/", capture_output=True, text=True, check=False)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """A practice in a folder with spaces, in a path too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="a practice ") as base:
        Path(base).chmod(0o755)
        folder = (
            Path(base)
            / "with a long name, for the kernel's limit of a socket's path is one hundred and seven bytes"
            / "data"
        )
        folder.parent.mkdir()
        own = Up(folder, free_port())
        assert wait_for(own.ready, LONGEST_START), own.text
        yield own
        own.process.send_signal(signal.SIGTERM)
        own.process.wait(60)


def test_it_says_where_it_is_and_how_to_sign_in(up: Up) -> None:
    assert f"Ready: http://127.0.0.1:{up.port}\n" in up.text
    assert "zanele@practice.example" in up.text


def test_health_names_every_part(up: Up) -> None:
    status, body = up.health()
    assert status == 200
    assert {name for name, part in body.items() if isinstance(part, dict) and part["ok"]} >= {
        "database",
        "redis",
        "worker",
        "beat",
    }


def test_secrets_are_made_once_and_for_their_owner_alone(up: Up) -> None:
    path = up.data / "secrets.env"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(re.findall(r"^[A-Z_]+=\S{60,}$", path.read_text(), re.MULTILINE)) == 4


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_as_root_nothing_but_the_supervisor_runs_as_root(up: Up) -> None:
    roots = [command for pid, command in up.programs().items() if Path(f"/proc/{pid}").stat().st_uid == 0]
    assert [command for command in roots if "runner up" not in command] == []


def test_management_commands_run_on_the_same_data(up: Up) -> None:
    answer = up.manage("shell", "-v", "0", "-c", "from branches.models import Branch; print(Branch.objects.count())")
    assert (answer.returncode, answer.stdout.strip()) == (0, "4"), answer.stderr


def test_the_role_of_the_running_programs_is_refused_every_attack_on_history(up: Up) -> None:
    """With the rights of web and workers: change, delete, empty, unguard, take over; on every table of history."""
    code = (PROJECT / "tests" / "platform" / "attack.py").read_text()
    answer = up.manage("shell", "-v", "0", "-c", code)
    made, let_through = ast.literal_eval(answer.stdout.strip())
    assert let_through == [], answer.stderr
    assert made > 200
    events = "from records.models import Event; print(Event.objects.count() > 100)"
    assert up.manage("shell", "-v", "0", "-c", events).stdout.strip() == "True"


def test_a_second_start_on_the_same_data_is_refused(up: Up) -> None:
    second = Up(up.data, free_port())
    assert second.process.wait(60) == 1
    assert f"This practice already runs at http://127.0.0.1:{up.port}" in second.text
    up.output.write_text(f"Ready: http://127.0.0.1:{up.port}\n")


def test_a_taken_port_is_said_plainly(up: Up, tmp_path: Path) -> None:
    second = Up(tmp_path / "data", up.port)
    assert second.process.wait(60) == 1
    assert f"Port {up.port} is in use by another program. Choose another: PORT={up.port + 1} ./dev up" in second.text


@pytest.mark.parametrize(
    "mark", ["celery -A optics worker", "celery -A optics.beat beat", "granian", "valkey-9", "postgres -D"]
)
def test_what_is_killed_comes_back(up: Up, mark: str) -> None:
    mains = mains_of(up, mark)
    (killed,) = mains
    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: killed not in up.programs() and has_main(up, mark), 60), up.programs()
    assert wait_for(lambda: up.health()[0] == 200, 120), up.health()


def mains_of(up: Up, mark: str) -> list[int]:
    """The processes that the supervisor itself started for this program."""
    return [pid for pid, command in up.programs().items() if mark in command and _parent(pid) == up.process.pid]


def has_main(up: Up, mark: str) -> bool:
    return len(mains_of(up, mark)) == 1


def _parent(pid: int) -> int:
    fields = _read(Path(f"/proc/{pid}/stat")).rsplit(b")", 1)[-1].split()
    return int(fields[1]) if fields else 0


def test_health_names_the_part_that_is_down_and_does_not_hang(up: Up) -> None:
    (broker,) = [pid for pid, command in up.programs().items() if "valkey-9" in command]
    os.kill(broker, signal.SIGSTOP)
    try:
        status, body = up.health()
        assert (status, body["redis"]["ok"], body["database"]["ok"]) == (503, False, True)
    finally:
        os.kill(broker, signal.SIGCONT)
    assert wait_for(lambda: up.health()[0] == 200, 60)


def test_a_mail_to_a_customer_lands_in_the_local_sink(up: Up) -> None:
    code = (
        "from django.core.mail import send_mail; send_mail('Ready', 'Sent by this test', None, ['a@customer.example'])"
    )
    answer = up.manage("shell", "-v", "0", "-c", code)
    assert answer.returncode == 0, answer.stderr
    kept = [message.read_text(errors="replace") for message in (up.data / "mail").glob("*.eml")]
    (ours,) = [text for text in kept if "Sent by this test" in text]
    assert "X-Envelope-To: a@customer.example" in ours


def test_another_practice_runs_beside_it_empty_and_stops_without_a_trace(up: Up, tmp_path: Path) -> None:
    other = Up(tmp_path / "other data", free_port(), SAMPLE="0")
    assert wait_for(other.ready, LONGEST_START), other.text
    assert other.health()[0] == 200
    count = "from branches.models import Branch; print(Branch.objects.count())"
    assert other.manage("shell", "-v", "0", "-c", count).stdout.strip() == "0"
    other.process.send_signal(signal.SIGINT)
    assert other.process.wait(60) == 0
    assert other.programs() == {}
    assert up.health()[0] == 200


def test_killed_outright_it_leaves_no_orphan_and_starts_again(up: Up) -> None:
    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    assert wait_for(lambda: up.programs() == {}, 30), up.programs()
    up.begin()
    assert wait_for(up.ready, LONGEST_START), up.text
    answer = up.manage("shell", "-v", "0", "-c", "from branches.models import Branch; print(Branch.objects.count())")
    assert answer.stdout.strip() == "4"


def test_an_unknown_command_shows_the_usage() -> None:
    answer = subprocess.run([str(PROJECT / "dev"), "nonsense"], capture_output=True, text=True, check=False)
    assert (answer.returncode, "usage: ./dev COMMAND" in answer.stderr) == (2, True)
