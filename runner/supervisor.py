"""Keep programs running: start in order, bring back what dies, stop in the reverse order."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from runner.process import Launch, end_group, start, stop

_FIRST_DELAY, _LONGEST_DELAY, _SETTLED = 0.5, 30.0, 60.0


@dataclass
class Service:
    """One program that should always run. `ends_by` is the signal that asks it to go."""

    name: str
    launch: Launch
    ends_by: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    child: "subprocess.Popen[bytes] | None" = None
    delay: float = _FIRST_DELAY
    started: float = 0.0
    due: float = field(default=0.0)

    def begin(self) -> None:
        self.child = start(self.launch)
        self.started = time.monotonic()

    @property
    def runs(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def end(self) -> None:
        if self.child is not None:
            stop(self.child, self.ends_by, self.patience)
            self.child = None


class Supervisor:
    """Holds the services in the order of their start."""

    def __init__(self) -> None:
        self.services: list[Service] = []

    def add(self, service: Service) -> Service:
        service.begin()
        self.services.append(service)
        return service

    def look(self) -> None:
        """Bring back what has died, each after a delay that grows while it keeps dying."""
        now = time.monotonic()
        for service in self.services:
            if service.runs:
                if now - service.started > _SETTLED:
                    service.delay = _FIRST_DELAY
            elif service.child is not None:
                self._note_death(service, now)
            elif now >= service.due:
                service.begin()

    def _note_death(self, service: Service, now: float) -> None:
        child = service.child
        if child is None:
            return
        end_group(child)
        service.child, service.due = None, now + service.delay
        _say(f"{service.name} ended ({_reason(child.returncode)}); starting it again in {service.delay:g} s")
        service.delay = min(_LONGEST_DELAY, service.delay * 2)

    def stop_all(self) -> None:
        for service in reversed(self.services):
            service.end()


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
