"""What exports and reports add to the shell: navigation, the bell, the words of their events."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import access, notices
from branches.middleware import StaffRequest
from branches.roles import Can
from core import lists, navigation
from core.actor import Actor
from notifications import attachments
from records import phrases
from records.phrases import CHANGES, Phrase
from reports.exports import asking, opening
from reports.packs import making as packs
from reports.packs import sending
from reports.privacy import exporting
from reports.reconciling import running
from reports.schedules import bell


def connect() -> None:
    """Called once at start-up."""
    navigation.register(
        navigation.Item(
            "reports", gettext_lazy("Reports"), "doc", "reporting:index", order=67, group="desk", can=Can.VIEW_MEASURES
        )
    )
    notices.register_job(asking.JOB, gettext_lazy("Export"))
    notices.register_job(running.JOB, gettext_lazy("Reconciliation"))
    notices.register_job(exporting.JOB, gettext_lazy("All data of a customer"))
    notices.register_job(packs.JOB, gettext_lazy("Month-end pack"))
    notices.register(notices.Source("exports", _listed, _waiting))
    attachments.register(sending.READY, sending.attached)
    bell.connect()
    lists.register("orders", lists.Export("reporting:export_list", _may_export))
    phrases.register(
        {
            "export.asked": Phrase(gettext_lazy("Export asked for: %(what)s"), CHANGES, "doc"),
            "export.approved": Phrase(gettext_lazy("Large export agreed: %(what)s"), CHANGES, "pass", "warning"),
            "export.refused": Phrase(gettext_lazy("Large export refused: %(what)s"), CHANGES, "cross"),
            "export.made": Phrase(gettext_lazy("Export made: %(what)s, %(rows)s rows"), CHANGES, "doc"),
            "export.opened": Phrase(gettext_lazy("Export opened: %(what)s"), CHANGES, "eye", "warning"),
            "export.cancelled": Phrase(gettext_lazy("Export cancelled: %(what)s"), CHANGES, "cross"),
            "export.expired": Phrase(gettext_lazy("Export removed after its time: %(what)s"), CHANGES, "clock"),
            "customer.restricted": Phrase(gettext_lazy("Restricted: nothing is sent"), CHANGES, "lock", "warning"),
            "customer.unrestricted": Phrase(gettext_lazy("No longer restricted"), CHANGES, "mail"),
            "customer.erasure_asked": Phrase(gettext_lazy("Asked to be forgotten"), CHANGES, "alert", "warning"),
            "customer.erasure_refused": Phrase(gettext_lazy("Wish to be forgotten refused"), CHANGES, "cross"),
            "customer.erased": Phrase(gettext_lazy("Contact and consent erased"), CHANGES, "cross", "warning"),
            "pack.asked": Phrase(gettext_lazy("Month-end pack asked for: %(month)s"), CHANGES, "doc"),
            "pack.opened": Phrase(gettext_lazy("Month-end pack opened: %(month)s, %(kind)s"), CHANGES, "eye"),
            "schedule.made": Phrase(gettext_lazy("Report scheduled: %(what)s"), CHANGES, "clock"),
            "schedule.changed": Phrase(gettext_lazy("Schedule changed: %(what)s"), CHANGES, "clock"),
            "schedule.paused": Phrase(gettext_lazy("Schedule paused: %(what)s"), CHANGES, "clock"),
            "schedule.resumed": Phrase(gettext_lazy("Schedule resumed: %(what)s"), CHANGES, "clock"),
            "schedule.removed": Phrase(gettext_lazy("Schedule removed: %(what)s"), CHANGES, "cross"),
            "schedule.left": Phrase(gettext_lazy("Left a schedule: %(what)s"), CHANGES, "cross"),
            "schedule.started": Phrase(gettext_lazy("Scheduled report sent out: %(what)s"), CHANGES, "mail"),
            "target.set": Phrase(gettext_lazy("Target set"), CHANGES, "flag", hidden=True),
            "report.shown": Phrase(
                gettext_lazy("Personal data of a report shown: %(what)s"), CHANGES, "eye", "warning"
            ),
            "report.saved": Phrase(gettext_lazy("Report saved: %(name)s"), CHANGES, "doc"),
            "report.removed": Phrase(gettext_lazy("Report removed: %(old_name)s"), CHANGES, "doc"),
        }
    )


def _may_export(actor: Actor) -> bool:
    return access.allowed(actor, Can.EXPORT_DATA, actor.branch_id)


def _listed(request: StaffRequest) -> Sequence[notices.Notice]:
    return [
        notices.Notice(
            _("%(who)s asks for a large export: %(what)s") % {"who": one.requested_by.short_name, "what": one.title},
            one.requested_at,
            reverse("reporting:export", args=[one.public_id]),
            icon="doc",
            tone="warning",
            is_waiting=True,
        )
        for one in opening.waiting_for(request.actor)
    ]


def _waiting(request: StaffRequest, since: datetime) -> int:
    """Large exports to decide on, and the own schedules that did not reach everybody: one query when there is none."""
    if not access.allowed(request.actor, Can.EXPORT_DATA, None):
        return 0
    asked = opening.undecided(request.actor).annotate(what=Value("export")).values_list("what", "pk")
    troubled = bell.troubled(request, since).annotate(what=Value("run")).values_list("what", "pk")
    found = [what for what, _pk in asked.union(troubled, all=True)]
    return found.count("run") + (len(opening.waiting_for(request.actor)) if "export" in found else 0)
