"""Where the laboratory joins in with what lies below it: the order's verbs and page, the navigation, the Today board."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core import navigation
from labjobs.services import jobs
from orders import followers


def connect() -> None:
    """At start-up."""
    followers.register(followers.CANCELLED, jobs.follow_cancellation)
    followers.register(followers.REPROMISED, jobs.follow_promise)
    navigation.register(
        navigation.Item("laboratory", _("Laboratory"), "lab", "labjobs:board", order=40, can=Can.VIEW_JOBS)
    )
