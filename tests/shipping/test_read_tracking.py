"""`manage.py read_tracking`: JSON of what would happen, nothing saved; every bad file a sentence."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shipping.models import CarrierWord, TrackingCheckpoint
from tests.shipping.files import HISTORY, easypost

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], adapter: str, *files: Path) -> Any:
    call_command("read_tracking", *[str(one) for one in files], adapter=adapter)
    return json.loads(capsys.readouterr().out)


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_several_files_are_one_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = write(tmp_path / "late.json", easypost("EZ1", *HISTORY))
    early = write(tmp_path / "early.json", easypost("EZ1", *HISTORY[:2]))
    told = run(capsys, "easypost", late, early)
    assert (told["state"], told["reason"], told["number"]) == ("delivered", "arrived_at_destination", "EZ1")
    assert (
        next(point["state"] for point in told["checkpoints"] if point["status_raw"] != "in_transit") == "label_created"
    )
    assert told["messages"] == [{"event": "shipment.delivered", "template": "delivered"}]
    assert told["shipments"][0]["state"] == "delivered"
    assert not TrackingCheckpoint.objects.exists()


def test_every_order_and_repetition_of_the_files_prints_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        write(tmp_path / f"{n}.json", {**easypost("EZ1", *HISTORY[: n + 2]), "carrier": carrier, "signed_by": name})
        for n, (carrier, name) in enumerate((("UPS", ""), ("ups", "J TESTER"), ("UPS", "J. Tester")))
    ]
    ends = [run(capsys, "easypost", *order) for order in itertools.permutations(files)]
    assert all(end == ends[0] for end in ends)
    again = run(capsys, "easypost", *files, *files)
    assert again["repeated"] > ends[0]["repeated"]
    for end in (again, ends[0]):
        end["repeated"] = end["shipments"][0]["repeated"] = 0
    assert again == ends[0]


def test_signs_that_no_text_can_hold_are_read_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(b'{"tracking_code": "EZ\\ud8001", "status": "delivered", "updated_at": "soon\\ud800"}')
    told = run(capsys, "easypost", bad)
    assert (told["state"], told["checkpoints"][0]["time_unreadable"]) == ("delivered", True)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raw = json.dumps(easypost("EZ1", *HISTORY)).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert run(capsys, "easypost", Path("-"))["state"] == "delivered"


def test_two_parcels_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = write(tmp_path / "both.json", [easypost("EZ1", *HISTORY), easypost("EZ2", *HISTORY[:2])])
    told = run(capsys, "easypost", both)
    assert [(one["number"], one["state"]) for one in told["shipments"]] == [("EZ1", "delivered"), ("EZ2", "in_transit")]
    assert "state" not in told


def test_words_that_the_practice_taught_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from django.utils import timezone

    CarrierWord.objects.create(
        adapter="easypost", word="teleported", shown="teleported", state="delivered", mapped_at=timezone.now()
    )
    file = write(tmp_path / "one.json", easypost("EZ1", ("2026-11-17T00:00:00Z", "teleported", "", "")))
    assert run(capsys, "easypost", file)["state"] == "delivered"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"{not json", "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"hello": 1}', "no tracking of EasyPost in it"),
        (b"[" * 100_000, "nested too deeply"),
        (b"null", "no tracking"),
    ],
)
def test_a_bad_file_is_a_sentence_with_its_name(tmp_path: Path, content: bytes, sentence: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("read_tracking", str(bad), adapter="easypost")
    assert "bad.json" in str(refused.value)


def test_a_missing_file_a_folder_and_an_unknown_adapter_are_refused(tmp_path: Path) -> None:
    for name, adapter in ((str(tmp_path / "none.json"), "easypost"), (str(tmp_path), "easypost"), ("x", "pigeon")):
        with pytest.raises(CommandError):
            call_command("read_tracking", name, adapter=adapter)
