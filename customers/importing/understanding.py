"""One row of the list as the data of a customer: what can be read, what is refused at which column, what is only noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext as _

from branches.models import Branch
from core.errors import DomainError
from core.importing.columns import YES_NO, Problem, Reader, Wrong, choice, read_cells
from core.importing.dates import DayOrder, reader
from core.importing.plain import plain
from customers.contact import is_mobile
from customers.data import FIELDS, CustomerData
from customers.importing.columns import CONSENTS, DATES
from customers.models import Channel
from customers.services.cleaning import clean

_ADDRESS = ("line1", "line2", "city", "region", "postal_code")
_CHECKED_WHOLE = ("phone", "other_phone", "email")  # their own rules refuse a formula, and a + begins many numbers
_PREFERS = {
    "email": Channel.EMAIL, "e mail": Channel.EMAIL, "mail": Channel.EMAIL, "sms": Channel.SMS, "text": Channel.SMS,
    "phone": Channel.SMS, "mobile": Channel.SMS, "cell": Channel.SMS, "push": Channel.PUSH,
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What the rows of one file share. `today` is the branch's day."""

    branch: Branch
    day_order: DayOrder
    today: date


@dataclass
class Understood:
    """A row's customer, its consents, and what is wrong or worth knowing. `clean` holds the values as they would be stored."""

    data: CustomerData
    consents: Mapping[str, bool] = field(default_factory=dict)
    consent_on: date | None = None
    consent_source: str = ""
    given: Sequence[str] = ()
    clean: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def understand(cells: Mapping[str, str], setting: Setting) -> Understood:
    """Everything that is wrong with the row at once. A bad address is no reason to refuse a person: it is kept as typed."""
    values, problems = read_cells(cells, _readers(setting), ())
    _split_name(values)
    consents, notes = _consents(cells, values, setting)
    _fill(values, setting)
    data = CustomerData(**{name: values[name] for name in FIELDS if name in values})
    found = Understood(data, consents, problems=problems, notes=notes)
    found.consent_on, found.consent_source = values.get("consent_on"), values.get("consent_source", "")
    found.given = [name for name in FIELDS if values.get(name) and (cells.get(name) or name == "notes")]
    _clean(found, cells, setting)
    return found


def _readers(setting: Setting) -> Mapping[str, Reader]:
    dated = reader(setting.day_order, setting.today)
    return {
        **dict.fromkeys(DATES, dated),
        **dict.fromkeys(_CHECKED_WHOLE, _as_written),
        **{name: choice(YES_NO) for name in CONSENTS},
        "language": choice(_languages()),
        "preferred_channel": choice(_PREFERS),
        "country": _country,
    }


def _as_written(name: str, text: str) -> Mapping[str, Any]:
    return {name: text}


@cache
def _languages() -> Mapping[str, str]:
    """`fr`, `French`, `français`: codes, English names and the languages' own."""
    known: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        locale = Locale.parse(code, sep="-")
        for word in (code, locale.get_display_name("en"), locale.get_display_name(code)):
            if word:
                known[plain(word)] = code
    return known


@cache
def _countries() -> Mapping[str, str]:
    names = Locale("en").territories
    codes = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
    return {plain(name): code for code, name in codes.items()} | {code.lower(): code for code in codes}


def _country(name: str, text: str) -> Mapping[str, Any]:
    found = _countries().get(plain(text))
    if found is None:
        raise Wrong(_("This country is not known. Write its name or its code of two letters."))
    return {name: found}


def _split_name(values: dict[str, Any]) -> None:
    """`Mokoena, Thandi` and `Thandi Mokoena` when the list has one column for the name."""
    whole = values.get("full_name", "")
    if not whole or values.get("given_names") or values.get("family_name"):
        return
    if "," in whole:
        family, given = whole.split(",", 1)
    else:
        given, _space, family = whole.rpartition(" ")
        given, family = (given, family) if given else (family, "")
    values["given_names"], values["family_name"] = given.strip(), family.strip()


def _consents(
    cells: Mapping[str, str], values: Mapping[str, Any], setting: Setting
) -> tuple[dict[str, bool], list[Problem]]:
    """Answers with their day and place; without both nothing is recorded, and the row says so."""
    answers = {name: values[name] for name in CONSENTS if name in values}
    if not answers:
        return {}, []
    given_on, place = values.get("consent_on"), values.get("consent_source")
    if given_on and place and given_on <= setting.today:
        return {CONSENTS[name].value: answer for name, answer in answers.items()}, []
    why = _("Not recorded: a consent needs the day it was given and where.")
    return {}, [Problem(name, cells[name], why) for name in answers]


def _fill(values: dict[str, Any], setting: Setting) -> None:
    """What the list does not say: the branch, its country for an address, the earlier number as a note."""
    values.setdefault("given_names", "")
    values["home_branch_id"] = setting.branch.pk
    if any(values.get(name) for name in _ADDRESS):
        values.setdefault("country", setting.branch.country)
    if values.get("old_number"):
        line = _("Number in the earlier system: %(number)s") % {"number": values["old_number"]}
        values["notes"] = "\n".join(part for part in (values.get("notes", ""), line) if part)


def _clean(found: Understood, cells: Mapping[str, str], setting: Setting) -> None:
    """The form's own rules. First without the address, then with it."""
    try:
        values = clean(replace(found.data, address_unverified=True), setting.today, setting.branch.country)
    except DomainError as error:
        bad = {one.column for one in found.problems}
        for name, reason in error.fields.items():
            column = "full_name" if name == "given_names" and "full_name" in cells else name
            if column not in bad:
                found.problems.append(Problem(column, cells.get(column, ""), reason))
        return
    if "preferred_channel" not in cells or not cells["preferred_channel"]:
        channel = Channel.SMS if is_mobile(values["phone"]) or not values["email"] else Channel.EMAIL
        found.data = replace(found.data, preferred_channel=channel.value)
    _check_address(found, cells, setting)
    found.clean = values | {"preferred_channel": found.data.preferred_channel}


def _check_address(found: Understood, cells: Mapping[str, str], setting: Setting) -> None:
    if not any(getattr(found.data, name) for name in _ADDRESS):
        return
    try:
        clean(found.data, setting.today, setting.branch.country)
    except DomainError as error:
        found.data = replace(found.data, address_unverified=True)
        why = _("The address is kept as typed and marked as not verified.")
        found.notes += [Problem(name, cells.get(name, ""), why) for name in list(error.fields)[:1]]


def kept(found: Understood) -> dict[str, Any]:
    """As the row keeps it: text, so that JSON holds it."""
    data = {name: value for name, value in vars(found.data).items() if value not in (None, "", False)}
    return {
        "data": {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()},
        "given": list(found.given),
        "consents": dict(found.consents),
        "consent_on": found.consent_on.isoformat() if found.consent_on else "",
        "consent_source": found.consent_source,
    }


def data_of(values: Mapping[str, Any]) -> CustomerData:
    """The kept data back with its dates."""
    data = dict(values["data"])
    for name in ("birth_date", "recall_on"):
        if data.get(name):
            data[name] = date.fromisoformat(data[name])
    return CustomerData(**data)
