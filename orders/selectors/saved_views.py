"""The views that a person keeps or is lent, for the list of orders and for the page that manages them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from core.actor import Actor
from core.prepared import prepared
from orders.models import DefaultView, SavedView
from orders.services import saved_views


@dataclass(frozen=True)
class Kept:
    """One view. `may_change`: by this person; `is_current`: the list shows just this."""

    view: SavedView
    mine: bool
    may_change: bool
    is_default: bool
    is_current: bool = False


def of(actor: Actor, query: str = "") -> list[Kept]:
    """Mine first, then those of the branches, each by name; one query."""
    found = _visible(actor).rows()
    kept = [
        Kept(
            row,
            row.owner_id == actor.user_id,
            saved_views.may_change(actor, row),
            vars(row)["opened"],
            row.query == query,
        )
        for row in found
    ]
    return sorted(kept, key=lambda one: not one.mine)


@prepared
def _visible(actor: Actor) -> QuerySet[SavedView]:
    opened = DefaultView.objects.filter(person_id=actor.user_id, view=OuterRef("pk"))
    rows = SavedView.objects.filter(saved_views.visible(actor)).select_related("branch", "owner")
    return rows.annotate(opened=Exists(opened)).order_by("name", "pk")


def opening(kept: list[Kept]) -> str:
    """The address part of the view that the list opens with; empty for none."""
    return next((one.view.query for one in kept if one.is_default), "")
