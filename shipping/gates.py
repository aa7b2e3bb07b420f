"""The checkpoints before an order leaves: each passed, or named with who can mend it. Nothing is sent past a closed one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.roles import Role
from cases import selectors as cases
from core import ui
from core.errors import Missing, Problems
from customers import addresses
from customers.models import Customer
from labjobs.models import Job, JobState
from labjobs.selectors.finding import open_job_of
from orders.models import LineKind, Order, OrderState, QuotationState
from orders.services import payments_due
from records.facts import role_word
from records.services import approvals, reviews
from shipping import contents
from shipping.contents import Item, Scanned

ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
_SENDABLE = (OrderState.READY, OrderState.SHIPPED)


@dataclass(frozen=True)
class Draft:
    """What is about to be packed. `lines` empty: everything that is left. `seen`: lines without a code, looked at."""

    address: Mapping[str, str]
    unverified: str = ""
    codes: Sequence[str] = ()
    lines: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    to_branch: Branch | None = None


@dataclass(frozen=True)
class Gate:
    """One checkpoint. `missing` is empty when it is passed; `how` says how it was."""

    code: str
    label: str
    missing: tuple[Missing, ...] = ()
    how: str = ""

    @property
    def passed(self) -> bool:
        return not self.missing

    def step(self) -> ui.Step:
        """As a line of a checklist."""
        first = self.missing[0] if self.missing else None
        if first is None:
            return ui.Step(self.label, True, self.how)
        words = " ".join(one.message for one in self.missing)
        owner = _("%(owner)s mends it.") % {"owner": first.owner} if first.owner else ""
        return ui.Step(self.label, False, f"{words} {owner}".strip(), first.url)


@dataclass(frozen=True)
class Checked:
    """All checkpoints of one draft, with the items as they were scanned."""

    gates: tuple[Gate, ...]
    wanted: tuple[Item, ...]
    scanned: Scanned = field(default_factory=lambda: Scanned({}, ()))

    @property
    def missing(self) -> list[Missing]:
        return [one for gate in self.gates for one in gate.missing]

    def stored(self, by: str) -> list[dict[str, str]]:
        return [{"code": gate.code, "label": gate.label, "how": gate.how, "by": by} for gate in self.gates]


def check(order: Order, draft: Draft) -> Checked:
    """Every checkpoint as it stands now. Raises nothing; a fixed number of queries."""
    job = open_job_of(order)
    items = contents.items_of(order)
    wanted = tuple(item for item in items if item.left and (not draft.lines or item.line.pk in draft.lines))
    scanned = contents.match(items, draft.codes)
    gates = (
        _validated(order),
        _paid(order, draft),
        _quality(order, job, wanted),
        address_gate(draft),
        name_gate(draft),
        _items(wanted, scanned, draft),
        _clear(order),
    )
    return Checked(gates, wanted, scanned)


def _gate(code: str, label: str, missing: Iterable[Missing] = (), how: str = "") -> Gate:
    return Gate(code, label, tuple(missing), how)


def _validated(order: Order) -> Gate:
    label = _("Order validated")
    if order.state not in _SENDABLE:
        words = {"state": str(order.get_state_display()).lower()}
        message = _("The order is %(state)s; it is sent when it is ready.") % words
        return _gate("order", label, [Missing("order", message, _owner(order))])
    quotation = order.quotations.filter(state=QuotationState.APPROVED).first()
    if quotation is None or approvals.current(quotation, "quotation") is None:
        return _gate(
            "order", label, [Missing("order", _("The customer's approval does not stand any more."), _owner(order))]
        )
    return _gate("order", label, how=_("approved in version %(n)s") % {"n": quotation.version})


def _paid(order: Order, draft: Draft) -> Gate:
    """All of it before it is sent; a move between our branches costs the customer nothing yet."""
    label = _("Payment captured")
    if draft.to_branch is not None:
        return _gate("payment", label, how=_("not needed between branches"))
    return _gate("payment", label, payments_due.missing(order, payments_due.Before.SHIPPING), _("paid as agreed"))


def _quality(order: Order, job: Job | None, wanted: Sequence[Item]) -> Gate:
    label = _("Quality check passed")
    if job is None:
        made = any(item.line.kind == LineKind.LENS for item in wanted)
        if not made:
            return _gate("quality", label, how=_("nothing was made for this order"))
        return _gate(
            "quality", label, [Missing("quality", _("The lenses were not made."), role_word(Role.LAB_TECHNICIAN))]
        )
    if job.state in (JobState.READY, JobState.COLLECTED):
        return _gate("quality", label, how=_("job %(number)s") % {"number": job.number})
    owner = job.lab.lead.full_name if job.lab.lead else role_word(Role.LAB_TECHNICIAN)
    message = _("Job %(number)s is at %(stage)s.") % {"number": job.number, "stage": job.get_stage_display()}
    return _gate("quality", label, [Missing("quality", message, owner, reverse("labjobs:job", args=[job.number]))])


def address_gate(draft: Draft) -> Gate:
    label = _("Address valid")
    if draft.to_branch is not None:
        return _gate("address", label, how=draft.to_branch.name)
    problems = address_problems(draft.address)
    if not problems:
        return _gate(
            "address", label, how=_("by the rules of %(country)s") % {"country": draft.address.get("country", "")}
        )
    if draft.unverified.strip() and any(draft.address.get(name, "").strip() for name in ("line1", "city")):
        return _gate("address", label, how=_("kept as typed: %(why)s") % {"why": draft.unverified.strip()})
    owner = role_word(Role.RECEPTIONIST)
    return _gate("address", label, [Missing("address", message, owner) for message in problems.values()])


def address_problems(address: Mapping[str, str]) -> dict[str, str]:
    """Field to sentence. An address is needed to send something, so none at all is wrong here."""
    if not any(address.get(name, "").strip() for name in ("line1", "city", "postal_code")):
        return {"line1": _("There is no address.")}
    problems = Problems()
    addresses.check(address, problems)
    return problems.fields


def name_gate(draft: Draft) -> Gate:
    label = _("Recipient's name")
    name = draft.address.get("name", "").strip()
    if sum(char.isalpha() for char in name) >= 2:
        return _gate("name", label, how=name)
    return _gate("name", label, [Missing("name", _("Nobody is named as recipient."), role_word(Role.RECEPTIONIST))])


def _items(wanted: Sequence[Item], scanned: Scanned, draft: Draft) -> Gate:
    label = _("Items scanned against the order")
    if not wanted:
        return _gate("items", label, [Missing("items", _("Everything of this order has been packed already."))])
    missing = [
        Missing("wrong_item", _("“%(code)s” does not belong to this order: take it out.") % {"code": code})
        for code in scanned.strange
    ]
    for item in wanted:
        if item.line.pk in scanned.by_line or (not item.has_code and item.line.pk in draft.seen):
            continue
        words = _("%(item)s is not scanned.") if item.has_code else _("%(item)s is not ticked.")
        missing.append(Missing("items", words % {"item": item.line.description}, _("Who packs")))
    how = ", ".join(dict.fromkeys(scanned.by_line.values()))
    return _gate("items", label, missing, how)


def _clear(order: Order) -> Gate:
    """Decisions to make again and cases that hold the shipping; what holds a collection holds a parcel too."""
    label = _("Nothing holds it")
    missing = []
    for review in reviews.before_handover(order.pk, "shipping"):
        owner = review.owner.full_name if review.owner else role_word(review.owner_role)
        missing.append(Missing("review", review.asks, owner))
    for case in cases.blocking(order.pk, *_STAGES):
        owner = case.owner.full_name if case.owner else role_word(case.owner_role)
        missing.append(Missing("case", f"{case.number} {case.title}", owner, reverse("cases:page", args=[case.number])))
    return _gate("clear", label, missing, _("no open review or case"))


_STAGES = ("shipping", "collection")


def _owner(order: Order) -> str:
    person = order.owner or order.seller
    return person.full_name if person else role_word(Role.DISPENSING_OPTICIAN)


def address_of(customer: Customer) -> dict[str, str]:
    """The customer's address as a snapshot for a parcel."""
    return {
        "name": customer.full_name,
        "line1": customer.line1,
        "line2": customer.line2,
        "city": customer.city,
        "region": customer.region,
        "postal_code": customer.postal_code,
        "country": customer.country or customer.home_branch.country,
        "phone": customer.phone,
    }


def address_of_branch(branch: Branch) -> dict[str, str]:
    return {name: str(getattr(branch, name, "")) for name in ADDRESS}
