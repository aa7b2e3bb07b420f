"""The frame column: the tray with stock here and elsewhere and what speaks against each frame, and the drawing to scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from catalogue.assessing import ranges_of
from catalogue.demand import Demand
from catalogue.models import Frame, LensProduct
from catalogue.pricebook import NO_LISTS, PriceBook, When, book
from catalogue.shapes import shape_of
from core import money
from core.drawing import EyeMarks, FrameSketch
from inventory.models import StockItem
from lensmath.prism import Eye
from orders import fit, needs
from orders.models import FrameChoice, FrameStatus, Order


@dataclass(frozen=True)
class TrayRow:
    """One frame on the tray."""

    frame: Frame
    chosen: bool
    price: str
    stock: str
    against: str = ""


@dataclass(frozen=True)
class FramePanel:
    rows: Sequence[TrayRow]
    choice: FrameChoice | None
    drawing: FrameSketch | None
    shallow: Sequence[TrayRow] = ()
    prices: PriceBook = NO_LISTS

    @property
    def from_catalogue(self) -> bool:
        return self.choice is None or self.choice.frame_id is not None


def panel(
    order: Order, choice: FrameChoice | None, demand: Demand | None, product: LensProduct | None, when: When
) -> FramePanel:
    """The tray of an order, judged against the lens that is ticked."""
    frames = [laid.frame for laid in order.tray.select_related("frame").all()]
    held = choice.frame_id if choice and choice.status == FrameStatus.SUPPLY else None
    words = stock_words(frames, order.branch_id, held)
    chosen = choice.frame_id if choice else None
    prices = book(when, [*frames, *([choice.frame] if choice and choice.frame else [])])
    rows = [
        TrayRow(
            frame, frame.pk == chosen, money.money(prices.price(frame)), words[frame.pk], too_shallow(frame, product)
        )
        for frame in frames
    ]
    shallow = [row for row in rows if row.against]
    return FramePanel(rows, choice, drawing_of(choice, demand), shallow, prices)


def stock_words(frames: Iterable[Frame], branch_id: int, held_id: int | None) -> dict[int, str]:
    """`Rosebank 1, reserved for this order · Umhlanga 2` for each frame, in one query."""
    wanted = {frame.pk: frame for frame in frames}
    rows = StockItem.objects.filter(frame__in=wanted, on_hand__gt=0).select_related("branch")
    ordered = rows.order_by(F("branch_id").asc())
    here: dict[int, list[str]] = {pk: [] for pk in wanted}
    elsewhere: dict[int, list[str]] = {pk: [] for pk in wanted}
    for item in ordered:
        if item.branch_id == branch_id:
            here[item.frame_id].append(_here(item, held_id))
        elif item.available:
            elsewhere[item.frame_id].append(f"{item.branch} {item.available}")
    return {pk: " · ".join([*(here[pk] or [_("none here")]), *elsewhere[pk]]) for pk in wanted}


def _here(item: StockItem, held_id: int | None) -> str:
    if item.frame_id == held_id:
        return _("%(branch)s %(count)d, reserved for this order") % {"branch": item.branch, "count": item.on_hand}
    return _("%(branch)s %(count)d free") % {"branch": item.branch, "count": item.available}


def too_shallow(frame: Frame, product: LensProduct | None) -> str:
    """`Lens depth 26: 2 mm too shallow for this corridor`, or nothing."""
    needed = fit.depth_needed(ranges_of(product)) if product else None
    if needed is None or frame.b_mm >= needed:
        return ""
    return _("Lens depth %(depth)s: %(less)s mm too shallow for this corridor") % {
        "depth": fit.short(frame.b_mm),
        "less": fit.short(needed - frame.b_mm),
    }


def drawing_of(choice: FrameChoice | None, demand: Demand | None, *, blanks: bool = False) -> FrameSketch | None:
    """The chosen frame to scale, with PDs, heights and, when asked for, least blanks as far as they are known."""
    sizes = needs.sizes_of(choice)
    if sizes is None:
        return None
    marks = {
        eye: EyeMarks(need.far_pd_mm, need.height_mm, demand.blank_mm(eye) if blanks and demand else None)
        for eye, need in demand or ()
    }
    return FrameSketch(
        sizes.a_mm,
        sizes.b_mm,
        sizes.dbl_mm,
        right=marks.get(Eye.RIGHT, EyeMarks()),
        left=marks.get(Eye.LEFT, EyeMarks()),
        right_shape=shape_of(sizes.trace, Eye.RIGHT),
        left_shape=shape_of(sizes.trace, Eye.LEFT),
    )


def sketch(frame: Frame, demand: Demand | None) -> FrameSketch:
    """A frame of the tray with the customer's PDs; heights belong to the frame they were taken in."""
    pds = {eye: EyeMarks(need.far_pd_mm) for eye, need in demand} if demand else {}
    return FrameSketch(
        frame.a_mm,
        frame.b_mm,
        frame.dbl_mm,
        right=pds.get(Eye.RIGHT, EyeMarks()),
        left=pds.get(Eye.LEFT, EyeMarks()),
        right_shape=shape_of(frame.trace, Eye.RIGHT),
        left_shape=shape_of(frame.trace, Eye.LEFT),
    )
