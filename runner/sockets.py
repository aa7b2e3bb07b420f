"""Where the servers' sockets lie. The kernel limits a socket's path to 107 bytes."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from runner.account import Account
from runner.errors import StartError

_LONGEST = 85
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(data: Path, account: Account | None) -> Path:
    """`<data>/run`, or a short private folder when that path is too long or has signs a URL would have to escape."""
    folder = data / "run"
    if not _fits(folder):
        folder = _short_folder(data)
    owner = account.uid if account else os.geteuid()
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_foreign(folder, {owner, os.geteuid()})
    os.chown(folder, owner, account.gid if account else os.getegid())
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= _LONGEST and _PLAIN.fullmatch(str(folder)) is not None


def _short_folder(data: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()):
        folder = Path(base) / f"practice-{os.geteuid()}-{mark}"
        if folder.is_absolute() and folder.parent.is_dir() and _fits(folder) and _open_to_all(folder.parent):
            return folder
    raise StartError(
        "The path of the data folder is too long for sockets, and so is TMPDIR. Set TMPDIR to a short one."
    )


def _open_to_all(base: Path) -> bool:
    """Root's servers run under another account, which must be able to enter."""
    return os.geteuid() != 0 or bool(base.stat().st_mode & 0o001)


def _refuse_foreign(folder: Path, owners: set[int]) -> None:
    """Nobody else may have laid this folder (or a link in its place) ready for us."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in owners or facts.st_mode & 0o077:
        raise StartError(f"{folder} belongs to someone else. Remove it and start again.")
