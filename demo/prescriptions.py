"""The sample practice's prescriptions: Thandi's story up to the wrong axis, and one of each kind that a practice meets."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from branches.models import Branch, User
from branches.services import profile
from core.actor import Actor
from customers.models import Customer
from demo import clock
from demo.acting import acting
from demo.customers import named
from prescriptions import documents, judging, rows
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.exchange import fhir
from prescriptions.models import Prescription
from prescriptions.services import common, prescriptions
from prescriptions.services.outside import fhir_proof
from prescriptions.values import PrismEntry
from records.models import EvidenceKind
from records.services import evidence
from visits.models import Visit

# HPCSA numbers of the sample's optometrists.
TEST = timedelta(minutes=28)
_REGISTERED = {"naledi": "OP 0087341", "lerato": "OP 0091276"}

# Days ago, hour, minute; who; kind; right and left as (sphere, cylinder, axis, add, PD, VA); more.
_SIGNED: tuple[tuple[int, int, str, str, str, str, tuple[str, ...], tuple[str, ...], dict[str, Any]], ...] = (
    (0, 9, "naledi", "Ashwin", "Pillay", "distance", ("-1.25", "-0.50", "175", "", "32.0", "6/5"), ("-1.00", "", "", "", "32.0", "6/5"), {}),
    (6, 11, "naledi", "Refilwe", "Khoza", "progressive", ("+1.25", "-0.50", "010", "1.75", "30.5", "6/6"), ("+1.50", "-0.75", "170", "1.75", "30.5", "6/6"), {}),
    (20, 10, "naledi", "Hendrik", "Van Wyk", "bifocal", ("+2.50", "", "", "2.50", "33.0", "6/9"), ("+2.25", "-0.50", "090", "2.50", "33.0", "6/9"), {"notes": "Wears bifocals since 1990, do not change."}),
    (12, 15, "lerato", "Tolu", "Adeyemi", "occupational", ("+0.50", "-0.25", "090", "1.25", "31.5", "6/5"), ("+0.50", "", "", "1.25", "31.0", "6/5"), {"notes": "Two screens at 70 cm."}),
    (11, 14, "lerato", "Saras", "Govender", "progressive", ("-6.50", "-1.25", "015", "2.25", "29.5", "6/9"), ("-7.00", "-1.00", "165", "2.25", "29.0", "6/9"), {"vertex_mm": Decimal(12), "recall_months": 12}),
    (14, 9, "naledi", "Deon", "Smit", "distance", ("-2.00", "-0.50", "005", "", "33.5", "6/5"), ("-2.25", "-0.25", "180", "", "33.0", "6/5"), {}),
    (800, 12, "naledi", "Gert", "Coetzee", "progressive", ("+1.00", "-0.75", "095", "2.00", "32.5", "6/6"), ("+1.25", "-0.50", "085", "2.00", "32.0", "6/6"), {}),
    (30, 16, "naledi", "Elmarie", "Roux", "progressive", ("+2.00", "+0.50", "090", "2.00", "30.0", "6/6"), ("+1.75", "+0.75", "085", "2.00", "30.0", "6/6"), {}),
    (45, 10, "naledi", "Johan", "Fourie", "near", ("+2.75", "", "", "", "31.0", ""), ("+3.00", "-0.50", "100", "", "30.5", ""), {}),
    (13, 9, "lerato", "Ilse", "Van der Merwe", "distance", ("-3.25", "-0.75", "020", "", "30.0", "6/6"), ("-3.00", "-0.50", "160", "", "30.0", "6/6"),
     {"right_prism": ("1.5", "in"), "left_prism": ("1.5", "in"), "notes": "Headaches in the evening."}),
)  # fmt: skip


def build(now: datetime) -> None:
    """Registration numbers first, then Thandi, then the others."""
    for name, number in _REGISTERED.items():
        _register(User.objects.get(email=f"{name}@practice.example"), number)
    _thandi(now)
    for days, hour, who, given, family, kind, right, left, more in _SIGNED:
        at = _moment(now, days, hour)
        values = {
            "kind": kind,
            "right": _eye(right, more.pop("right_prism", None)),
            "left": _eye(left, more.pop("left_prism", None)),
        }
        _sign(acting(who, "RSB"), named(given, family), values | more, at)
    _contact_lenses(now)
    _from_elsewhere(now)
    with clock.at(_moment(now, 16, 10)):
        _correct_elmarie()
    _waiting()


def _register(user: User, number: str) -> None:
    profile.change(
        user.pk,
        full_name=user.full_name,
        registration_number=number,
        phone=user.phone,
        language=user.language,
        single_key_shortcuts=user.single_key_shortcuts,
    )


def _moment(now: datetime, days: int, hour: int, minute: int = 30) -> datetime:
    """That many days ago at an hour of the practice, never later than now."""
    then = (now - timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return min(then, now)


def _eye(values: tuple[str, ...], prism: tuple[str, str] | None = None) -> EyeData:
    sphere, cylinder, axis, add, pd, va = values
    told = {"sphere": sphere, "cylinder": cylinder, "add": add, "far_pd_mm": pd}
    powers: dict[str, Any] = {name: Decimal(value) for name, value in told.items() if value}
    prisms = (PrismEntry(Decimal(prism[0]), prism[1]),) if prism else ()
    return EyeData(
        **powers,
        axis=int(axis) if axis else None,
        va=va,
        prisms=prisms,
    )


def _sign(actor: Actor, customer: Customer, values: Mapping[str, Any], at: datetime) -> Prescription:
    """Written and signed on that day; what looks unusual is confirmed."""
    data = PrescriptionData(customer.pk, **({"recall_months": 24} | dict(values)))
    with clock.at(at):
        draft = prescriptions.save_draft(actor, data, at=at)
        found = common.verdicts(rows.data_of(draft), draft)
        keys = [judging.key_of(one, rows.data_of(draft).values) for one in judging.warnings(found)]
        return prescriptions.sign(actor, draft.pk, keys, at=at)


def _thandi(now: datetime) -> None:
    """Two years ago right, on the day of her order with the axis typed 065 instead of 090: the mistake the practice will find."""
    naledi, thandi = acting("naledi", "RSB"), named("Thandi", "Mokoena")
    seen = [
        visit.test_started_at
        for visit in Visit.objects.filter(customer=thandi).order_by("arrived_at")
        if visit.test_started_at
    ]
    earlier, later = (seen[0], seen[-1]) if seen else (_moment(now, 773, 10), _moment(now, 4, 8))
    before = {
        "right": _eye(("-2.00", "-0.75", "090", "1.50", "31.5", "6/6")),
        "left": _eye(("-1.75", "-0.50", "085", "1.50", "31.0", "6/6")),
    }
    _sign(naledi, thandi, {"kind": "progressive", **before}, earlier + TEST)
    right, left = (
        _eye(("-2.25", "-0.75", "065", "2.00", "31.5", "6/6")),
        _eye(("-2.00", "-0.50", "085", "2.00", "31.0", "6/5")),
    )
    right, left = replace(right, near_pd_mm=Decimal("29.0")), replace(left, near_pd_mm=Decimal("28.5"))
    words = "Reads a lot on screen. Happy with her last progressive."
    signed = _sign(naledi, thandi, {"kind": "progressive", "right": right, "left": left, "notes": words}, later + TEST)
    slip = _picture(["AUTOREFRACTOR", "R  -2.25  -0.75  65", "L  -2.00  -0.50  85", "PD 62.5"])
    subject = evidence.Subject(signed, branch_id=signed.branch_id, customer_id=thandi.pk)
    with clock.at(later + TEST):
        evidence.add(naledi, subject, evidence.EvidenceData(EvidenceKind.SCAN, "autorefractor print", upload=slip))


def _picture(lines: list[str]) -> evidence.Upload:
    """A small paper with these lines, as a camera would send it."""
    sheet = Image.new("RGB", (420, 60 + 40 * len(lines)), "#fbfaf5")
    pen = ImageDraw.Draw(sheet)
    for n, line in enumerate(lines):
        pen.text((30, 30 + 40 * n), line, fill="#222222", font_size=24)
    out = io.BytesIO()
    sheet.save(out, "JPEG")
    return evidence.Upload("paper.jpg", out.getvalue())


def _contact_lenses(now: datetime) -> None:
    lens = {"power": "-3.00", "base_curve_mm": "8.60", "diameter_mm": "14.20"}
    values: dict[str, Any] = {name: Decimal(value) for name, value in lens.items()}
    eye = EyeData(product="Lagoon monthly", replacement="monthly", wearing_mode="daily", va="6/6", **values)
    told = {"kind": "contact_lens", "right": eye, "left": EyeData(**(vars(eye) | {"power": Decimal("-2.75")}))}
    _sign(acting("naledi", "RSB"), named("Marco", "Ferreira"), told, _moment(now, 60, 11))


def _from_elsewhere(now: datetime) -> None:
    """A paper with its photo, and a document from another system."""
    desk = acting("pieter", "RSB")
    issued = (now - timedelta(days=40)).date()
    priya = PrescriptionData(
        named("Priya", "Chetty").pk,
        right=_eye(("-4.00", "-0.50", "180", "", "29.5", "6/6")),
        left=_eye(("-3.75", "-0.75", "005", "", "29.5", "6/6")),
        issued_on=issued,
        examined_on=issued,
        prescriber_name="Dr Sunitha Moodley",
        prescriber_registration="MP 0441207",
    )
    paper = _picture(
        [
            "Dr S. Moodley, eye surgeon",
            "P. Chetty",
            "R -4.00 / -0.50 x 180",
            "L -3.75 / -0.75 x 5",
            f"{issued:%d %b %Y}",
        ]
    )
    prescriptions.record_outside(
        desk, priya, [evidence.EvidenceData(EvidenceKind.PHOTO, "prescription, photo", upload=paper)]
    )
    _document(desk, named("Jürgen", "Großmann"), issued)


def _document(desk: Actor, customer: Customer, issued: date) -> None:
    lens = {"product": {"coding": [{"code": "lens"}]}, "cylinder": -0.5, "add": 2.25}
    content = json.dumps(
        {
            "resourceType": "VisionPrescription",
            "status": "active",
            "created": issued.isoformat(),
            "dateWritten": issued.isoformat(),
            "patient": {"display": customer.full_name},
            "prescriber": {"display": "Dr Katharina Vogel", "identifier": {"value": "MP 0392218"}},
            "lensSpecification": [
                {**lens, "eye": "right", "sphere": 1.5, "axis": 95},
                {**lens, "eye": "left", "sphere": 1.75, "axis": 80},
            ],
        }
    ).encode()
    read = documents.from_document(fhir.read(content).documents[0], customer.pk)
    told = vars(read) | {"kind": "progressive", "external_document": documents.plain(content)}
    prescriptions.record_outside(desk, PrescriptionData(**told), [fhir_proof(content)])


def _correct_elmarie() -> None:
    """Written in plus cylinder, and corrected once: the add was a quarter too weak."""
    row = Prescription.objects.get(customer=named("Elmarie", "Roux"))
    data = rows.data_of(row)
    eyes = {eye.value: EyeData(**(vars(written) | {"add": Decimal("2.25")})) for eye, written in data.eyes()}
    reason = ("C01", "Near print swam; add raised at the re-check.")
    prescriptions.correct(acting("naledi", "RSB"), row.pk, PrescriptionData(**(vars(data) | eyes)), reason)


def _waiting() -> None:
    """Typed by the dispensing optician from the spectacles, not signed yet."""
    branch = Branch.objects.get(code="RSB")
    data = PrescriptionData(
        named("Annelie", "Botha").pk,
        kind="progressive",
        origin="spectacles",
        branch_id=branch.pk,
        right=_eye(("+0.75", "-0.50", "090", "2.25", "30.0", "")),
        left=_eye(("+1.00", "-0.25", "095", "2.25", "30.5", "")),
    )
    prescriptions.save_draft(acting("pieter", "RSB"), data)
