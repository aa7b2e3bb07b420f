"""The local mail sink: takes every message of the practice and lays it down as an .eml file; nothing leaves the machine."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Folder:
    """Writes each message under a name that sorts by time; a half-written file is never seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._count += 1
        name = f"{time.time_ns()}-{os.getpid()}-{self._count}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\n" + "".join(
            f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos
        )
        content: Any = envelope.content or b""
        part = self._folder / f".{name}"
        part.write_bytes(
            head.encode("utf-8", "replace") + (content if isinstance(content, bytes) else content.encode())
        )
        part.rename(self._folder / name)
        return "250 kept"


async def serve(folder: Path, port: int, host: str) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Folder(folder), hostname="localhost", enable_SMTPUTF8=True, data_size_limit=50_000_000),
        host,
        port,
    )
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with server:
        await ended.wait()


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(folder, port, host))


if __name__ == "__main__":
    main()
