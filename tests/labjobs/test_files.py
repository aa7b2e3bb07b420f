"""Laboratory files: the order comes back as it was written, verification powers judge, statuses are kept and mapped."""

import io
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.errors import DomainError
from labjobs import documents, inspection, jobvalues, lab_order
from labjobs.exchange import order_file
from labjobs.models import Job, LabMessage
from labjobs.selectors import page
from labjobs.services import labfiles, labs
from labjobs.sketch import blanks_of, sketch_of
from lensmath.prism import Eye
from orders.models import LensSpecification, Measurement, Purpose
from records.models import Event
from records.services import reviews
from records.services.reviews import Reopened
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


def test_the_order_file_parsed_back_is_the_order() -> None:
    at = makers.bench()
    job = makers.released(at, tray="T-317")
    sent = lab_order.of_job(job)
    read = order_file.read(labfiles.order_of(job).content)
    assert (read.order.job, read.order.make, read.order.eyes, read.order.frame) == (
        job.number,
        "B",
        sent.eyes,
        sent.frame,
    )
    right = read.order.eyes.right
    assert right is not None and right.power is not None
    assert str(right.power) == "-2.25 -0.75 x065 add +2.00"
    assert (right.fitting.far_pd_mm, right.fitting.segment_height_mm) == (Decimal("31.50"), Decimal("21.00"))
    assert read.order.rx_number == sent.rx_number


def test_a_profile_changes_labels_name_and_line_ends_and_is_read_back_by_itself() -> None:
    at = makers.bench()
    job = makers.released(at, tray="T-317")
    profile = {
        "file_name": "MER_{job}.vca", "line_end": "lf", "label_map": {"SEGHT": "FCHT"}, "extra": {"_TRAY": "{tray}"},
    }  # fmt: skip
    labs.set_profile(at.shop.manager, at.lab.pk, profile)
    job = Job.objects.select_related("lab", "order__customer", "branch", "tray").get(pk=job.pk)
    file = labfiles.order_of(job)
    assert file.name == f"MER_{job.number}.vca"
    text = file.content.decode()
    assert "\r" not in text and "FCHT=21.00;21.00\n" in text and "_TRAY=T-317\n" in text
    assert order_file.read(file.content, labfiles.profile_of(job.lab)).order.references == {"tray": "T-317"}


def test_a_profile_that_cannot_be_used_is_refused_field_by_field() -> None:
    at = makers.bench()
    with pytest.raises(DomainError) as refused:
        labs.set_profile(at.shop.manager, at.lab.pk, {"file_name": "order.oma", "omit": ["SPH"]})
    assert set(refused.value.fields) == {"file_name", "omit"}
    at.lab.refresh_from_db()
    assert at.lab.profile == {}


VERIFY = b"JOB=1\r\nINSSPH=-2.20;-1.95\r\nINSCYL=-0.70;-0.45\r\nINSAX=66;86\r\nINSADD=1.95;1.95\r\n"


def test_a_lens_is_judged_by_the_verification_powers_and_all_three_are_kept() -> None:
    at = makers.bench()
    job = makers.at_quality(at)
    labfiles.take_verification(at.technician, job.pk, VERIFY)
    job.refresh_from_db()
    verdict = makers.checked(at, job, right_axis="71")
    line = verdict.check.lines.get(eye="right", quantity="axis")
    assert (line.ordered, line.target, line.measured, line.difference, line.passed) == (
        "065°",
        "066°",
        "071°",
        "+5°",
        True,
    )
    sphere = verdict.check.lines.get(eye="right", quantity="sphere")
    assert (sphere.ordered, sphere.target, sphere.measured) == ("−2.25", "−2.20", "−2.20")
    assert verdict.check.passed


