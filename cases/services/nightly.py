"""The nightly check of the data and its history: what is broken becomes a case of the head office."""

from datetime import datetime

from branches.models import Branch
from cases.services import cases
from cases.services.cases import CaseData
from core import actor
from records import invariants
from records.services import filing, sealing


def check() -> int:
    """Open a case naming everything that is broken, or note it on the one that is open. Returns how many are broken."""
    broken = [
        f"{violation.invariant.code}, {violation.invariant.statement}: {list(violation.rows)}"
        for violation in invariants.violations()
    ]
    sealing.seal_new()
    broken += [f"{fault.table}, rows {fault.from_id} to {fault.to_id}: {fault.what}" for fault in sealing.verify()]
    _tell("The nightly check found data that cannot be right", broken)
    return len(broken)


def check_files(now: datetime) -> int:
    """Weekly: every file of evidence is read again and compared with its hash. Returns how many are not as recorded."""
    broken = filing.faults(now)
    _tell("The weekly check found files that are not as they were kept", broken)
    return len(broken)


def _tell(title: str, broken: list[str]) -> None:
    branch = Branch.objects.order_by("pk").first()
    if broken and branch is not None:
        told = "\n".join(broken)[:5000]
        cases.open_case(actor.system(), CaseData("broken_invariant", branch, branch.pk, title, told))
