"""Returns that nobody moved on: a case with an owner for each, opened by the clock; and those that close by themselves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.models import Return, ReturnState
from aftersales.services import returns
from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import system
from orders.models import OrderState

# A customer waits for an answer, then for the money: after these days a person is named.
PATIENCE = {
    ReturnState.REQUESTED: ("requested_at", timedelta(days=2)),
    ReturnState.RECEIVED: ("received_at", timedelta(days=3)),
    ReturnState.INSPECTED: ("inspected_at", timedelta(days=3)),
}
BATCH = 200


def look_after(now: datetime) -> int:
    """Open a case for every return that waits too long, close those whose replacement was handed over. How many."""
    done = 0
    for state, (since, patience) in PATIENCE.items():
        late = Return.objects.filter(state=state, **{f"{since}__lt": now - patience})
        done += sum(_open(found, since) for found in late.select_related("order")[:BATCH])
    over = Return.objects.filter(
        state=ReturnState.REPLACED, replacement__state__in=[OrderState.COLLECTED, OrderState.CLOSED]
    )
    for return_id in over.values_list("pk", flat=True)[:BATCH]:
        returns.close(system(_("Clock")), return_id)
        done += 1
    return done


@transaction.atomic
def _open(found: Return, since: str) -> bool:
    known = Case.objects.filter(
        kind="return_waiting", subject_type="aftersales.return", subject_id=found.pk, earlier_value__state=found.state
    )
    if known.exists():
        return False
    words = {"number": found.number, "state": str(found.get_state_display()).lower()}
    cases.open_case(
        system(),
        CaseData(
            kind="return_waiting",
            subject=found,
            branch_id=found.branch_id,
            title=_("Return %(number)s waits: %(state)s") % words,
            description=_("Take the next step on the page of the return, and tell the customer."),
            customer_id=found.order.customer_id,
            order_id=found.order_id,
            earlier_value={"state": found.state, "since": getattr(found, since).isoformat()},
        ),
    )
    return True
