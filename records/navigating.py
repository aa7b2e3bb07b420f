"""The reviews' place in the side navigation, with the number that waits for this person."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from core import navigation
from core.actor import Actor


def register() -> None:
    """Called at start-up."""
    from records import selectors

    def mine(actor: Actor) -> navigation.Count | None:
        number = len(selectors.owners_of_mine(Scope.of(actor), actor))
        return navigation.Count(number, _("to decide again"), "review") if number else None

    navigation.register(
        navigation.Item("reviews", _("Reviews"), "review", "records:reviews", 55, can=Can.VIEW_ORDERS, count=mine)
    )