@pytest.mark.parametrize(
    "content", [b"", b"JOB=1\r\n", b"INSSPH=abc", b"\xff\xfe\x00", b"INSSPH=-2;-2\r\nINSCYL=-1;-1"]
)
def test_a_verification_file_that_says_nothing_or_cannot_be_is_refused(content: bytes) -> None:
    at = makers.bench()
    job = makers.at_quality(at)
    with pytest.raises(DomainError):
        labfiles.take_verification(at.technician, job.pk, content)
    job.refresh_from_db()
    assert job.verification is None


def test_an_outside_laboratory_sends_acknowledges_and_ships() -> None:
    at = makers.bench()
    lab = makers.outside_lab()
    job = makers.released(at, lab=lab)
    labfiles.sent(at.shop.optician, job.pk)
    labfiles.acknowledged(at.shop.optician, job.pk, "HL-7781")
    done = labfiles.shipped(at.shop.optician, job.pk)
    assert (done.stage, done.state, done.lab_reference) == ("at_lab", "in_production", "HL-7781")
    kinds = ["labjob.sent", "labjob.acknowledged", "labjob.shipped"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)) == kinds


def test_status_messages_follow_the_laboratorys_table_and_unknown_codes_wait_to_be_mapped() -> None:
    at = makers.bench()
    lab = makers.outside_lab()
    lab.profile = {"status_vocabulary": "vspone"}
    lab.save()
    job = makers.released(at, lab=lab)
    told = labfiles.take_status(
        at.shop.optician, lab.pk, f"JOB={job.number}\r\nSTATUS=Coating;in the chamber\r\n".encode()
    )
    job.refresh_from_db()
    assert (told.moved, job.stage, job.lab_status_raw) == ((job.number,), "at_lab", "Coating in the chamber")
    told = labfiles.take_status(at.shop.optician, lab.pk, f"JOB={job.number}\r\nSTATUS=Polished X;\r\n".encode())
    assert told.unknown == ("Polished X",)
    assert labfiles.unknown_codes(lab) == {"Polished X": 1}
    lab.profile = {"status_vocabulary": "vspone", "statuses": {"polished x": {"stage": "surfacing"}}}
    lab.save()
    assert labfiles.unknown_codes(lab) == {}
    told = labfiles.take_status(
        at.shop.optician, lab.pk, f"JOB={job.number}\r\nSTATUS=Contact lab;call us\r\n".encode()
    )
    job.refresh_from_db()
    assert told.waiting == (job.number,) and job.on_hold_since is not None
    assert LabMessage.objects.filter(lab=lab).count() == 3


def test_what_a_laboratory_says_of_a_job_that_is_held_here_is_kept_and_the_job_waits() -> None:
    at = makers.bench()
    lab = makers.outside_lab()
    lab.profile = {"status_vocabulary": "vspone"}
    lab.save()
    job = makers.released(at, lab=lab)
    cause = Reopened(
        job.order, "deposit", "a", "b", "c", job.order, "branch_manager", blocks="production", order_id=job.order_id
    )
    reviews.open_for(cause, at.shop.optician)
    told = labfiles.take_status(at.shop.optician, job.lab_id, f"JOB={job.number}\r\nSTATUS=Coating;on\r\n".encode())
    job.refresh_from_db()
    assert (told.waiting, told.moved, job.stage) == ((job.number,), (), "received")
    assert LabMessage.objects.get(job=job).text == "on"


def test_a_status_for_a_job_of_another_laboratory_is_refused() -> None:
    at = makers.bench()
    lab = makers.outside_lab()
    job = makers.released(at)
    with pytest.raises(DomainError) as refused:
        labfiles.take_status(at.shop.optician, lab.pk, f"JOB={job.number}\r\nSTATUS=Shipped\r\n".encode())
    assert refused.value.code == "job_unknown"
    assert not LabMessage.objects.exists()


