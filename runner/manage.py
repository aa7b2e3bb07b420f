"""`./dev manage ...`: a management command on the data of the running practice."""

import os
import sys

from runner import postgres
from runner.account import search_capability
from runner.environment import load_dotenv
from runner.errors import StartError
from runner.paths import PROJECT
from runner.practice import Practice, lay_out, recall

# These write source files, so they run as whoever typed them; those need the role that owns the tables.
_WRITES_SOURCE = {
    "makemigrations",
    "makemessages",
    "compilemessages",
    "startapp",
    "assets",
    "write_docs",
    "spectacular",
}
_NEEDS_OWNER = {"migrate", "prepare", "flush", "sqlflush"}


def run_manage(arguments: list[str]) -> int:
    """Replaces this process by the command; it keeps the terminal."""
    load_dotenv()
    practice = lay_out()
    if practice.cluster and not postgres.is_ready(practice.cluster):
        raise StartError("The practice is not running. Start it with ./dev up, then type this in a second terminal.")
    verb = arguments[0] if arguments else "help"
    environment = _environment(practice, verb)
    os.chdir(PROJECT)
    command = [sys.executable, "manage.py", *arguments]
    if verb not in _WRITES_SOURCE:
        command = [*_step_down(practice), *command]
    os.execve(command[0], command, environment)


def _environment(practice: Practice, verb: str) -> dict[str, str]:
    facts = recall(practice.data)
    base = practice.owner_environment if verb in _NEEDS_OWNER else practice.environment
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(facts["mail_port"])} if facts.get("mail_port") else {}
    return {**base, **mail}


def _step_down(practice: Practice) -> list[str]:
    """Become the servers' account here; what cannot be done here is returned as a command prefix."""
    account = practice.account
    if account is None:
        return []
    if practice.needs_search:
        return [*search_capability(), f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    return []
