"""Invented orders for previews and for the reviewed texts: an everyday one, the longest names, and right to left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch
from core.states import Words
from customers.models import Customer
from notifications import pictures
from notifications.bought import Row
from notifications.facts import BOOKING_MARK, LINK_MARK, Facts, reading_as
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
        gettext_lazy("Everyday order"),
        "Thandi",
        "Karoo 214 frame with Vista HD progressive lenses",
        "One lens came scratched from the supplier and is made again.",
    ),
    Sample(
        "longest",
        gettext_lazy("Longest names"),
        "Keanu-Nkosiyabo Sandile Mlungisi",
        "Maison Saint-Germain Collection Extraordinaire 1204 Titanium frame with Vista HD Individual Plus progressive 1.74 lenses",
        "The frame that you chose is made to order by the maker and the whole series was delayed by the customs office at "
        "the harbour; we expect it in the course of next week and finish yours first.",
    ),
    Sample(
        "rtl", gettext_lazy("Right to left"), "ليلى", "Karoo 214, Vista HD", "وصلت عدسة مخدوشة من المورد ويعاد صنعها."
    ),
)


def sample(code: str) -> Sample:
    """The sample of this code, else the everyday one."""
    return next((one for one in SAMPLES if one.code == code), SAMPLES[0])


def facts_of(chosen: Sample, language: str) -> Facts:
    """Every variable of every subject has a value, so that a preview shows the whole text."""
    branch = Branch(name="Rosebank", time_zone="Africa/Johannesburg", colour="green", phone="+27115550142")
    with reading_as(language, branch):
        return _facts_of(chosen, language, branch)


def _rows(total: str, half: str) -> tuple[Row, ...]:
    return (
        Row("Karoo 214, havana", "R\u00a02\u00a0205.00"),
        Row("Vista HD progressive", "R\u00a06\u00a0380.00"),
        Row(_("Lens extras"), "R\u00a01\u00a0250.00"),
        Row("Eye examination", "R\u00a0690.00"),
        Row(_("Total, tax included"), total, strong=True),
        Row(_("Paid %(day)s") % {"day": "20.11."}, f"\u2212{half}", soft=True),
        Row(_("Still to pay"), half, strong=True, soft=True),
    )


def _facts_of(chosen: Sample, language: str, branch: Branch) -> Facts:
    money = "R\u00a010\u00a0525.00", "R\u00a05\u00a0262.50"
    values = {
        "name": chosen.name, "practice": "Meridian Optical", "shop": "Meridian Optical Rosebank", "phone": "+27 11 555 0142",
        "address": "12 Cradock Avenue, Johannesburg", "hours": "Mon to Fri 08:30–17:30, Sat 08:30–13:00", "order": "RSB-10482",
        "glasses": chosen.glasses, "items": "table", "picture": "inline", "total": money[0], "paid": money[1], "due": money[1],
        "date": "Mon 30 Nov", "old_date": "Thu 26 Nov", "reason": chosen.reason, "link": LINK_MARK, "collect_at": "Rosebank", "way": _("you collect them at %(shop)s") % {"shop": "Rosebank"},
        "amount": money[1], "method": "card", "receipt": "RSB-R26-000123", "valid_until": "Tue 1 Dec", "deposit": money[1],
        "day": "Thu 26 Nov", "time": "14:30", "kind": "Eye test", "carrier": "DHL", "tracking": "JD014600003828393938",
        "tracking_link": "https://www.dhl.com/en/express/tracking.html?AWB=JD014600003828393938", "service": "Express",
        "service_note": "1 to 2 working days, with signature", "place": "Johannesburg", "seen_at": "Fri 27 Nov 06:40",
        "delivered_at": "Mon 30 Nov 11:20", "signed_by": "T. Mokoena", "parcel": chosen.glasses, "to_follow": "",
        "code": "482913", "offer": "free courier delivery to your door", "contact": "Zanele", "return_number": "RSB-RT-0007", "returned": chosen.glasses,
        "wish": "refund", "instructions": "Pack it well, write the reference on the parcel and hand it in at any branch.",
        "return_by": "Mon 14 Dec", "new_order": "RSB-10519", "new_date": "Fri 11 Dec", "insurer": "Ubuntu Health",
        "outcome": "partly approved", "claimed": money[0], "covered": money[1], "remade": "Reglaze: new lenses, same frame",
        "warranty": "Lenses", "charge": "", "when": "Thu 26 Nov, 14:00 to 16:00", "due_on": "Tue 1 Dec", "book_link": BOOKING_MARK,
    }  # fmt: skip
    person = Customer(given_names=chosen.name)
    words = _("Your frame: %(frame)s") % {"frame": "Karoo 214, havana"}
    rows = _rows(*money)
    return Facts(person, branch, base_of(language), values, None, rows, pictures.SAMPLE, words)
