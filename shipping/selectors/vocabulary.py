"""What a practice has taught about carriers' words, and the words that still wait for a meaning."""

from shipping.models import CarrierWord
from shipping.tracking.vocabulary import Taught
from shipping.tracking.words import State


def taught(adapter: str) -> Taught:
    """Mapped words of one tracking service: word to (state or None, reason)."""
    rows = CarrierWord.objects.filter(adapter=adapter, mapped_at__isnull=False)
    return {
        word: (State(state) if state else None, reason)
        for word, state, reason in rows.values_list("word", "state", "reason")
    }


def waiting() -> list[CarrierWord]:
    """Words without a meaning, the most frequent first."""
    return list(CarrierWord.objects.filter(mapped_at=None).order_by("-times", "pk")[:200])
