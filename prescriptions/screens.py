"""What every prescription page shows around its form: who it is about, the six facts, the values as signed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from branches.models import User
from core import ui
from core.errors import NotVisible
from core.formats import age, dated
from customers import page as customer_page
from customers.models import Customer
from prescriptions import comparing, derived, rows
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.fields import VALUE_WORDS
from prescriptions.models import Origin, Prescription, PrescriptionKind, PrescriptionState
from prescriptions.sheets import CODED, EYES
from prescriptions.states import ICONS, TONES
from prescriptions.verdicts import EYE_LETTERS, EYE_NAMES
from records.facts import responsible
from records.services import evidence

PRESBYOPIA_FROM_YEARS = 45
USUAL_RECALL_MONTHS, USUAL_LENS_RECALL_MONTHS = 24, 12


def customer_of(number: str) -> Customer:
    """By the number in an address. Raises NotVisible."""
    found = Customer.objects.filter(number=number, erased_at=None).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def customer_url(customer: Customer) -> str:
    return reverse("customers:page", args=[customer.number])


def identity(customer: Customer) -> ui.Identity:
    """The banner, from the customer of the record on the page."""
    return customer_page.identity(customer)


def state_badge(row: Prescription) -> ui.Badge:
    return ui.Badge(PrescriptionState(row.state).label, TONES[row.state], ICONS[row.state])


def facts(row: Prescription) -> ui.SixFacts:
    """The six facts in a prescription's own words."""
    signer = row.signed_by if row.origin in {Origin.OWN_TEST, Origin.SPECTACLES} else None
    count = evidence.of(row).count() if row.pk else 0
    return ui.SixFacts(
        source=Origin(row.origin).label,
        recorded=row.recorded_at if row.pk else None,
        responsible=_("%(name)s, optometrist") % {"name": signer.full_name} if signer else responsible(row),
        evidence=_("%(n)d files") % {"n": count} if count > 1 else (_("1 file") if count else ""),
        approval=approval_words(row),
        approval_tone=TONES[row.state]
        if row.state in {PrescriptionState.WITHDRAWN, PrescriptionState.ENTERED_IN_ERROR}
        else "",
        closes_when=closes_when(row),
    )


def approval_words(row: Prescription) -> str:
    if row.signed_at is None:
        return _("not signed")
    at = timezone.localtime(row.signed_at)
    verb = _("taken over %(when)s") if row.origin in {Origin.OUTSIDE, Origin.FHIR} else _("signed %(when)s")
    told = verb % {"when": dated(at, "D j M Y, H:i")}
    return (
        told if row.state == PrescriptionState.CURRENT else f"{told}, {str(PrescriptionState(row.state).label).lower()}"
    )


def closes_when(row: Prescription) -> str:
    return {
        PrescriptionState.DRAFT.value: _("signed by an optometrist"),
        PrescriptionState.CURRENT.value: _("replaced or expired"),
    }.get(row.state, _("closed"))


SHOWN = ["sphere", "cylinder", "axis", "add", "prism_horizontal", "prism_vertical", "va", "near_va"]
SHORT = ["sphere", "cylinder", "axis", "add", "prism_horizontal", "prism_vertical"]
SHORT_CONTACT = ["power", "cylinder", "axis"]
SHOWN_CONTACT = ["product", "power", "cylinder", "axis", "add", "base_curve_mm", "diameter_mm", "va"]
HEADS: dict[str, Any] = {
    "sphere": gettext_lazy("SPH"), "power": gettext_lazy("POWER"), "cylinder": gettext_lazy("CYL"),
    "axis": gettext_lazy("AXIS"), "add": gettext_lazy("ADD"), "prism_horizontal": gettext_lazy("PRISM H"),
    "prism_vertical": gettext_lazy("PRISM V"), "va": gettext_lazy("VA"), "near_va": gettext_lazy("NEAR VA"),
    "product": gettext_lazy("PRODUCT"), "base_curve_mm": gettext_lazy("BC"), "diameter_mm": gettext_lazy("DIA"),
}  # fmt: skip
ALWAYS = {"sphere", "cylinder", "axis", "power", "product", "base_curve_mm", "diameter_mm"}


