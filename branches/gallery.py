"""Sample values for the gallery of components: one story, nothing from the database."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import ui
from core.drawing import EyeMarks, FrameSketch
from core.errors import Clash
from core.forms import Form


class SampleForm(Form):
    phone = forms.CharField(label="Phone", help_text="For the SMS when the glasses are ready")
    far_pd = forms.DecimalField(
        label="Left far PD",
        min_value=20,
        max_value=40,
        error_messages={"max_value": "Left far PD: enter 20.0 to 40.0 mm"},
    )
    delivery = forms.ChoiceField(
        label="Delivery",
        choices=[("collect", "Collect at the branch"), ("ship", "By courier")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agrees = forms.BooleanField(label="Order messages by SMS", required=False)


STAGES = [
    "Visit",
    "Eye test",
    "Frame",
    "Lens quote",
    "Measures",
    "Approval",
    "Deposit",
    "Laboratory",
    "Quality",
    "Fitting",
]


def context(now: datetime) -> dict[str, Any]:
    """Everything that `help/components.html` prints."""
    refused = SampleForm(
        {"phone": "", "far_pd": "315", "delivery": "", "note": "Reads a lot on screen"}, prefix="refused"
    )
    clash = SampleForm({"phone": "011 555 0142"}, prefix="clash")
    clash.edited = []
    clash.clashes = (
        Clash("phone", "Phone", "011 555 0100", "011 555 0199", "011 555 0142", by="Zanele Moyo", at=now),
        Clash("far_pd", "Left far PD", "31.0", "31.5", "31.0", by="Zanele Moyo", at=now, is_yours=False),
        Clash("note", "Note", "", "", "Reads a lot on screen", is_theirs=False),
    )
    return {
        "identity": ui.Identity(
            "Mokoena",
            "Thandi",
            "#",
            date(1974, 3, 4),
            "C-104882",
            "+27825554417",
            [ui.Badge(_("Review needed"), "review"), ui.Badge("R 5 262.50 due", "warning", "money")],
        ),
        "facts": ui.SixFacts(
            "Counter",
            now - timedelta(days=4),
            "Pieter Venter, dispenser",
            "3 · photo, print, signature",
            "out of date since 14:02",
            "collected and paid in full",
            "review",
            "Rosebank",
        ),
        "stages": [_stage(number, label) for number, label in enumerate(STAGES)],
        "review": _review(now),
        "affected": [
            ui.Affected(
                "Laboratory job, tray T-317", "Hold at surfacing. Remake the right lens or restart?", "Riaan Naidoo"
            ),
            ui.Affected("Quotation Q-10482", "Price does not depend on axis. No decision.", needs_review=False),
        ],
        "groups": [_group(now)],
        "rx_rows": [
            ui.RxRow("R", "Right", [ui.RxCell(text) for text in ("−2.25", "−0.75")] + [ui.RxCell("065°", "review")]),
            ui.RxRow("L", "Left", [ui.RxCell(text) for text in ("−2.00", "−0.50", "085°")]),
        ],
        "rx_columns": ["SPH", "CYL", "AXIS"],
        "tabs": [
            ui.View("All open", "#", 214, is_current=True),
            ui.View("Due today", "#", 9, "warning"),
            ui.View("Late", "#", 6, "danger"),
        ],
        "tiles": [
            ui.Stat("Rework rate", "4.8", "#", "%", "down 0.6", "success", "n = 312"),
            ui.Stat("On time", "91", "#", "%"),
        ],
        "anchors": [ui.Anchor("c-fields", "Fields"), ui.Anchor("c-lists", "Lists", 3)],
        "samples": {"empty": SampleForm(prefix="sample"), "refused": refused, "clash": clash},
        "sketch": FrameSketch(
            Decimal(52),
            Decimal(38),
            Decimal(18),
            EyeMarks(Decimal("31.5"), Decimal(21), Decimal(65)),
            EyeMarks(Decimal(31), Decimal(21), Decimal(65)),
        ),
        "late": now - timedelta(days=1, hours=2),
        "later": now + timedelta(days=2),
    }


def _stage(number: int, label: str) -> ui.Stage:
    if number == 5:
        return ui.Stage(label, "review", "Review")
    if number == 7:
        return ui.Stage(label, "hold", "On hold", is_current=True)
    return ui.Stage(label, "done" if number < 7 else "next", "20 Nov" if number < 7 else "")


def _review(now: datetime) -> ui.Review:
    return ui.Review(
        "the prescription changed after approval",
        "Right axis 065° → 090°, version 2. Written down wrong.",
        "Thandi approved version 1. The right lens on tray T-317 is ground to 065° and will blur.",
        "Pieter Venter: approval, message",
        [ui.Step("Job on hold, 14:02", done=True), ui.Step("Approval of version 2"), ui.Step("Right lens restarted")],
        now,
        "#",
    )


def _group(now: datetime) -> ui.Group:
    return ui.Group(
        "Today",
        [
            ui.Entry(
                "Order RSB-10482 on hold, approval out of date",
                now,
                "by the prescription change of 14:02",
                "review",
                "review",
            ),
            ui.Entry(
                "Prescription signed",
                now - timedelta(hours=1),
                "N. Khumalo",
                "eye",
                "warning",
                "R −2.25 / −0.75 × 065",
                "Version 1",
            ),
        ],
        "Rosebank",
    )
