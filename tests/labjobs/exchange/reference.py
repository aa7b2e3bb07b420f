"""Where the real laboratory files are, and a clear skip when they are not there."""

import os
from pathlib import Path

import pytest

from labjobs.exchange import dcs

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("REFERENCE_DATA", ROOT / ".." / "shared" / "data"))
REAL_FILES = ("R360_1.oma", "R360_3.oma", "R1000_1.oma", "TRCFMT6.oma")


def real_bytes(name: str) -> bytes:
    """The bytes of a real laboratory file, or a skip that says what is missing."""
    path = FOLDER / "oma" / name
    if not path.is_file():
        pytest.skip(f"reference data not found: {path} (set REFERENCE_DATA)")
    return path.read_bytes()


def real_file(name: str) -> dcs.LabFile:
    """A real laboratory file, parsed."""
    return dcs.parse(real_bytes(name))
