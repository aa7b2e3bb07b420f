"""The return policy of the practice: shipped with rules that fit the trade, edited by managers, kept with its history."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.models import Goods, ReturnPolicy
from aftersales.shipped import SHIPPED
from branches import access
from branches.roles import Can
from core import practice_words, versions
from core.actor import Actor
from core.errors import DomainError, NotVisible
from records import events

FIELDS = (
    "goods",
    "brand",
    "days",
    "faulty_days",
    "made_to_order",
    "may_refund",
    "may_exchange",
    *practice_words.columns("conditions"),
    "is_active",
)


def ship() -> None:
    """Lay down the rules of a new practice, each once, in every language of customers."""
    for rule in SHIPPED:
        values = {
            name: getattr(rule, name) for name in ("goods", "days", "faulty_days", "made_to_order", "may_exchange")
        }
        words = {"conditions": str(rule.conditions)}
        for code in practice_words.others():
            with translation.override(code):
                words[f"conditions_{code}"] = str(rule.conditions)
        values |= {"may_refund": rule.goods != Goods.SERVICE, **words}
        ReturnPolicy.objects.get_or_create(code=rule.code, defaults=values)


@transaction.atomic
def add(actor: Actor, code: str, values: dict[str, Any]) -> ReturnPolicy:
    """A new rule under a short name of its own. Raises DomainError at the field."""
    if ReturnPolicy.objects.filter(code=code).exists():
        message = _("This short name is taken.")
        raise DomainError(message, fields={"code": message}, code="taken")
    return save(actor, code, values)


@transaction.atomic
def save(actor: Actor, code: str, values: dict[str, Any], version: int | None = None) -> ReturnPolicy:
    """Keep a rule. Requests that are under way keep what they were told."""
    access.require(actor, Can.MANAGE_SETTINGS, actor.branch_id)
    policy = ReturnPolicy.objects.select_for_update().filter(code=code).first()
    if policy is None and version is not None:
        raise NotVisible(_("Not found."), code="not_visible")
    if policy is not None:
        values = values | versions.merged_since(policy, version, {name: values[name] for name in FIELDS})
    _check(code, values)
    old = {name: str(getattr(policy, name)) for name in FIELDS} if policy else {}
    policy = policy or ReturnPolicy(code=code, version=0)
    for name in FIELDS:
        setattr(policy, name, values[name])
    policy.version += 1
    policy.save()
    new = {name: str(getattr(policy, name)) for name in FIELDS}
    moved = [name for name in FIELDS if old.get(name) != new[name]]
    fact = events.Fact(policy, None, old={n: old.get(n, "") for n in moved}, new={n: new[n] for n in moved})
    events.record("return_policy.changed", actor, fact)
    return policy


def _check(code: str, values: dict[str, Any]) -> None:
    brand = values["brand"].strip()
    values["brand"] = brand
    if brand and values["goods"] != Goods.FRAME:
        message = _("Only frames have a rule of their own for a brand.")
        raise DomainError(message, fields={"brand": message}, code="brand")
    twin = ReturnPolicy.objects.filter(goods=values["goods"], brand__iexact=brand, is_active=True).exclude(code=code)
    if values["is_active"] and twin.exists():
        message = _("There is a rule for this already. Change that one.")
        raise DomainError(message, fields={"brand": message, "goods": message}, code="twice")
