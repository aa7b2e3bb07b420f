"""The commands behind `./dev`."""

import sys
from collections.abc import Callable

from runner.checks import run_checks, run_docs
from runner.errors import StartError
from runner.manage import run_manage
from runner.pictures import run_pictures
from runner.servers import run_servers
from runner.testing import run_tests
from runner.up import run_up

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": run_up,
    "manage": run_manage,
    "test": run_tests,
    "check": run_checks,
    "docs": run_docs,
    "servers": run_servers,
    "pictures": run_pictures,
}


def main() -> int:
    verb, *arguments = sys.argv[1:]
    try:
        return COMMANDS[verb](arguments)
    except StartError as refusal:
        sys.stderr.write(f"\n{refusal}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
