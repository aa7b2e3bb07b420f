"""`./dev check`: everything about the code that can be known without running it."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from runner.paths import PROJECT

_PYTHON = sys.executable


@dataclass(frozen=True)
class Check:
    """One question, and the command that mends what it finds (empty: by hand)."""

    name: str
    command: tuple[str, ...]
    mend: str = ""


CHECKS = (
    Check("format", ("-m", "ruff", "format", "--check", "."), "ruff format ."),
    Check("lint", ("-m", "ruff", "check", "."), "ruff check --fix ."),
    Check("layers", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
    Check("templates", ("-m", "djlint", "--lint", "--quiet", "templates")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run"), "./dev manage makemigrations"),
    Check("settings", ("manage.py", "check", "--fail-level", "WARNING")),
    Check("styles and scripts", ("manage.py", "assets", "--check"), "./dev manage assets"),
    Check("generated pages", ("manage.py", "write_docs", "--check"), "./dev docs"),
    Check("types", ("-m", "mypy", ".")),
)


def _environment() -> dict[str, str]:
    """The checks ask no server; makemigrations would like to, so it is told of none."""
    settings = {"DJANGO_SETTINGS_MODULE": "optics.settings.test", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | settings


def run_checks(arguments: list[str]) -> int:
    """Run all checks (or those named), two at a time and the longest first; 1 when one finds something."""
    chosen = [check for check in reversed(CHECKS) if not arguments or check.name in arguments]
    with ThreadPoolExecutor(2) as pool:
        well = list(pool.map(_passes, chosen))
    failed = [check.name for check, passed in zip(chosen, well, strict=True) if not passed]
    passed = len(chosen) - len(failed)
    sys.stdout.write(f"\n{passed} checks passed, {len(failed)} failed{': ' + ', '.join(failed) if failed else ''}\n")
    return 1 if failed or not chosen else 0


def _passes(check: Check) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        [_PYTHON, *check.command],
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    well = done.returncode == 0
    said = f"{'ok  ' if well else 'FAIL'} {check.name} ({time.monotonic() - begun:.1f} s)\n"
    if not well:
        said += f"{done.stdout}{done.stderr}\n{'Mend it with: ' + check.mend if check.mend else ''}\n"
    # One write, so that two checks that end together do not mix their lines.
    sys.stdout.write(said)
    sys.stdout.flush()
    return well


def run_docs(arguments: list[str]) -> int:
    """Write the generated pages of docs/."""
    return subprocess.run([_PYTHON, "manage.py", "write_docs"], cwd=PROJECT, env=_environment(), check=False).returncode
