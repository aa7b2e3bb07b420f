"""`manage.py prepare`: what it makes and what it leaves."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from branches.models import Organisation, User
from core.heart import beat_heart
from core.management.commands.prepare import collect_static
from core.models import Heartbeat
from demo import staff

OPEN = "Open it to set up the practice.\n"


@pytest.fixture(autouse=True)
def _own_static_folder(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"


def prepare() -> str:
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_forgets_the_signs_of_life_of_the_run_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "0")
    beat_heart("worker")
    assert prepare() == OPEN
    assert (Heartbeat.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_database_answers_short_queries_without_long_thought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "0")
    prepare()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setconfig FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase"
            " WHERE d.datname = current_database() AND setrole = 0"
        )
        assert cursor.fetchall() == [(["jit=off", "join_collapse_limit=6"],)]


@pytest.mark.django_db(transaction=True)
def test_production_makes_no_accounts_with_known_passwords(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)
    settings.SETTINGS_MODULE = "optics.settings.production"
    assert prepare() == OPEN
    assert User.objects.count() == 0


def test_static_files_are_collected_again_only_after_a_change(settings: Any, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [own]
    assert collect_static()
    assert not collect_static()
    (own / "a.css").write_text("a { color: green }")
    os.utime(own / "a.css", (1, 1))
    assert collect_static()


@pytest.mark.django_db(transaction=True)
def test_a_sample_that_fails_leaves_an_empty_practice_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)
    monkeypatch.setattr(staff, "_HEAD", ("", "Nobody"))
    monkeypatch.setattr(staff, "_employ", lambda *_arguments: 1 / 0)
    told = "The sample practice could not be made; the practice starts without it (logs/prepare.log).\n"
    assert prepare() == told + OPEN
    assert (User.objects.count(), Organisation.objects.count()) == (0, 0)
