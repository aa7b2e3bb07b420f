"""A whole run ends, whatever its tests do to their process."""

import os
import subprocess
import sys
from pathlib import Path

from runner.paths import PROJECT

CONFTEST = """
from tests.distribution import WholeFiles
def pytest_xdist_make_scheduler(config, log):
    return WholeFiles(config, log)
"""
QUIET = "def test_one(): pass\ndef test_two(): pass\n"
DEADLY = """
import os, signal, time
def test_before(): pass
def test_deadly(): time.sleep(1); os.kill(os.getpid(), signal.SIGKILL)
def test_after(): pass
"""


def test_a_test_that_kills_its_process_fails_once_and_the_rest_of_its_file_runs(tmp_path: Path) -> None:
    """It dies late, when the other process has been sent home: what is left waits for the process that replaces it."""
    texts = {"conftest": CONFTEST, "test_a": QUIET, "test_b": QUIET, "test_c": DEADLY, "test_d": QUIET[:21]}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    run = subprocess.run(
        [*command, "-q", "-p", "no:django", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "1 failed, 7 passed" in run.stdout, run.stdout
    assert "crashed while running 'test_c.py::test_deadly'" in run.stdout
