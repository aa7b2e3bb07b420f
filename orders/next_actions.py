"""The next-action bar: exactly one verb, its owner, and what is missing. Apps above orders register theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.errors import Missing
from core.states import Words
from orders.models import Order
from orders.viewer import Viewer


@dataclass(frozen=True)
class Button:
    """One way on. `post`: a verb without fields; otherwise a page. At most one is primary."""

    label: Words
    url: str
    post: bool = False
    primary: bool = False
    key: str = ""


@dataclass(frozen=True)
class NextAction:
    """What comes next, who does it, what stands in the way (all of it)."""

    verb: Words
    owner: Words = ""
    why: Words = ""
    tone: str = ""
    icon: str = ""
    buttons: Sequence[Button] = ()
    missing: Sequence[Missing] = field(default_factory=tuple)


Provider = Callable[[Order, Viewer], NextAction | None]
_providers: dict[str, tuple[int, Provider]] = {}


def register(code: str, rank: int, provider: Provider) -> None:
    """Lower ranks are asked first; the first that answers is shown. Selling answers at 50."""
    _providers[code] = (rank, provider)


def next_action(order: Order, viewer: Viewer) -> NextAction | None:
    for _rank, provider in sorted(_providers.values(), key=lambda one: one[0]):
        found = provider(order, viewer)
        if found is not None:
            return found
    return None
