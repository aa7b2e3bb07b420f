"""Invented orders for previews and for the reviewed texts: an everyday one, the longest names, and right to left."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from core.states import Words
from customers.models import Customer
from notifications.facts import LINK_MARK, Facts, Row
from notifications.texts import base_of


@dataclass(frozen=True)
class Sample:
    """One invented customer with an order."""

    code: str
    label: Words
    name: str
    glasses: str
    reason: str


SAMPLES = (
    Sample(
        "everyday",
        _("Everyday order"),
        "Thandi",
        "Karoo 214 frame with Vista HD progressive lenses",
        "One lens came scratched from the supplier and is made again.",
    ),
    Sample(
        "longest",
        _("Longest names"),
        "Keanu-Nkosiyabo Sandile Mlungisi",
        "Maison Saint-Germain Collection Extraordinaire 1204 Titanium frame with Vista HD Individual Plus progressive 1.74 lenses",
        "The frame that you chose is made to order by the maker and the whole series was delayed by the customs office at "
        "the harbour; we expect it in the course of next week and finish yours first.",
    ),
    Sample("rtl", _("Right to left"), "ليلى", "Karoo 214, Vista HD", "وصلت عدسة مخدوشة من المورد ويعاد صنعها."),
)


def sample(code: str) -> Sample:
    """The sample of this code, else the everyday one."""
    return next((one for one in SAMPLES if one.code == code), SAMPLES[0])


def facts_of(chosen: Sample, language: str) -> Facts:
    """Every variable of every subject has a value, so that a preview shows the whole text."""
    branch = Branch(name="Rosebank", time_zone="Africa/Johannesburg", colour="green", phone="+27115550142")
    money = "R\u00a010\u00a0525.00", "R\u00a05\u00a0262.50"
    rows = (
        Row("Karoo 214, havana", "R\u00a02\u00a0205.00"),
        Row("Vista HD progressive", "R\u00a06\u00a0380.00"),
        Row("Total", money[0], strong=True),
        Row("Fri 20 Nov", f"\u2212{money[1]}", soft=True),
        Row("=", money[1], strong=True, soft=True),
    )
    values = {
        "name": chosen.name, "practice": "Meridian Optical", "shop": "Meridian Optical Rosebank", "phone": "+27 11 555 0142",
        "address": "12 Cradock Avenue, Johannesburg", "hours": "Mon to Fri 08:30–17:30, Sat 08:30–13:00", "order": "RSB-10482",
        "glasses": chosen.glasses, "items": "table", "picture": "", "total": money[0], "paid": money[1], "due": money[1],
        "date": "Mon 30 Nov", "old_date": "Thu 26 Nov", "reason": chosen.reason, "link": LINK_MARK, "collect_at": "Rosebank",
        "amount": money[1], "method": "card", "receipt": "RSB-R26-000123", "valid_until": "Tue 1 Dec", "deposit": money[1],
        "day": "Thu 26 Nov", "time": "14:30", "kind": "Eye test", "carrier": "DHL", "tracking": "JD014600003828393938",
        "tracking_link": "https://www.dhl.com/", "service": "Express", "place": "Johannesburg", "delivered_at": "Mon 30 Nov 11:20",
        "code": "482913",
    }  # fmt: skip
    return Facts(Customer(given_names=chosen.name), branch, base_of(language), values, rows=rows)
