"""Orders to a laboratory as files: written by the laboratory's profile, and read back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Missing

from . import dcs, order_reader, order_records, profiles, traces
from .dcs import LabFile, Record
from .errors import ExchangeError
from .fields import Sided, text_or_none
from .order import BOTH, LEFT, NEITHER, REFERENCES, RIGHT, EyeOrder, LabOrder
from .profiles import ORDER_LABELS, LabProfile
from .text import simplified

MULTIFOCALS = frozenset(("BI", "TR", "PR", "QD", "DS", "EX"))


@dataclass(frozen=True, slots=True)
class OrderFile:
    """A file ready to be sent: its name, its bytes, and what was changed so that it could be written."""

    name: str
    content: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderReading:
    """An order read from a file, and what the person should know about the reading."""

    order: LabOrder
    notes: tuple[str, ...] = ()


def write(order: LabOrder, profile: LabProfile = profiles.STANDARD) -> OrderFile:
    """The file of an order. Raises ExchangeError for what the file cannot hold."""
    values = _placeholder_values(order)
    lines, notes = _written_as_sent(records(order, profile), profile)
    content = dcs.to_bytes(lines, line_end=profiles.LINE_ENDS[profile.line_end], encoding=profile.encoding)
    return OrderFile(profiles.file_name(profile, values), content, notes)


def records(order: LabOrder, profile: LabProfile = profiles.STANDARD) -> list[Record]:
    """The records of an order, in the laboratory's own labels; the trace comes last."""
    standard = [record for record in order_records.of(order, profile) if record.label not in profile.omit]
    own = [Record(profile.label(record.label), record.data) for record in standard]
    values = _placeholder_values(order)
    extra = [Record(label, profiles.filled(text, values)) for label, text in profile.extra.items()]
    traced = traces.records(order.traces, profile.trace_values_per_line) if profile.send_trace else ()
    return [*own, *(record for record in extra if record.data), *order.other, *traced]


def read(content: bytes | str, profile: LabProfile = profiles.STANDARD) -> OrderReading:
    """The order in a file. Raises ExchangeError, with the line, for what contradicts itself or cannot be understood."""
    own = dcs.parse(content, encoding=profile.encoding)
    file = LabFile(tuple(replace(record, label=profile.standard(record.name)) for record in own.records))
    job = file.text("JOB")
    if job is None:
        raise ExchangeError(_("The file names no job (JOB)."))
    return _reading(job, file, own, profile)


def missing(order: LabOrder, *, glazed: bool) -> tuple[Missing, ...]:
    """What a laboratory would ask back for: the least it expects of a shop, more when it also fits the frame."""
    found: list[Missing] = []
    for side, eye in (("R", order.eyes.right), ("L", order.eyes.left)):
        if order.make in (BOTH, side):
            found.extend(_missing_for_eye(side, eye or EyeOrder(), glazed=glazed))
    return (*found, *(_missing_for_frame(order) if glazed and order.make != NEITHER else ()))


def _reading(job: str, file: LabFile, own: LabFile, profile: LabProfile) -> OrderReading:
    make = order_reader.make_code(file)
    right, left = order_reader.SideReader(file, "R"), order_reader.SideReader(file, "L")
    eyes = Sided(order_reader.eye_order(right, make), order_reader.eye_order(left, make))
    notes: list[str] = []
    found = traces.read(file)
    order = LabOrder(
        job=job,
        eyes=eyes,
        make=make or _described(eyes),
        account=file.text("ACCN"),
        client=file.text("CLIENT"),
        rx_number=file.text("RXNM"),
        frame=order_reader.frame_order(file, profile, notes),
        traces=found.traces,
        remark="\n".join(filter(None, (text_or_none(record.data) for record in file.all("REM")))),
        references=_references(own, profile),
        other=_other(own, file, profile),
    )
    return OrderReading(order, tuple(dict.fromkeys((*right.notes, *left.notes, *notes, *found.notes))))


def _described(eyes: Sided[EyeOrder | None]) -> str:
    if eyes.right and eyes.left:
        return BOTH
    return RIGHT if eyes.right else LEFT if eyes.left else NEITHER


def _references(own: LabFile, profile: LabProfile) -> dict[str, str]:
    found: dict[str, str] = {}
    for label, template in profile.extra.items():
        name, text = profiles.only_placeholder(template), own.text(label)
        if name in REFERENCES and text is not None:
            found[name] = text
    return found


def _other(own: LabFile, file: LabFile, profile: LabProfile) -> tuple[Record, ...]:
    """The records that neither the order nor the profile's extra labels account for, under their own labels."""
    left_over = set(map(id, traces.other_records(file)))
    understood = ORDER_LABELS | set(profile.extra)
    pairs = zip(own.records, file.records, strict=True)
    return tuple(kept for kept, record in pairs if id(record) in left_over and record.name not in understood)


def _placeholder_values(order: LabOrder) -> dict[str, str]:
    own = {"job": order.job, "account": order.account, "client": order.client, "rx_number": order.rx_number}
    return {**order.references, **{name: text or "" for name, text in own.items()}}


def _written_as_sent(lines: list[Record], profile: LabProfile) -> tuple[list[Record], tuple[str, ...]]:
    if not profile.simplify_text:
        return lines, ()
    sent = [replace(line, data=simplified(line.data, profile.encoding)) for line in lines]
    message = _("%(label)s: “%(text)s” is written “%(sent)s”, as the file holds no other letters.")
    notes = (
        message % {"label": line.label, "text": line.data, "sent": changed.data}
        for line, changed in zip(lines, sent, strict=True)
        if changed != line
    )
    return sent, tuple(notes)


def _missing_for_eye(side: str, eye: EyeOrder, *, glazed: bool) -> Iterator[Missing]:
    if eye.power is None and not eye.balance:
        yield Missing("power", _("%(side)s: the prescription") % {"side": side})
    if eye.lens.style is None and eye.lens.product_code is None:
        yield Missing("lens", _("%(side)s: the lens, by the laboratory's name or code") % {"side": side})
    if eye.fitting.far_pd_mm is None and eye.fitting.near_pd_mm is None:
        yield Missing("pd", _("%(side)s: the pupillary distance") % {"side": side})
    if not MULTIFOCALS & set((eye.lens.type_code or "").split(",")):
        return
    if eye.power is not None and eye.power.add is None:
        yield Missing("add", _("%(side)s: the addition") % {"side": side})
    if glazed and eye.fitting.segment_height_mm is None and eye.fitting.oc_height_mm is None:
        yield Missing("height", _("%(side)s: the segment or fitting height") % {"side": side})


def _missing_for_frame(order: LabOrder) -> Iterator[Missing]:
    frame = order.frame
    if not order.traces and not (_any(frame.a_mm) and _any(frame.b_mm)):
        yield Missing("frame_size", _("The frame's box (A and B) or a trace"))
    if frame.dbl_mm is None:
        yield Missing("dbl", _("The distance between the lenses (DBL)"))


def _any(sides: Sided[Decimal | None]) -> bool:
    return sides.right is not None or sides.left is not None
