"""The order of a whole run: files that take long come first, so that the processes end together.

Files that mostly wait (for a server to start, for a worker to come back) stand between files that compute, so that
the processors have work while they wait. Files that are not named follow, those with the most tests first.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

FIRST = (
    "tests/platform/test_up.py",
    "tests/e2e/test_every_page.py",
    "tests/security/test_matrix.py",
    "tests/e2e/test_shell_pages.py",
    "tests/faults/test_messages.py",
    "tests/e2e/test_counter.py",
    "tests/orders/test_pages.py",
    "tests/faults/test_workers.py",
    "tests/demo/test_sample_practice.py",
    "tests/e2e/test_prescription_grid.py",
    "tests/e2e/test_keyboard.py",
    "tests/e2e/test_tasks_by_keyboard.py",
    "tests/faults/test_storm.py",
    "tests/shipping/test_following.py",
    "tests/reports/test_random.py",
    "tests/e2e/test_whole_journey.py",
    "tests/journeys/test_at_the_counter.py",
    "tests/platform/test_compose.py",
    "tests/journeys/test_in_the_laboratory.py",
    "tests/catalogue/test_lens_imports.py",
    "tests/faults/test_measures.py",
    "tests/faults/test_exports.py",
    "tests/journeys/test_before_approval.py",
    "tests/journeys/test_before_release.py",
    "tests/shipping/test_packing.py",
    "tests/reports/exports/test_packs.py",
    "tests/reports/exports/test_builder.py",
    "tests/shipping/test_pages.py",
    "tests/notifications/test_push.py",
    "tests/reports/test_proof.py",
    "tests/journeys/test_walk_in_to_collection.py",
    "tests/catalogue/test_imports.py",
    "tests/orders/test_papers.py",
    "tests/e2e/test_customer_phone.py",
)


def long_first(items: Sequence[Any]) -> list[Any]:
    """The tests file by file, each file's own order kept. `items` have a `nodeid` that begins with the file."""
    files = [item.nodeid.partition("::")[0] for item in items]
    tests = Counter(files)
    place = {name: number for number, name in enumerate(FIRST)}

    def rank(name: str) -> tuple[int, int, str]:
        return place.get(name, len(FIRST)), -tests[name], name

    return [item for _, item in sorted(zip(files, items, strict=True), key=lambda pair: rank(pair[0]))]
