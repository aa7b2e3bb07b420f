"""Find shipments within a scope; outside of it they do not exist."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branches.scope import Scope
from core.errors import NotVisible
from labjobs.models import Job
from labjobs.states import OPEN as OPEN_JOBS
from orders.models import Delivery, Order, OrderState
from shipping import states
from shipping.contents import plain
from shipping.models import Shipment

WITH = (
    "order__customer",
    "order__branch",
    "order__collect_branch",
    "order__owner",
    "branch",
    "to_branch",
    "carrier",
    "packed_by",
)


def shipments_for(scope: Scope) -> QuerySet[Shipment]:
    """Parcels that leave from or arrive in the scope's branches, or whose order was sold or is collected there."""
    found = Shipment.objects.all()
    if scope.everything:
        return found
    here = scope.branch_ids
    return found.filter(
        Q(branch_id__in=here)
        | Q(to_branch_id__in=here)
        | Q(order__branch_id__in=here)
        | Q(order__collect_branch_id__in=here)
    )


def shipment_of(scope: Scope, number: str) -> Shipment:
    """One shipment by its number. Raises NotVisible."""
    found = shipments_for(scope).select_related(*WITH, "recorded_by").filter(number=number).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def ready_to_send(scope: Scope) -> QuerySet[Order]:
    """Orders that are made and wait to be sent: delivery by carrier, no parcel packed yet."""
    held = Shipment.objects.filter(state__in=states.HOLDS_ITS_LINES, to_branch=None, ended_reason="").values("order_id")
    found = Order.objects.visible_to(scope).filter(state=OrderState.READY, delivery=Delivery.SHIP)
    return found.exclude(pk__in=held).select_related(
        "customer__home_branch", "branch", "collect_branch", "owner", "seller"
    )


def order_of_code(scope: Scope, code: str) -> Order | None:
    """The order whose tray, job, number, slip or frame was scanned; only what is ready."""
    text = plain(code)
    if not text or len(text) > 40:
        return None
    orders = Order.objects.visible_to(scope).filter(state=OrderState.READY)
    jobs = Job.objects.filter(Q(tray__code__iexact=text) | Q(number=text), state__in=OPEN_JOBS).values("order_id")
    return orders.filter(Q(number=text) | Q(public_code=text) | Q(pk__in=jobs)).order_by("pk").first()


def to_send(scope: Scope, code: str) -> Order | None:
    """The order of a scanned tray or slip when it is ready, goes by carrier and has no parcel yet."""
    order = order_of_code(scope, code)
    return ready_to_send(scope).filter(pk=order.pk).first() if order else None


def scanned(scope: Scope, code: str) -> Shipment | None:
    """The newest parcel with this tracking or shipment number."""
    text = plain(code).replace("-", "")
    if not 4 <= len(text) <= 40:
        return None
    wanted = Q(tracking_number=text) | Q(number=plain(code))
    return shipments_for(scope).select_related(*WITH).filter(wanted).order_by("-pk").first()
