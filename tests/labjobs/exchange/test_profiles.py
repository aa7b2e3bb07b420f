"""Per-laboratory profiles: stored as plain values, checked field by field."""

import json

import pytest

from labjobs.exchange import profiles
from labjobs.exchange.errors import ExchangeError
from labjobs.exchange.profiles import LabProfile
from labjobs.exchange.statuses import Meaning


def test_a_laboratory_without_settings_gets_the_standard() -> None:
    assert profiles.from_dict({}) == profiles.STANDARD


def test_a_profile_survives_storage() -> None:
    profile = LabProfile(
        label_map={"LNAM": "_STYLE"},
        omit=("TINT",),
        extra={"_TRAY": "{tray}"},
        file_name="{job}-{tray}.vca",
        status_vocabulary="vspone",
        statuses={"Hold 7": Meaning("received", needs_us=True)},
    )
    assert profiles.from_dict(json.loads(json.dumps(profiles.to_dict(profile)))) == profile


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"omit": 5}, "omit"),
        ({"omit": ["SPH"]}, "omit"),
        ({"omit": ["NOPE"]}, "omit"),
        ({"label_map": {"NOPE": "X"}}, "label_map"),
        ({"label_map": {"IPD": "pd far"}}, "label_map"),
        ({"label_map": {"IPD": "NPD"}}, "label_map"),
        ({"label_map": {"IPD": "X", "NPD": "X"}}, "label_map"),
        ({"label_map": {"IPD": "R"}}, "label_map"),
        ({"extra": {"SPH": "1"}}, "extra"),
        ({"extra": {"_A": "{nope}"}}, "extra"),
        ({"extra": {"_A": "{tray"}}, "extra"),
        ({"extra": {"_A": "a\nb"}}, "extra"),
        ({"extra": {"a=b": "1"}}, "extra"),
        ({"file_name": "order.oma"}, "file_name"),
        ({"file_name": "{job}{nope}"}, "file_name"),
        ({"line_end": "crcr"}, "line_end"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"prism_form": "words"}, "prism_form"),
        ({"trace_values_per_line": 0}, "trace_values_per_line"),
        ({"frame_types": {"metal": 1, "plastic": 1}}, "frame_types"),
        ({"edge_types": {"wavy": 1}}, "edge_types"),
        ({"status_vocabulary": "esperanto"}, "status_vocabulary"),
        ({"statuses": {"A": {"stage": "nowhere"}}}, "statuses"),
        ({"statuses": {"A": {"outcome": "vanished"}}}, "statuses"),
    ],
)
def test_a_profile_that_cannot_work_is_refused_at_its_field(values: dict[str, object], field: str) -> None:
    with pytest.raises(ExchangeError) as refusal:
        profiles.from_dict(values)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    ("pattern", "job", "name"),
    [
        ("{job}.oma", "L1", "L1.oma"),
        ("{job}.oma", "../../etc/passwd", "_.._etc_passwd.oma"),
        ("{job}", "a" * 200, "a" * 100),
        ("{job}.oma", "a" * 200, "a" * 96 + ".oma"),
        ("{branch}/{job}.oma", "L 1;é", "_L_1_.oma"),
    ],
)
def test_file_names_are_safe(pattern: str, job: str, name: str) -> None:
    assert profiles.file_name(LabProfile(file_name=pattern), {"job": job}) == name
