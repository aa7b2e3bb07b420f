"""A real SMTP server with the moods of real ones: greylisting, refusing, slow, dropping after it accepted."""

import random
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_ID = re.compile(rb"^Message-ID: <message-(\d+)@", re.MULTILINE | re.IGNORECASE)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Mood:
    """`greylist`: share of messages refused with 451 at first sight; `drop`: share accepted whose answer is lost."""

    greylist: float = 0.0
    drop: float = 0.0
    seconds: float = 0.0
    refuse: str = ""


@dataclass
class MailServer:
    """Keeps the number of each message it took, in order of arrival."""

    port: int = field(default_factory=free_port)
    mood: Mood = field(default_factory=Mood)
    taken: list[int] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _controller: Any = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        number = int(_ID.search(envelope.content or b"")[1])
        time.sleep(self.mood.seconds)
        with self._lock:
            first = number not in self._seen
            self._seen.add(number)
            if first and random.random() < self.mood.greylist:
                return "451 4.7.1 greylisted, try again"
            if self.mood.refuse:
                return self.mood.refuse
            self.taken.append(number)
        if random.random() < self.mood.drop:
            server.transport.abort()
        return "250 kept"

    def begin(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def end(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