def shown_table(data: PrescriptionData, marked: Sequence[str] = ()) -> dict[str, Any]:
    """Columns and rows for `{% rx_table %}`; a column that says nothing is left out. `marked` cells carry the warning tone."""
    return _table(data, SHOWN_CONTACT if data.is_contact_lens else SHOWN, marked)


def _table(data: PrescriptionData, names: Sequence[str], marked: Sequence[str]) -> dict[str, Any]:
    eyes = [(eye, getattr(data, eye.value) or EyeData()) for eye in EYES]
    used = [
        name for name in names if name in ALWAYS or any(comparing.shown(written, eye, name) for eye, written in eyes)
    ]
    return {
        "columns": [HEADS[name] for name in used],
        "rows": [
            ui.RxRow(
                EYE_LETTERS[eye],
                EYE_NAMES[eye],
                [ui.RxCell(_cell(written, eye, name), "warning" if f"{eye}_{name}" in marked else "") for name in used],
            )
            for eye, written in eyes
        ],
    }


def _cell(written: EyeData, eye: Any, name: str) -> str:
    if name == "sphere" and written.balance:
        return pgettext("lens", "Balance")
    return comparing.shown(written, eye, name) or "–"


def short_table(data: PrescriptionData, marked: Sequence[str] = ()) -> dict[str, Any]:
    """What a lens is made from alone, for a narrow column; prisms only where there are some."""
    return _table(data, SHORT_CONTACT if data.is_contact_lens else SHORT, marked)


def distances(data: PrescriptionData) -> list[tuple[str, str, str, str]]:
    """Far and near PD: label, right, left, both; a row without a value is left out."""
    found = []
    for label, name in ((_("Far"), "far_pd_mm"), (_("Near"), "near_pd_mm")):
        right, left, pair = (getattr(part, name, None) for part in (data.right, data.left, data))
        summed = right + left if pair is None and right is not None and left is not None else pair
        values = [right, left, summed]
        if any(value is not None for value in values):
            shown = ["–" if value is None else f"{value:.1f}" for value in values]
            found.append((label, shown[0], shown[1], shown[2]))
    return found


BESIDE = ("add_word", "intermediate_add", "colour", "replacement", "wearing_mode")


def beside(data: PrescriptionData) -> list[tuple[str, str, str]]:
    """What was prescribed beside the powers: label, right, left; what says nothing is left out."""
    found = []
    for name in BESIDE:
        right, left = (_word(getattr(data, eye.value) or EyeData(), eye, name) for eye in EYES)
        if right or left:
            found.append((capfirst(str(VALUE_WORDS[name])), right or "–", left or "–"))
    return found


def _word(written: EyeData, eye: Any, name: str) -> str:
    text = comparing.shown(written, eye, name)
    return str(dict(CODED.get(name, ())).get(text, text)) if text else ""


def suggested(customer: Customer, previous: PrescriptionData | None, today: date, kind: str = "") -> PrescriptionData:
    """A new sheet before anything is typed: the type of the last one, else by age; the recall of the last one, else the usual."""
    if previous is not None:
        kind = kind or previous.kind
    elif not kind:
        old = customer.birth_date is not None and age(customer.birth_date, today=today) >= PRESBYOPIA_FROM_YEARS
        kind = PrescriptionKind.PROGRESSIVE.value if old else PrescriptionKind.DISTANCE.value
    usual = USUAL_LENS_RECALL_MONTHS if kind == PrescriptionKind.CONTACT_LENS else USUAL_RECALL_MONTHS
    recall = (previous.recall_months if previous else None) or usual
    blank = PrescriptionData(customer_id=customer.pk, kind=kind)
    return replace(blank, recall_months=recall, vertex_mm=previous.vertex_mm if previous else None)


def signer(user: User) -> dict[str, str]:
    """The signature block's own lines."""
    return {"name": user.full_name, "registration": user.registration_number}


def derived_of(row: Prescription) -> list[tuple[str, str]]:
    return list(derived.values(rows.data_of(row)))


def confirmations(row: Prescription) -> list[dict[str, str]]:
    """Who confirmed which warning, and when, in the reader's zone."""
    told = []
    for one in row.confirmations:
        at = timezone.localtime(datetime.fromisoformat(str(one["at"])))
        told.append({"message": one["message"], "by": one["by"], "at": dated(at, "D j M Y, H:i")})
    return told
