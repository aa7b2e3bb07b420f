"""Laboratories and their trays, file profile and limits; warranty terms: changed by whoever may, with history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import User
from branches.roles import Can
from core import versions
from core.actor import Actor
from core.errors import DomainError, NotVisible, Problems
from labjobs import credit_rules
from labjobs.credit_rules import REASONS, CountedFrom, CreditRule, Party
from labjobs.exchange import profiles
from labjobs.models import Lab, LabKind, Tray, WarrantyTerm
from records import events

MOST_TRAYS = 200


@dataclass(frozen=True)
class LabData:
    """What is known of a laboratory. An own one has a branch; `lead_id` gets its cases."""

    name: str
    code: str
    kind: str
    branch_id: int | None = None
    lead_id: int | None = None
    email: str = ""
    phone: str = ""
    account: str = ""
    lead_days: int = 3
    is_active: bool = True
    stage_limits: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def add(actor: Actor, data: LabData) -> Lab:
    """A new laboratory. Raises DomainError at the field for a name or code that is taken."""
    _may(actor, data.branch_id)
    _check(data, None)
    lab = Lab(code=data.code.strip().upper())
    _fill(lab, data)
    lab.save()
    _tell(actor, lab, {}, {"name": lab.name})
    return lab


@transaction.atomic
def change(actor: Actor, lab_id: int, data: LabData, version: int | None = None) -> Lab:
    """Change what is known; the code stays, as files and jobs name it. Raises StaleRecord where two people changed the same."""
    lab = _locked(actor, lab_id)
    _check(data, lab)
    before = _shown(lab)
    versions.merge(lab, version, lambda row: _fill(row, data))
    lab.save()
    _tell(actor, lab, before, _shown(lab))
    return lab


def _may(actor: Actor, branch_id: int | None) -> None:
    access.require(actor, Can.MANAGE_LABS, branch_id)


def _locked(actor: Actor, lab_id: int) -> Lab:
    lab = Lab.objects.select_for_update().filter(pk=lab_id).first()
    if lab is None:
        raise NotVisible(_("Not found."), code="not_visible")
    _may(actor, lab.branch_id)
    return lab


def _check(data: LabData, lab: Lab | None) -> None:
    fields = {}
    others = Lab.objects.exclude(pk=lab.pk) if lab else Lab.objects.all()
    if others.filter(name__iexact=data.name.strip()).exists():
        fields["name"] = _("Another laboratory has this name.")
    if lab is None and others.filter(code__iexact=data.code.strip()).exists():
        fields["code"] = _("Another laboratory has this code.")
    if data.kind == LabKind.OWN and data.branch_id is None:
        fields["branch"] = _("An own laboratory stands in a branch.")
    if data.lead_id is not None and not User.objects.filter(pk=data.lead_id, is_active=True).exists():
        fields["lead"] = _("Choose somebody who works here.")
    if fields:
        raise DomainError(_("The laboratory was not saved."), fields=fields, code="invalid")


def _fill(lab: Lab, data: LabData) -> None:
    lab.name, lab.kind, lab.email, lab.phone = data.name.strip(), data.kind, data.email, data.phone
    lab.branch_id = data.branch_id if data.kind == LabKind.OWN else None
    lab.account, lab.lead_days, lab.is_active = data.account.strip(), data.lead_days, data.is_active
    lab.lead_id = data.lead_id
    lab.stage_limits = {stage: number for stage, number in data.stage_limits.items() if number}


def _shown(lab: Lab) -> dict[str, Any]:
    names = ("name", "email", "phone", "account", "lead_days", "is_active")
    return {name: str(getattr(lab, name)) for name in names} | {"limits": json.dumps(lab.stage_limits, sort_keys=True)}


def _tell(actor: Actor, lab: Lab, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    moved = {name for name in new if old.get(name) != new[name]}
    fact = events.Fact(
        lab, lab.branch_id, old={name: old.get(name, "") for name in moved}, new={name: new[name] for name in moved}
    )
    events.record("lab.changed", actor, fact)


@transaction.atomic
def set_profile(actor: Actor, lab_id: int, values: Mapping[str, Any], version: int | None = None) -> Lab:
    """How files for this laboratory look. Raises ExchangeError with `fields` naming each problem."""
    lab = _locked(actor, lab_id)
    checked = profiles.to_dict(profiles.from_dict(values))
    before = lab.profile
    kept = versions.merged(lab, version, {"profile": json.loads(json.dumps(checked))})
    lab.profile = kept["profile"]
    lab.save()
    _tell(actor, lab, {"profile": _sorted(before)}, {"profile": _sorted(lab.profile)})
    return lab


def _sorted(value: Any) -> str:
    return json.dumps(value, sort_keys=True)[:400]


@transaction.atomic
def set_credit_rules(
    actor: Actor, lab_id: int, rows: Sequence[tuple[int, Mapping[str, Any]]], version: int | None = None
) -> Lab:
    """The laboratory's terms for remakes, each with its place on the page. Raises DomainError at the cells (`percents-0`)."""
    lab = _locked(actor, lab_id)
    problems = Problems()
    rules = [_credit_rule(place, row, problems) for place, row in rows]
    problems.raise_if_any(_("The terms cannot be read."))
    before = lab.credit_rules
    typed = [credit_rules.to_plain(rule) for rule in rules if rule is not None]
    lab.credit_rules = versions.merged(lab, version, {"credit_rules": typed})["credit_rules"]
    lab.save()
    rows = lab.credit_rules
    _tell(actor, lab, {"credit": _sorted(before)}, {"credit": _sorted(rows)})
    return lab


