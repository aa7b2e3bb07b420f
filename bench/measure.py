"""Measure through the production server: p50 and p95 as multiples of the floor of the same run, and queries."""

import json
import statistics
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.load import say
from bench.plan import CONFIRM_AIM, FLOOR, WORKS, Facts, Work, clients, confirm
from bench.stack import Stack, commit, folder_of, running
from runner.errors import StartError

RESULTS = Path(__file__).resolve().parent / "results"
CONFIRMATIONS, WARM = 8, 2
REQUESTS = {1: 20, 8: 40}
_ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "bench.settings"}


@dataclass(frozen=True)
class Result:
    """Milliseconds at one number of clients; `ratio_*` to the floor at the same number of clients."""

    work: str
    clients: int
    p50_ms: float
    p95_ms: float
    ratio_p50: float
    ratio_p95: float
    queries: int
    aim: int | None

    @property
    def verdict(self) -> str:
        if self.aim is None or self.clients > 1 or self.work == FLOOR.name:
            return ""
        return "reached" if self.ratio_p95 <= self.aim else "missed"


def measure(customers: int) -> None:
    """One run over everything; prints the table and writes it to results/."""
    if not (folder_of(customers) / "loaded").exists():
        raise StartError(f"Load the database first: python -m bench load {customers}")
    with running(customers) as stack:
        facts = _facts(stack)
        stack.serve("optics.wsgi:application", _ENVIRONMENT)
        results = _all(facts, stack.practice.port)
        constant = [_constant(facts, stack.practice.port, work) for work in WORKS if work.few]
    _write(customers, facts["counts"], results)
    say(table(results))
    say("\n".join(constant))


def _facts(stack: Stack) -> Facts:
    stack.run("manage.py", "prepare", owner=True, environment={"SAMPLE": "0"})
    printed = stack.run("-m", "bench.arrange", str(CONFIRMATIONS), environment=_ENVIRONMENT)
    line = next(line for line in printed.splitlines() if line.startswith("FACTS "))
    facts: Facts = json.loads(line.removeprefix("FACTS "))
    return facts


def _all(facts: Facts, port: int) -> list[Result]:
    results = []
    for many in REQUESTS:
        floor = _timed(facts, port, FLOOR, many)
        results.append(_result(FLOOR, many, floor, floor, 1))
        for work in WORKS:
            queries = _queries(facts, port, work.path(facts), work.who)
            results.append(_result(work, many, _timed(facts, port, work, many), floor, queries))
            say(f"  {results[-1].work}, {many} clients: p95 {results[-1].ratio_p95} x the floor")
        if many == 1:
            results.append(_confirmed(facts, port, floor))
    return results


def _result(work: Work, many: int, times: Sequence[float], floor: Sequence[float], queries: int) -> Result:
    middle, high = statistics.median(times), _p95(times)
    base = statistics.median(floor)
    return Result(
        work.name,
        many,
        round(middle * 1000, 1),
        round(high * 1000, 1),
        round(middle / base, 1),
        round(high / _p95(floor), 1),
        queries,
        work.aim,
    )


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _timed(facts: Facts, port: int, work: Work, many: int) -> list[float]:
    """Seconds of each request, from so many clients at once, after a few that only warm up."""
    path, times, refused = work.path(facts), [], []

    def one() -> None:
        client = clients(facts, port, work.who)
        for nth in range(WARM + REQUESTS[many] // many):
            answer = client.get(path)
            if answer.status != 200:
                refused.append(answer.status)
                return
            if nth >= WARM:
                times.append(answer.seconds)

    threads = [threading.Thread(target=one) for _client in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise AssertionError(f"{work.name}: {path} answered {refused[0]}")
    return times


def _queries(facts: Facts, port: int, path: str, who: str) -> int:
    """Of a second look, when what is remembered for some seconds is there; the most that a few looks took."""
    client = clients(facts, port, who, count=True)
    client.get(path)
    return max(client.get(path).queries for _look in range(5))


def _confirmed(facts: Facts, port: int, floor: Sequence[float]) -> Result:
    """The whole path, request by request; its queries from the first orders, its time from the others."""
    staff = clients(facts, port, "session", count=True)
    counted = [confirm(staff, clients(facts, port, "nobody", count=True), order) for order in facts["confirm"][:2]]
    queries = sum(answer.queries for answer in counted[-1])
    staff = clients(facts, port, "session")
    times = []
    for order in facts["confirm"][2:]:
        asked = confirm(staff, clients(facts, port, "nobody"), order)
        times.append(sum(answer.seconds for answer in asked))
    work = Work("confirm an order: all 8 requests", lambda known: "", CONFIRM_AIM)
    return _result(work, 1, times, floor, queries)


def _constant(facts: Facts, port: int, work: Work) -> str:
    """Queries may not grow with the rows of a page."""
    few = _queries(facts, port, work.few(facts) if work.few else "", work.who)
    many = _queries(facts, port, work.path(facts), work.who)
    return f"Queries of {work.name}: {few} for one row, {many} for a full page: {'grows' if many > few + 3 else 'constant'}"


def _write(customers: int, counts: dict[str, Any], results: list[Result]) -> None:
    RESULTS.mkdir(exist_ok=True)
    head = {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}", "commit": commit(), "rows": counts}
    lines = [json.dumps(head), *(json.dumps(asdict(one)) for one in results)]
    (RESULTS / f"{customers}.jsonl").write_text("\n".join(lines) + "\n")


def table(results: list[Result]) -> str:
    """Markdown, as it stands in the README."""
    lines = [
        "| work | clients | p50 ms | p95 ms | p50 / floor | p95 / floor | aim | queries |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.work} | {one.clients} | {one.p50_ms} | {one.p95_ms} | {one.ratio_p50} | {one.ratio_p95}"
        f" | {f'{one.aim} {one.verdict}'.strip() if one.aim else ''} | {one.queries} |"
        for one in results
    ]
    return "\n".join(lines)