@pytest.mark.parametrize(("size", "pages"), [("a6", 1), ("80mm", 1)])
def test_the_ticket_names_powers_with_signs_and_no_price(size: str, pages: int) -> None:
    at = makers.bench()
    job = makers.released(at, tray="T-317")
    content = documents.pdf(job, "P. Venter", size)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == pages
    text = reader.pages[0].extract_text()
    for words in ("T-317", job.number, "−2.25", "−0.75", "065°", "+2.00", "31.5", "3.5 in", "MOKOENA"):
        assert words in text
    # "R 31.5" is the right eye's distance; money would have two decimals.
    assert "3190" not in text and not re.search(r"R\s?\d[\d\s]*[.,]\d\d\b", text)


def test_the_ticket_draws_frame_crosses_pds_and_the_least_blanks() -> None:
    at = makers.bench()
    job = makers.released(at, tray="T-317")
    # ED 54 + twice the decentration of 3.5 and 4.0 mm + 2 mm allowance
    assert blanks_of(job.values) == {Eye.RIGHT: Decimal(63), Eye.LEFT: Decimal(64)}
    ticket = documents.html(job, "P. Venter")
    assert "blank R 63, L 64" in ticket
    assert ticket.count("stroke-dasharray") == 2
    assert 'r="126"' in ticket and 'r="128"' in ticket  # four units a millimetre
    assert "Rx version 1, " in ticket
    assert "from stock" in ticket


@pytest.mark.parametrize(
    ("purpose", "sphere", "add", "pd", "decentration"),
    [
        (Purpose.AS_PRESCRIBED, "-2.25", "2.00", "31.5", "3.5 in"),
        (Purpose.NEAR, "-0.25", None, "29.0", "6.0 in"),
        (Purpose.INTERMEDIATE, "-1.25", None, "31.5", "3.5 in"),
    ],
)
def test_lenses_for_reading_are_made_in_the_near_power_and_centred_for_the_near_pd(
    purpose: str, sphere: str, add: str | None, pd: str, decentration: str
) -> None:
    """Distance -2.25, add +2.00: the ticket, the file and the check all speak of the lens that is made."""
    job = makers.released(makers.bench())
    LensSpecification.objects.filter(order=job.order).update(purpose=purpose)
    Measurement.objects.filter(order=job.order).update(
        right_near_pd_mm=Decimal("29.0"), left_near_pd_mm=Decimal("28.5")
    )
    job.values = jobvalues.frozen(job.order)
    right = job.values["eyes"]["right"]
    assert (right["sphere"], right["cylinder"], right["axis"], right["add"]) == (sphere, "-0.75", 65, add)
    order = lab_order.of_job(job)
    assert order.eyes.right is not None and order.eyes.right.power is not None
    assert order.eyes.right.power.sphere == Decimal(sphere)
    assert order.eyes.right.fitting.far_pd_mm == Decimal(pd)
    assert inspection.bench_of(job.values, None).eyes[0].ordered.sphere == Decimal(sphere)
    assert page.measures(job.values)[0].decentration == decentration
    assert ("Reading" in dict(page.lens_words(job.values)).values()) is (purpose == Purpose.NEAR)


def test_a_traced_frame_asks_for_the_blank_its_outline_needs() -> None:
    job = makers.released(makers.bench())
    radii = [2000] * 72
    values = job.values | {
        "frame": job.values["frame"] | {"trace": {"right": {"radii": radii, "angles": None, "traced": "F"}}}
    }
    sketch = sketch_of(values)
    assert sketch is not None and sketch.right_shape is not None
    # a circle of 40 mm, its centre moved: 2 x (20 + the way to the fitting cross) + 2
    assert Decimal(42) < blanks_of(values)[Eye.RIGHT] < Decimal(64)
    bare = job.values | {"frame": {"name": "To come"}}
    assert (sketch_of(bare), blanks_of(bare)) == (None, {})


def test_the_bars_of_a_tray_are_code_128() -> None:
    bars = documents.bars_of("T-317")
    # Start B, five letters and digits, check sign and stop: 11 modules each, the stop 13; ten of quiet zone before.
    assert bars[0] == (10, 2)
    assert bars[-1][0] + bars[-1][1] == 10 + 11 * 7 + 13
    assert all(1 <= wide <= 4 for _start, wide in bars)
