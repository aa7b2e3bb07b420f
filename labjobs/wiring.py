"""Where the laboratory joins in with what lies below it: the order's verbs and page, the navigation, search and scanner."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import palette
from branches.middleware import StaffRequest
from branches.roles import Can
from catalogue import shapes
from core import navigation
from core.actor import Actor
from labjobs import frame_traces, order_page, search_box
from labjobs.selectors import finding
from labjobs.services import jobs
from orders import bulk_actions, followers, next_actions, panels, stages
from orders.selectors import list_rows

_SETTINGS = (
    navigation.Item(
        "labs", _("Laboratories"), "lab", "labjobs:labs", 40, "settings", Can.MANAGE_LABS,
        hint=_("Own and outside laboratories, trays, their files, status codes and credit terms"),
    ),
    navigation.Item(
        "editions", _("Tolerances"), "ruler", "labjobs:editions", 41, "settings", Can.MANAGE_LABS,
        hint=_("The standard that quality checks are judged by, as a table you can edit"),
    ),
    navigation.Item(
        "terms", _("Warranty terms"), "pass", "labjobs:terms", 42, "settings", Can.MANAGE_LABS,
        hint=_("What is covered after collection: how long, how often, for which causes"),
    ),
)  # fmt: skip


def connect() -> None:
    """At start-up."""
    followers.register(followers.CANCELLED, jobs.follow_cancellation)
    followers.register(followers.REPROMISED, jobs.follow_promise)
    bulk_actions.register(
        bulk_actions.BulkAction("tickets", _("Tickets"), "print", "labjobs:tickets", 40, Can.VIEW_JOBS)
    )
    panels.register(
        panels.Panel(
            "lab", _("Laboratory and warranty"), panels.MAIN, 30, "labjobs/_order_panel.html", order_page.panel
        )
    )
    next_actions.register("laboratory", order_page.RANK, order_page.next_action)
    stages.register(order_page.stages)
    list_rows.register_status(order_page.status_words)
    navigation.register(
        navigation.Item(
            "laboratory",
            _("Laboratory"),
            "lab",
            "labjobs:board",
            order=40,
            can=Can.VIEW_JOBS,
            count=_under_way,
            home_for=Can.ADVANCE_JOBS,
        )
    )
    palette.register(palette.Searcher("jobs", _("Laboratory jobs"), 30, search_box.search, can=Can.VIEW_JOBS))
    palette.register_scanner(_scanned)
    shapes.register_reader(frame_traces.read)
    for item in _SETTINGS:
        navigation.register(item)


def _under_way(actor: Actor) -> navigation.Count | None:
    """Jobs that the laboratory has in hand for the actor's branches."""
    number = finding.under_way(actor)
    return navigation.Count(number, _("under way")) if number else None


def _scanned(request: StaffRequest, code: str) -> str | None:
    """A scanned tray opens its check, its hand-over or its page."""
    job = finding.scanned(request.scope, code)
    if job is None:
        return None
    if job.state == "ready":
        return reverse("labjobs:collect", args=[job.order.number])
    return reverse("labjobs:quality" if job.stage == "quality" else "labjobs:job", args=[job.number])