REPLACEMENTS = ("single_vision", "multifocal", "bifocal", "trifocal", "progressive", "occupational")


def _credit_rule(place: int, row: Mapping[str, Any], problems: Problems) -> CreditRule | None:
    """One row checked: known causes, percentages from 0 to 100, known replacements; None when it has a problem."""
    faults: dict[str, str] = {}
    known = {*REASONS, *(party.value for party in Party)}
    reasons = [_code(reason) for reason in row["reasons"]]
    unknown = [reason for reason in reasons if reason not in known]
    if unknown or not reasons:
        faults["reasons"] = _("There is no cause “%(code)s”.") % {"code": unknown[0]} if unknown else _("Name a cause.")
    percents = [_percent(text) for text in row["percents"]]
    if not percents or None in percents:
        faults["percents"] = _("Write percentages from 0 to 100, one for each remake: 100 50 0.")
    strange = [word for word in row.get("replacements", ()) if word not in REPLACEMENTS]
    if strange:
        faults["replacements"] = _("Use one of: %(words)s.") % {"words": ", ".join(REPLACEMENTS)}
    for name, message in faults.items():
        problems.add(f"{name}-{place}", message)
    if faults:
        return None
    percents_ok = tuple(percent for percent in percents if percent is not None)
    return CreditRule(
        reasons=frozenset(reasons),
        percents=percents_ok,
        within_days=row.get("within_days"),
        counted_from=CountedFrom(row.get("counted_from") or CountedFrom.INVOICE),
        times=row.get("times"),
        unchanged_required=bool(row.get("unchanged_required")),
        return_required=bool(row.get("return_required")),
        replacements=frozenset(row.get("replacements", ())),
    )


def _code(word: str) -> str:
    return word.upper() if word.upper() in REASONS else word.lower()


def _percent(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= 100 else None


@transaction.atomic
def add_trays(actor: Actor, lab_id: int, prefix: str, first: int, count: int) -> list[Tray]:
    """Trays with running numbers, such as T-317 to T-336. Those that exist already stay as they are."""
    lab = _locked(actor, lab_id)
    if lab.branch_id is None:
        raise DomainError(_("An outside laboratory uses its own trays."), code="no_branch")
    if not 1 <= count <= MOST_TRAYS:
        message = _("Add between 1 and %(n)s trays.") % {"n": MOST_TRAYS}
        raise DomainError(message, fields={"count": message}, code="count_range")
    codes = [f"{prefix.strip().upper()}{first + step}" for step in range(count)]
    if len(max(codes, key=len)) > 12:
        message = _("A tray's code has up to 12 signs.")
        raise DomainError(message, fields={"beginning": message}, code="code_long")
    made = [Tray.objects.get_or_create(branch_id=lab.branch_id, code=code) for code in codes]
    added = [tray for tray, created in made if created]
    _tell(actor, lab, {}, {"trays": str(len(added))})
    return added


@dataclass(frozen=True)
class TermData:
    """What a warranty term promises from now on; running warranties keep theirs."""

    name: str
    months: int
    times_allowed: int
    causes: tuple[str, ...]
    conditions: str = ""
    is_active: bool = True


@transaction.atomic
def change_term(actor: Actor, code: str, data: TermData, version: int | None = None) -> WarrantyTerm:
    """Change the terms of warranties that start from now on."""
    access.require_everywhere(actor, Can.MANAGE_LABS)
    term = WarrantyTerm.objects.select_for_update().filter(code=code).first()
    if term is None:
        raise NotVisible(_("Not found."), code="not_visible")
    unknown = [cause for cause in data.causes if cause not in REASONS]
    if unknown:
        message = _("There is no cause %(code)s.") % {"code": unknown[0]}
        raise DomainError(message, fields={"causes": message}, code="cause_unknown")
    old = {"months": str(term.months), "times": str(term.times_allowed), "causes": " ".join(term.causes)}
    versions.merge(term, version, lambda row: _fill_term(row, data))
    term.save()
    new = {"months": str(term.months), "times": str(term.times_allowed), "causes": " ".join(term.causes)}
    events.record("warranty.terms_changed", actor, events.Fact(term, old=old, new=new))
    return term


def _fill_term(term: WarrantyTerm, data: TermData) -> None:
    term.name, term.months, term.times_allowed = data.name, data.months, data.times_allowed
    term.causes, term.conditions, term.is_active = list(data.causes), data.conditions, data.is_active
