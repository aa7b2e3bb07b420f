"""The list under the scan box: frames by any part of brand, model, colour and size, with stock here and elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue import selectors
from catalogue.models import Frame
from catalogue.pricebook import When, book
from core import money
from orders.dispensing.frame_panel import stock_words

SHOWN = 8


@dataclass(frozen=True)
class Match:
    frame: Frame
    price: str
    stock: str


def matches(text: str, when: When) -> Sequence[Match]:
    """What the list under the scan box shows."""
    frames = selectors.search_frames(text, limit=SHOWN) if text else []
    words, prices = stock_words(frames, when.branch_id or 0, None), book(when, frames)
    return [Match(frame, money.money(prices.price(frame)), words[frame.pk]) for frame in frames]
