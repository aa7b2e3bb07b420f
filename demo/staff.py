"""The sample practice's house: organisation, three shops, a laboratory of its own, and who works where."""

from datetime import datetime
from typing import Any

from branches.models import Branch, Membership, User
from branches.roles import Role
from branches.services import organisation, profile, rooms, staff
from branches.services.organisation import FirstDay
from core.actor import Actor, system

PASSWORD = "see-clearly-2026"
PIN = "246810"
_SHOP_HOURS = {day: ["08:30", "17:30"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["08:30", "13:00"]}
_LAB_HOURS = {day: ["07:00", "16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}

_BRANCHES: dict[str, dict[str, Any]] = {
    "RSB": {
        "name": "Rosebank", "colour": "blue", "phone": "+27 11 555 0142", "email": "rosebank@practice.example",
        "line1": "12 Cradock Avenue", "city": "Johannesburg", "region": "Gauteng", "postal_code": "2196",
    },
    "DUR": {
        "name": "Durban North", "colour": "green", "phone": "+27 31 555 0117", "email": "durbannorth@practice.example",
        "line1": "38 Mackeurtan Avenue", "city": "Durban", "region": "KwaZulu-Natal", "postal_code": "4051",
    },
    "UMH": {
        "name": "Umhlanga", "colour": "amber", "phone": "+27 31 555 0198", "email": "umhlanga@practice.example",
        "line1": "5 Lagoon Drive", "city": "Umhlanga", "region": "KwaZulu-Natal", "postal_code": "4319",
    },
    "MID": {
        "name": "Meridian Lab, Midrand", "colour": "violet", "phone": "+27 11 555 0176", "email": "lab@practice.example",
        "line1": "27 Old Pretoria Road", "city": "Midrand", "region": "Gauteng", "postal_code": "1682", "is_lab": True,
    },
}  # fmt: skip
_COMMON = {"country": "ZA", "time_zone": "Africa/Johannesburg", "tax_percent": 15, "deposit_percent": 50}

# E-mail name, full name, and the roles: (role, branch code; empty for the whole organisation).
_STAFF: tuple[tuple[str, str, tuple[tuple[Role, str], ...]], ...] = (
    ("zanele", "Zanele Dube", ((Role.RECEPTIONIST, "RSB"),)),
    ("pieter", "Pieter Venter", ((Role.DISPENSING_OPTICIAN, "RSB"), (Role.DISPENSING_OPTICIAN, "DUR"))),
    ("naledi", "Naledi Khumalo", ((Role.OPTOMETRIST, "RSB"),)),
    ("lerato", "Lerato Maseko", ((Role.OPTOMETRIST, "DUR"), (Role.OPTOMETRIST, "UMH"), (Role.OPTOMETRIST, "RSB"))),
    ("riaan", "Riaan Naidoo", ((Role.LAB_TECHNICIAN, "MID"), (Role.LAB_TECHNICIAN, "RSB"))),
    ("sipho", "Sipho Mthembu", ((Role.FRAME_CONTROLLER, "RSB"), (Role.FRAME_CONTROLLER, "DUR"), (Role.FRAME_CONTROLLER, "UMH"))),
    ("nomvula", "Nomvula Naidoo", ((Role.BRANCH_MANAGER, "RSB"), (Role.BRANCH_MANAGER, "MID"))),
    ("themba", "Themba Ndlovu", ((Role.BRANCH_MANAGER, "DUR"), (Role.BRANCH_MANAGER, "UMH"))),
    ("farah", "Farah Ismail", ((Role.ACCOUNTANT, ""),)),
)  # fmt: skip
_HEAD = ("grace", "Grace Pillay")


_ON_INVOICES: dict[str, object] = {
    "legal_name": "Meridian Optical (Pty) Ltd",
    "tax_number": "4990 000 000",
    "bank_details": "Meridian Optical (Pty) Ltd\nAccount 000 000 0000, branch 000 000",
    "invoice_words": "Coating warranty 12 months, frame 24 months.\nLenses that do not suit you: remade within 60 days.",
    "invoice_words_fr": "Garantie : traitements 12 mois, monture 24 mois.\nDes verres qui ne vous conviennent pas sont refaits dans les 60 jours.",
    "invoice_words_pt": "Garantia: tratamentos 12 meses, armação 24 meses.\nAs lentes que não lhe servirem são refeitas no prazo de 60 dias.",
    "invoice_words_ar": "الضمان: الطلاءات 12 شهرًا، والإطار 24 شهرًا.\nالعدسات التي لا تناسبك يُعاد صنعها خلال 60 يومًا.",
}


def build(now: datetime) -> None:
    """Organisation, branches, rooms and staff; every account has the same password and PIN."""
    first, *others = _BRANCHES.items()
    head = _open(first[0], first[1], now)
    actor = _acting(head)
    by_code = {first[0]: Branch.objects.get(code=first[0])}
    organisation.change_branch(by_code[first[0]].pk, _details(first[1]), version=None, actor=actor)
    organisation.change_organisation(_ON_INVOICES, version=None, actor=actor)
    for code, facts in others:
        by_code[code] = organisation.add_branch({"code": code, "name": facts["name"], **_details(facts)}, actor=actor)
    for branch in by_code.values():
        for name in () if branch.is_lab else ("Test room 1", "Test room 2"):
            rooms.add(branch.pk, name, actor=actor)
    for name, full_name, roles in _STAFF:
        _employ(name, full_name, [(role, by_code[code].pk if code else None) for role, code in roles], actor)
    profile.set_pin(head.pk, PIN)


def _open(code: str, facts: dict[str, Any], now: datetime) -> User:
    name, full_name = _HEAD
    day = FirstDay(
        organisation="Meridian Optical", branch_name=facts["name"], branch_code=code, country="ZA",
        time_zone="Africa/Johannesburg", full_name=full_name, email=address(name), password=PASSWORD,
    )  # fmt: skip
    return organisation.set_up(day, now)


def _details(facts: dict[str, Any]) -> dict[str, Any]:
    hours = _LAB_HOURS if facts.get("is_lab") else _SHOP_HOURS
    return {**_COMMON, "opening_hours": hours, **{name: value for name, value in facts.items() if name != "name"}}


def _employ(name: str, full_name: str, roles: list[tuple[Role, int | None]], actor: Actor) -> None:
    (role, branch_id), *more = roles
    user = staff.add(
        address(name), full_name, role=role, branch_id=branch_id, reason="Opening", password=PASSWORD, actor=actor
    )
    for another, at in more:
        staff.give_role(user.pk, another, at, reason="Opening", actor=actor)
    profile.set_pin(user.pk, PIN)


def _acting(user: User) -> Actor:
    roles = frozenset(Membership.objects.filter(user=user).values_list("branch_id", "role"))
    return Actor(name=user.full_name, role=Role.HEAD_OFFICE, source=system().source, user_id=user.pk, roles=roles)


def address(name: str) -> str:
    return f"{name}@practice.example"


def logins() -> list[tuple[str, str, str]]:
    """(e-mail, name, roles with branches) of the sample accounts that still exist."""
    found = []
    accounts = User.objects.filter(email__in=[address(name) for name in (_HEAD[0], *(row[0] for row in _STAFF))])
    for user in accounts.prefetch_related("memberships__branch"):
        held: dict[str, list[str]] = {}
        for membership in user.memberships.all():
            where = membership.branch.name if membership.branch else "everywhere"
            held.setdefault(str(Role(membership.role).label), []).append(where)
        found.append((user.email, user.full_name, "; ".join(f"{role}: {', '.join(at)}" for role, at in held.items())))
    return sorted(found, key=lambda row: row[0])
