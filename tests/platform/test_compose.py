"""The container files: every service's own command, run here with the same settings, makes a healthy practice."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection

from runner.process import Launch, start, stop
from tests.faults.stack import Broker, wait_for
from tests.platform.test_up import free_port

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def image_command() -> list[str]:
    (line,) = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    command: list[str] = json.loads(line)
    return command


def here(command: list[str], data: Path, port: int) -> list[str]:
    """The container's command with this machine's programs, folder and port."""
    program = {"python": [sys.executable], "granian": [sys.executable, "-m", "granian"]}
    start_with = program.get(command[0], [sys.executable, "-m", command[0]])
    anywhere = COMPOSE["mail"]["command"][-1]
    swap = {"/data": str(data), "8000": str(port), anywhere: "127.0.0.1"}
    return [*start_with, *(swap.get(part, part) for part in command[1:])]


def test_the_services_are_those_of_the_start_command() -> None:
    assert set(COMPOSE) == {"postgres", "redis", "prepare", "web", "worker", "beat", "mail"}


def test_no_setting_in_the_compose_file_is_unknown() -> None:
    described = (ROOT / ".env.example").read_text()
    names = set(COMPOSE["web"]["environment"])
    assert {name for name in names if f"{name}=" not in described} == set()


def test_nothing_secret_and_no_data_is_copied_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".data", ".git", ".venv"} <= set(ignored)
    assert "USER practice" in (ROOT / "Dockerfile").read_text()


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_the_health_check_of_the_web_service_is_one_that_can_fail(environment: dict[str, str]) -> None:
    check = COMPOSE["web"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "python"]
    code = check[3].replace(":8000", f":{free_port()}")
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False, capture_output=True).returncode != 0
    )


@pytest.fixture
def environment(
    database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    broker = Broker.at(tmp_path_factory.mktemp("v"))
    broker.begin()
    yield os.environ | {
        "DJANGO_SETTINGS_MODULE": "optics.settings.production",
        "SECRET_KEY": "compose-" * 8 + "Zq7w",
        "DATABASE_URL": database_url,
        "REDIS_URL": broker.store.url(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "https://practice.example",
        "DATA_DIR": str(tmp_path),
        "SAMPLE": "0",
    }
    broker.end()


def health(port: int) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError as error:
        return 0, str(error)


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_services_make_a_healthy_practice(environment: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    prepare = here(COMPOSE["prepare"]["command"], tmp_path, port)
    subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
    log = tmp_path / "services.log"
    children = []
    for name in ("web", "worker", "beat"):
        command = here(COMPOSE[name].get("command") or image_command(), tmp_path, port)
        children.append(start(Launch(command, environment=environment, folder=ROOT, log=log)))
    try:
        assert wait_for(lambda: health(port)[0] == 200, 90), (health(port), log.read_text())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_heartbeat")
            assert cursor.fetchone() == (2,)
        check = COMPOSE["web"]["healthcheck"]["test"][3].replace(":8000", f":{port}")
        subprocess.run([sys.executable, "-c", check], env=environment, check=True)
    finally:
        for child in reversed(children):
            stop(child, signal.SIGTERM, 15)
