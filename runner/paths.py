"""Where things lie: the project, its data folder, what is inside."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """`DATA_DIR`, taken from where the command was typed; else `.data` in the project."""
    named = os.environ.get("DATA_DIR")
    if not named:
        return PROJECT / ".data"
    return (Path(os.environ.get("CALLED_FROM") or Path.cwd()) / named).resolve()
