"""Says after the run how many worked cases there were, or that there were none."""

from collections import Counter

import pytest

from tests.reference import cases


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    outcomes = Counter(
        outcome
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call" and "test_worked_case" in report.nodeid
    )
    if outcomes:
        terminalreporter.write_line(
            f"Worked cases: {sum(outcomes.values())} run, {outcomes['passed']} passed, {outcomes['failed']} failed,"
            f" from {len(cases.files())} files in {cases.FOLDER}"
        )
    elif not cases.files():
        terminalreporter.write_line(f"Worked cases: none found in {cases.FOLDER}, skipped (set REFERENCE_DATA)")
