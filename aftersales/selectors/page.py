"""The page of one return: what, why, what the policy says, the way so far, the money, and the next step."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales import states
from aftersales.models import Remedy, Return, ReturnPolicy, ReturnState
from aftersales.rules import policy_for, sentence
from aftersales.selectors.listing import badge
from aftersales.services import papers, returns
from aftersales.things import Thing
from branches.roles import Can, Role
from core import formats, ui
from core.errors import Missing
from customers.page import identity
from orders.models import Order
from orders.next_actions import Button, NextAction
from orders.services import ledger
from orders.services.common import local
from orders.services.common import today as today_at
from orders.stages import money_badge
from orders.viewer import Viewer
from records.facts import role_word


def policy_words(order: Order, things: Sequence[Thing]) -> list[tuple[str, str]]:
    """(what, the rule as customers read it) for everything of an order that can come back."""
    policies = list(ReturnPolicy.objects.filter(is_active=True))
    found = [(thing.description, policy_for(policies, thing.goods, thing.brand)) for thing in things]
    return [(words, sentence(policy) if policy else _("A person decides.")) for words, policy in found]


def return_page(found: Return, viewer: Viewer) -> dict[str, Any]:
    """Everything of the page."""
    items = list(found.items.all())
    said = {one["key"]: one for one in found.explained}
    account = ledger.money_of(found.order)
    return {
        "found": found,
        "order": found.order,
        "banner": identity(found.order.customer),
        "badge": badge(found),
        "items": [(item, said.get(item.key)) for item in items],
        "worth": sum(item.amount for item in items),
        "outside": returns.is_outside(found),
        "steps": steps(found),
        "money": money_badge(account, today_at(found.order.branch)),
        "account": account,
        "next": next_action(found, viewer),
        "may": _rights(found, viewer),
        "printable": found.state in papers.PRINTABLE,
    }


def _rights(found: Return, viewer: Viewer) -> dict[str, bool]:
    allowed = {step.verb: viewer.may(step.can, found.order) for step in states.RETURN.from_state(found.state)}
    own = found.requested_by_id is not None and found.requested_by_id == viewer.actor.user_id
    return {verb: may and not (own and verb in ("approve", "decline")) for verb, may in allowed.items()}


_WAY = (
    ("requested_at", ReturnState.REQUESTED),
    ("decided_at", ReturnState.APPROVED),
    ("received_at", ReturnState.RECEIVED),
    ("inspected_at", ReturnState.INSPECTED),
    ("settled_at", ReturnState.REFUNDED),
)


def steps(found: Return) -> list[ui.Stage]:
    """Requested, approved, received, inspected, settled: each with its day; the first open one is current."""
    ended = found.state in (ReturnState.DECLINED, ReturnState.WITHDRAWN)
    made: list[ui.Stage] = []
    current = False
    for field, state in _WAY:
        at = getattr(found, field)
        label = _settled_word(found) if state == ReturnState.REFUNDED else str(state.label)
        if at is not None:
            word = _("Declined") if state == ReturnState.APPROVED and found.state == ReturnState.DECLINED else label
            day = formats.day(local(found.branch, at).date(), today=today_at(found.branch))
            made.append(ui.Stage(word, "done", day))
        elif not ended:
            label = _("Decision") if state == ReturnState.APPROVED else label
            made.append(ui.Stage(label, "next" if current else "current", "", is_current=not current))
            current = True
    return made


def _settled_word(found: Return) -> str:
    return _("Replaced") if found.remedy == Remedy.EXCHANGE or found.replacement_id else _("Refunded")


def next_action(found: Return, viewer: Viewer) -> NextAction | None:
    """One verb, its owner, what stands in the way."""
    by_state = {
        ReturnState.REQUESTED: _decide,
        ReturnState.APPROVED: _receive,
        ReturnState.RECEIVED: _inspect,
        ReturnState.INSPECTED: _settle,
        ReturnState.REFUNDED: _close,
        ReturnState.REPLACED: _close,
    }
    step = by_state.get(ReturnState(found.state))
    return step(found, viewer) if step else None


def _at(name: str, found: Return) -> str:
    return reverse(f"aftersales:{name}", args=[found.number])


def _decide(found: Return, viewer: Viewer) -> NextAction:
    may, outside = _rights(found, viewer), returns.is_outside(found)
    needs = Can.OVERRIDE_RETURNS if outside else Can.APPROVE_RETURNS
    owner = role_word(Role.BRANCH_MANAGER if outside else Role.DISPENSING_OPTICIAN)
    why = _("Outside the policy: a reason is needed.") if outside else ""
    if found.requested_by_id and found.requested_by_id == viewer.actor.user_id:
        why = _("Somebody else has to decide on what you asked for.")
    buttons = []
    if may.get("decline"):
        buttons.append(Button(_("Decline"), _at("decline", found), key="n"))
    if may.get("approve") and viewer.may(needs, found.order):
        buttons.append(Button(_("Approve"), _at("approve", found), post=not outside, primary=True, key="y"))
    return NextAction(
        _("Approve or decline"), owner, why, "warning" if outside else "", "alert" if why else "", buttons
    )


def _receive(found: Return, viewer: Viewer) -> NextAction:
    buttons = [Button(_("Receive"), _at("receive", found), post=True, primary=True, key="y")]
    shown = buttons if _rights(found, viewer).get("receive") else []
    return NextAction(
        _("Receive what comes back"), role_word(Role.RECEPTIONIST), _("The customer brings or sends it."), buttons=shown
    )


def _inspect(found: Return, viewer: Viewer) -> NextAction:
    buttons = [Button(_("Inspect"), _at("inspect", found), primary=True, key="y")]
    shown = buttons if _rights(found, viewer).get("inspect") else []
    return NextAction(_("Look at it"), role_word(Role.FRAME_CONTROLLER), "", buttons=shown)


def _settle(found: Return, viewer: Viewer) -> NextAction:
    """What the customer wanted first; the other way stays open."""
    may, exchange = _rights(found, viewer), found.remedy == Remedy.EXCHANGE
    made = []
    if may.get("refund"):
        made.append(Button(_("Refund"), _at("refund", found), primary=not exchange, key="" if exchange else "y"))
    if may.get("replace"):
        label = _("Order the replacement")
        made.append(Button(label, _at("replace", found), post=True, primary=exchange, key="y" if exchange else ""))
    if may.get("decline"):
        made.append(Button(_("Decline after all"), _at("decline", found), key="n"))
    verb = _("Order the replacement") if exchange else _("Pay the money back")
    owner = role_word(Role.DISPENSING_OPTICIAN if exchange else Role.BRANCH_MANAGER)
    return NextAction(verb, owner, "", buttons=sorted(made, key=lambda one: one.primary))


def _close(found: Return, viewer: Viewer) -> NextAction:
    buttons = [Button(_("Close"), _at("close", found), post=True, primary=True, key="y")]
    shown = buttons if _rights(found, viewer).get("close") else []
    missing = []
    if found.replacement is not None and found.state == ReturnState.REPLACED:
        words = _("The replacement %(number)s was not handed over yet.") % {"number": found.replacement.number}
        done = found.replacement.state in ("collected", "closed", "cancelled")
        missing = [] if done else [Missing("replacement", words)]
    why = " ".join(one.message for one in missing)
    return NextAction(_("Close the return"), role_word(Role.RECEPTIONIST), why, buttons=shown, missing=missing)
