"""The checks of the data, its history and its files: what is broken becomes a case of the head office."""

from datetime import datetime

from django.utils.translation import gettext as _

from branches.models import Branch
from cases.models import Case, CaseState
from cases.services import cases
from cases.services.cases import CaseData
from core import actor
from records import events, invariants
from records.models import Event
from records.services import filing, sealing

DATA, FILES = "broken_invariant", "broken_files"
PASSED = "check.passed"


def check() -> int:
    """Nightly: open a case naming everything that is broken, or note it on the one that is open. Returns how many."""
    sealing.seal_new()
    broken = [f"{fault.table}, rows {fault.from_id} to {fault.to_id}: {fault.what}" for fault in sealing.verify()]
    return tell(DATA, _("The check found data that cannot be right"), [*_in_words(invariants.violations()), *broken])


def check_data() -> list[invariants.Violation]:
    """The statements alone, for whoever asks at the command line. What is broken becomes the same case."""
    found = invariants.violations()
    tell(DATA, _("The check found data that cannot be right"), _in_words(found))
    return found


def check_files(now: datetime) -> int:
    """Weekly: every file of evidence is read again and compared with its hash. Returns how many are not as recorded."""
    return tell(FILES, _("The check found files that are not as they were kept"), filing.faults(now))


def tell(kind: str, title: str, broken: list[str]) -> int:
    """The case, or where one is open and nothing is broken any more, the fact by which it may close."""
    branch = Branch.objects.order_by("-is_active", "pk").first()
    if branch is None:
        return len(broken)
    if broken:
        cases.open_case(actor.system(), CaseData(kind, branch, branch.pk, title, "\n".join(broken)[:5000]))
    elif Case.objects.filter(kind=kind).exclude(state=CaseState.CLOSED).exists():
        events.record(PASSED, actor.system(), events.Fact(branch, branch.pk, data={"check": kind}))
    return len(broken)


def passed_since(case: Case) -> bool:
    """The check ran after whatever it found last, and found nothing."""
    found = Event.objects.filter(
        kind__in=("case.opened", "case.noted"), subject_type="cases.case", subject_id=case.pk, actor=None
    )
    last = found.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Event.objects.filter(kind=PASSED, data__check=case.kind, pk__gt=last).exists()


def _in_words(violations: list[invariants.Violation]) -> list[str]:
    return [f"{one.invariant.code}, {one.invariant.statement}: {list(one.rows)}" for one in violations]
