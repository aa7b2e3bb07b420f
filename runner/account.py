"""Which account the servers run under: ours, or an unprivileged one when started by root."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from runner.errors import StartError

# Without the last one the kernel's access() would forget the capability, and initdb asks by access().
_SEARCH_ONLY = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup")


@dataclass(frozen=True)
class Account:
    """An unprivileged account. Postgres refuses to run as root, and nothing else here needs to."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """The account to drop to when root starts us (`SERVICE_USER`, default `nobody`); None: stay who we are."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("SERVICE_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise StartError(f"The account {name} does not exist. Set SERVICE_USER to an unprivileged account.") from error
    if entry.pw_uid == 0:
        raise StartError("SERVICE_USER must not be root.")
    return Account(name, entry.pw_uid, entry.pw_gid)


def give(path: Path, account: Account | None) -> None:
    """Hand a folder or file, with all inside, to the account the servers run under."""
    if account is None or (path.stat().st_uid == account.uid and not path.is_dir()):
        return
    for folder, names, files in os.walk(path):
        for name in [".", *names, *files]:
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)
    os.chown(path, account.uid, account.gid)


def private_folder(path: Path, account: Account | None) -> Path:
    """Make a folder that only the servers' account can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def can_reach(path: Path, account: Account | None) -> bool:
    """Whether the account may walk to `path`: every folder above it lets strangers pass."""
    if account is None:
        return True
    return all(
        part.stat().st_mode & 0o001 or part.stat().st_uid == account.uid
        for part in path.resolve().parents
        if part.exists()
    )


def search_capability() -> list[str]:
    """Command prefix that lets an unprivileged process read (never write) below folders closed to it.

    Needed when root keeps the project or its Python under a closed folder such as its home.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StartError("This folder is closed to the unprivileged account and `setpriv` is missing. Move it to /opt.")
    return [setpriv, *_SEARCH_ONLY]
