"""Settings: each is described, none is described for nothing, and production refuses to start insecurely."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from optics import env
from optics.reference import documented

ROOT = Path(settings.BASE_DIR)
READ = re.compile(
    r"""(?:env\.(?:text|flag|number|names)|os\.environ\.get)\(\s*"([A-Z_]+)"|os\.environ\["([A-Z_]+)"\]"""
)
FROM_OUTSIDE = {"XDG_RUNTIME_DIR", "PATH", "CALLED_FROM", "CHROMIUM", "HOME"}

GOOD = {
    "DJANGO_SETTINGS_MODULE": "optics.settings.production",
    "SECRET_KEY": "k9" * 32 + "Zq7w-Rv3x_Tb5n.Ym1c",
    "ALLOWED_HOSTS": "practice.example",
    "SITE_URL": "https://practice.example",
    "DATABASE_URL": "postgres://practice:secret@db/practice",
    "REDIS_URL": "redis://redis/0",
}


def names_read() -> set[str]:
    files = [
        *(ROOT / "optics").rglob("*.py"),
        *(ROOT / "runner").rglob("*.py"),
        *ROOT.glob("*/management/commands/*.py"),
    ]
    found = {name for path in files for pair in READ.findall(path.read_text()) for name in pair if name}
    return found - FROM_OUTSIDE


def test_every_setting_is_described_and_none_for_nothing() -> None:
    assert {setting.name for setting in documented()} == names_read() | {"DJANGO_SETTINGS_MODULE", "DATA_DIR"}


def test_each_setting_is_described_once() -> None:
    names = [setting.name for setting in documented()]
    assert sorted(names) == sorted(set(names))


def test_every_description_says_something() -> None:
    bare = [s.name for s in documented() if not s.text and not s.name.startswith("EMAIL_")]
    assert bare == []


def manage(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean_under_production_settings() -> None:
    answer = manage("check", "--deploy", "--fail-level", "INFO")
    assert (answer.returncode, answer.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be"),
        ("SECRET_KEY", "short", "SECRET_KEY must be"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY must be"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name"),
        ("ALLOWED_HOSTS", "practice.example,*", "ALLOWED_HOSTS must name"),
        ("SITE_URL", "http://practice.example", "SITE_URL must be"),
        ("DATABASE_URL", "", "DATABASE_URL must be"),
        ("DATABASE_URL", "sqlite:///practice.db", "DATABASE_URL must begin"),
        ("REDIS_URL", "", "REDIS_URL must be"),
        ("SECURE_SSL_REDIRECT", "maybe", "SECURE_SSL_REDIRECT must be 0 or 1"),
    ],
)
def test_production_refuses_to_start_insecurely(name: str, value: str, complaint: str) -> None:
    answer = manage("check", **{name: value})
    assert answer.returncode != 0
    assert complaint in answer.stderr


def test_a_broker_on_a_socket_is_spelled_as_celery_knows_it() -> None:
    assert env.broker("unix:///data/run/valkey.sock?db=3") == "redis+socket:///data/run/valkey.sock?virtual_host=3"
    assert env.broker("redis://host:6379/0") == "redis://host:6379/0"


def test_a_database_address_may_name_a_socket_folder() -> None:
    facts = env.database("postgres://practice:p%40ss@/practice?host=/data/run&sslmode=require")
    assert (facts["HOST"], facts["PASSWORD"], facts["NAME"]) == ("/data/run", "p@ss", "practice")
    assert facts["OPTIONS"] == {"sslmode": "require"}
