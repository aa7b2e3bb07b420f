"""Our own Valkey: the broker's doorbell and a throw-away store, reached through a socket only."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from runner.account import Account, private_folder
from runner.process import Launch


@dataclass(frozen=True)
class Store:
    """Where one Valkey keeps its data and its socket. `lasting`: keep an append-only file across restarts."""

    program: Path
    data: Path
    sockets: Path
    account: Account | None = None
    lasting: bool = True
    needs_search: bool = False

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def url(self, number: int = 0) -> str:
        return f"unix://{self.socket}?db={number}"

    def launch(self, log: Path | None, death_signal: signal.Signals | None = signal.SIGTERM) -> Launch:
        private_folder(self.data, self.account)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self.lasting else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "databases": "16",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Launch(
            [str(self.program), *arguments],
            account=self.account,
            folder=self.data if not self.needs_search else Path("/"),
            log=log,
            death_signal=death_signal,
            needs_search=self.needs_search,
        )


def is_ready(store: Store) -> bool:
    """Whether it answers a PING within two seconds."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(store.socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def shut_down(store: Store) -> None:
    """End a running one; nothing happens when none runs."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(store.socket))
            line.sendall(b"SHUTDOWN\r\n")
            line.recv(64)
    except OSError:
        return
