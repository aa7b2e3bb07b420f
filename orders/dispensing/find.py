"""Find a frame at the counter: a scanned GTIN or SKU, or any part of brand, model, colour and size."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue import selectors
from catalogue.models import Frame
from core import money
from core.errors import DomainError
from orders.dispensing.frame_panel import stock_words

SHOWN = 8


@dataclass(frozen=True)
class Match:
    frame: Frame
    price: str
    stock: str


def find_frame(text: str, branch_id: int) -> Frame:
    """The one frame meant by a row's id (`#12`), a scan or a search. Raises DomainError when none or several match."""
    if text.startswith("#") and text[1:].isdecimal():
        chosen = Frame.objects.filter(pk=int(text[1:])).first()
        if chosen is not None:
            return chosen
    exact = selectors.frame_by_code(text)
    if exact is not None:
        return exact
    found = selectors.search_frames(text, limit=SHOWN)
    if len(found) == 1:
        return found[0]
    if not found:
        message = _("No frame matches “%(text)s”. Check the code, or type model and colour.") % {"text": text}
    else:
        message = _("Several frames match “%(text)s”: choose one of the list.") % {"text": text}
    raise DomainError(message, fields={"frame": message}, code="frame_unclear")


def matches(text: str, branch_id: int) -> Sequence[Match]:
    """What the list under the scan box shows."""
    frames = selectors.search_frames(text, limit=SHOWN) if text else []
    words = stock_words(frames, branch_id, None)
    return [Match(frame, money.money(frame.price), words[frame.pk]) for frame in frames]
