"""What can be done to several orders of the list at once. Apps above add theirs: tickets, shipping."""

from dataclasses import dataclass

from branches.roles import Can
from core.states import Words


@dataclass(frozen=True)
class BulkAction:
    """A button of the bar below the list; its page (`url_name`) gets the selected orders' ids as `pick` in the address.

    Lower `order` first: date 10, assign 20, note 30, tickets 40, ship 50. Who lacks the right does not see the button.
    """

    code: str
    label: Words
    icon: str
    url_name: str
    order: int
    can: Can


_actions: dict[str, BulkAction] = {}


def register(action: BulkAction) -> None:
    """Add a button; the same code replaces it."""
    _actions[action.code] = action


def get(code: str) -> BulkAction | None:
    return _actions.get(code)


def all_actions() -> list[BulkAction]:
    """In the order of the bar."""
    return sorted(_actions.values(), key=lambda action: action.order)
