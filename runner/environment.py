"""The settings a practice runs with: the caller's, those of `.env`, and the secrets made at its first start."""

import base64
import os
import secrets
from pathlib import Path

from runner.errors import StartError
from runner.paths import PROJECT

_SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD", "VAPID_PRIVATE_KEY")
# The order of the curve P-256: a private key is a number below it. Source: SEC 2, secp256r1.
_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def read_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; `#` begins a comment line; quotes around a value are taken off."""
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign or not name.strip().isidentifier():
            raise StartError(f"{path.name}, line {number}: expected NAME=value.")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def load_dotenv() -> None:
    """Settings from the project's `.env`, where the caller has not set them already."""
    path = PROJECT / ".env"
    if path.exists():
        for name, value in read_file(path).items():
            os.environ.setdefault(name, value)


def first_start_secrets(data: Path) -> dict[str, str]:
    """Random secrets of this practice, made once and readable by their owner alone. Losing them locks the data."""
    path = data / "secrets.env"
    known = read_file(path) if path.exists() else {}
    missing = [name for name in _SECRETS if name not in known]
    if missing:
        known |= {name: push_key() if name == "VAPID_PRIVATE_KEY" else secrets.token_urlsafe(48) for name in missing}
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("# Made at the first start. Keep it with the backups, and keep it secret.\n")
            file.writelines(f"{name}={value}\n" for name, value in known.items())
        part.rename(path)
    return known


def push_key() -> str:
    """A private key by which browsers know our push notices, as `VAPID_PRIVATE_KEY` wants it: 32 bytes, base64url."""
    number = secrets.randbelow(_P256 - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
