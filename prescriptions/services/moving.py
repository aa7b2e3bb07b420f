"""When two customer records turn out to be one person, what was written for the one is found at the other."""

from core.actor import Actor
from customers.models import Customer
from prescriptions.models import EyeTest, Prescription
from prescriptions.services import common


def move(kept: Customer, merged: Customer, actor: Actor) -> int:
    """Point prescriptions and eye tests at the kept record, inside the merge's transaction. Returns how many."""
    reason = f"merged into {kept.number}"
    prescriptions = list(Prescription.objects.select_for_update().filter(customer=merged).order_by("pk"))
    for row in prescriptions:
        row.customer = kept
        common.keep(row, actor, reason)
    tests = list(EyeTest.objects.select_for_update().filter(customer=merged).order_by("pk"))
    for test in tests:
        test.customer = kept
        test.save()
    return len(prescriptions) + len(tests)
