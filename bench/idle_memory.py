#!/usr/bin/env python3
"""The memory of a running practice, process by process: python3 bench/idle_memory.py [DATA_DIR]

PSS counts a page that is shared by n processes as 1/n in each, so the sum is what the practice really takes.
"""

import os
import sys
from pathlib import Path


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def belongs(process: Path, data: str) -> bool:
    environment = b"\0" + read(process / "environ")
    return b"\0DATA_DIR=" + data.encode() + b"\0" in environment or data.encode() + b"/" in read(process / "cmdline")


def family(data: str) -> list[Path]:
    """The practice's processes: by data folder, the servers' children and the supervisor with them."""
    every = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    parent = {
        path.name: read(path / "stat").rsplit(b")", 1)[-1].split()[1].decode() for path in every if read(path / "stat")
    }
    own = {path.name for path in every if belongs(path, data) and path.name != str(os.getpid())}
    own |= {name for name, above in parent.items() if above in own}
    own |= {
        parent[name]
        for name in own
        if b"runner up" in read(Path("/proc") / parent[name] / "cmdline").replace(b"\0", b" ")
    }
    return [Path("/proc") / name for name in own if name != str(os.getpid())]


def pss_kb(process: Path) -> int:
    lines = read(process / "smaps_rollup").decode().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    data = str(Path(sys.argv[1] if len(sys.argv) > 1 else ".data").resolve())
    rows = sorted(((pss_kb(process), read(process / "cmdline")) for process in family(data)), reverse=True)
    for size, command in rows:
        print(f"{size / 1024:8.1f} MB  {command.replace(bytes(1), b' ').decode(errors='replace')[:100]}")
    print(f"{sum(size for size, _command in rows) / 1024:8.1f} MB  in {len(rows)} processes")


if __name__ == "__main__":
    main()
