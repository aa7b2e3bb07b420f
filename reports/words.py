"""Codes in the facts as people read them: stages, causes of remakes, laboratories' parties, kinds of cases, people."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch, User
from cases import kinds
from catalogue.models import FrameMaterial, LensDesign, Supplier
from core.prepared import one_of, prepared
from core.states import Words
from labjobs.credit_rules import REASONS, Party
from labjobs.models import Lab, Stage
from notifications.models import MessageState
from notifications.triggers import BY_TEMPLATE
from orders.models import Delivery, QuotationState
from orders.repromise import CAUSES
from prescriptions.models import PrescriptionKind
from shipping.models import Carrier
from visits.models import AppointmentKind

_PARTIES: dict[str, Words] = {
    Party.LAB: gettext_lazy("Laboratory"),
    Party.PRESCRIBER: gettext_lazy("Prescriber"),
    Party.SHOP: gettext_lazy("Shop"),
    Party.PATIENT: gettext_lazy("Customer"),
    Party.WARRANTY: gettext_lazy("Warranty"),
    "carrier": gettext_lazy("Carrier"),
    "supplier": gettext_lazy("Supplier"),
}
_WEEKDAYS: tuple[Words, ...] = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
_PLAIN: dict[str, Words] = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "sale": gettext_lazy("Sale"),
    "refund": gettext_lazy("Price reduced or refunded"),
    "remake": gettext_lazy("Remake"),
    "failed check": gettext_lazy("Failed check"),
    "right first time": gettext_lazy("Right first time"),
    "first order": gettext_lazy("First order here"),
    "remade": gettext_lazy("Last order was remade"),
    "late": gettext_lazy("Last order was late"),
    "as promised": gettext_lazy("Last order as promised"),
    "loyalty": gettext_lazy("loyalty"),
    "second pair": gettext_lazy("second pair"),
    "promotion": gettext_lazy("promotion"),
    "medical aid": gettext_lazy("medical aid agreement"),
    "staff": gettext_lazy("staff or family"),
    "delay": gettext_lazy("delay or complaint"),
    "display piece": gettext_lazy("display piece or small fault"),
    "nobody": gettext_lazy("nobody reached"),
    "tracking": gettext_lazy("Knowing where the order was"),
    "time": gettext_lazy("Waiting time"),
    "product": gettext_lazy("The glasses"),
    "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("SMS"),
    "push": gettext_lazy("Push notice"),
}


def causes() -> Mapping[str, Words]:
    """Codes of remakes and delays with their words: `L02 Axis`."""
    return {**dict(CAUSES), **{code: f"{code} {label}" for code, (_party, label) in REASONS.items()}}


def parties() -> Mapping[str, Words]:
    """Whose fault it was; a customer is called so in cases, and patient in the terms of laboratories."""
    return {**_PARTIES, "customer": gettext_lazy("Customer")}


def _cause_code(code: str) -> str:
    found = REASONS.get(code)
    return f"{code} {found[1]}" if found else _from(dict(CAUSES))(code)


def _from(table: Mapping[str, Words]) -> Callable[[str], str]:
    return lambda code: str(table.get(code, code.replace("_", " ")))


def _case_kind(code: str) -> str:
    return next((str(kind.label) for kind in kinds.all_kinds() if kind.code == code), code.replace("_", " "))


def message(template: str) -> str:
    """What a message is called where texts are written; those to staff by their own key."""
    trigger = BY_TEMPLATE.get(template)
    return str(trigger.label) if trigger else template.replace("_", " ").capitalize()


def _weekday(number: str) -> str:
    return str(_WEEKDAYS[int(number) - 1]) if number in "1234567" else number


def _hour(hour: str) -> str:
    return f"{hour}:00" if hour.isdigit() else hour


def _age(decade: str) -> str:
    return _("%(n)s to %(m)s years") % {"n": decade, "m": int(decade) + 9} if decade.isdigit() else decade


_OF_KEY: dict[str, Callable[[str], str]] = {
    "stage": _from(dict(Stage.choices)),
    "cause": _cause_code,
    "party": _from(_PARTIES),
    "delivery": _from(dict(Delivery.choices)),
    "design": _from(dict(LensDesign.choices)),
    "by": _from(dict(QuotationState.choices)),
    "weekday": _weekday,
    "hour": _hour,
    "age": _age,
    "state": _from(dict(MessageState.choices)),
    "case_kind": _case_kind,
    "template": message,
    "frame_material": _from(dict(FrameMaterial.choices)),
    "rx_kind": _from(dict(PrescriptionKind.choices)),
    "visit_kind": _from(dict(AppointmentKind.choices)),
}
# What an empty value means where it is no gap in the records.
_NOTHING: dict[str, Words] = {
    "discount": gettext_lazy("no discount"),
    "carrier": gettext_lazy("no carrier"),
}
# Causes whose values are ids of records, with the name that is shown. Other words (an outside prescriber) stand for themselves.
_NAMED: dict[str, tuple[type[Model], str]] = {
    "seller": (User, "full_name"),
    "clinician": (User, "full_name"),
    "owner": (User, "full_name"),
    "prescriber": (User, "full_name"),
    "lab": (Lab, "name"),
    "supplier": (Supplier, "name"),
    "carrier": (Carrier, "name"),
    "home": (Branch, "name"),
}


def labels(key: str, values: Iterable[str]) -> dict[str, str]:
    """What each value of a cause is called; one query for people, laboratories and the like, none otherwise. Empty: what that means."""
    asked = set(values)
    found = _named(key, asked) if key in _NAMED else {}
    of_key = _OF_KEY.get(key)
    for one in asked - set(found):
        if not one:
            found[one] = str(_NOTHING.get(key) or _("not recorded"))
        elif of_key:
            found[one] = of_key(one)
        else:
            found[one] = str(_PLAIN.get(one, one))
    return found


def _named(key: str, values: set[str]) -> dict[str, str]:
    ids = [int(one) for one in values if one.isdigit()]
    return {str(pk): label for pk, label in _names(key).rows(ids=ids)} if ids else {}


@prepared
def _names(key: str) -> QuerySet[Model, tuple[int, str]]:
    model, name = _NAMED[key]
    return model._default_manager.filter(one_of("pk", "ids")).values_list("pk", name)
