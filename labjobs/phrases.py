"""How the laboratory's own events read in a story."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from labjobs.credit_rules import REASONS
from labjobs.services.fittings import CAUSES
from records.models import Event
from records.phrases import CHANGES, CLINICAL, ORDERS, Phrase, register, register_labels


def _cause(event: Event) -> Mapping[str, Any]:
    reason = REASONS.get(event.reason_code)
    fitting = CAUSES.get(str(event.data.get("cause", "")))
    return {"why": fitting.label if fitting else (reason[1] if reason else "")}


def _released(event: Event) -> Mapping[str, Any]:
    """The laboratory, and the tray where one was free."""
    return {
        "where": str(_("%(laboratory)s, tray %(tray)s")) % event.new
        if event.new.get("tray")
        else event.new.get("laboratory", "")
    }


register_labels({"stage": _("stage"), "laboratory": _("laboratory"), "tray": _("tray"), "hold": _("hold")})
register(
    {
        "labjob.released": Phrase(_("Released to %(where)s"), ORDERS, "lab", values=_released),
        "labjob.advanced": Phrase(_("Laboratory: %(stage)s"), ORDERS, "lab"),
        "labjob.moved": Phrase(_("Laboratory: moved to %(stage)s"), ORDERS, "return", "warning"),
        "labjob.held": Phrase(_("Laboratory job on hold"), ORDERS, "pause", "review"),
        "labjob.resumed": Phrase(_("Laboratory job goes on"), ORDERS, "lab"),
        "labjob.renewed": Phrase(_("Job takes the new values: %(values)s"), ORDERS, "review", "review"),
        "labjob.sent": Phrase(_("Sent to %(laboratory)s"), ORDERS, "truck"),
        "labjob.acknowledged": Phrase(_("Laboratory has it as %(reference)s"), ORDERS, "pass"),
        "labjob.shipped": Phrase(_("%(laboratory)s has sent it back"), ORDERS, "truck"),
        "labjob.verification": Phrase(_("Verification powers from the laboratory"), CHANGES, "ruler"),
        "labjob.dispatched": Phrase(_("On its way to %(to)s"), ORDERS, "truck"),
        "labjob.ready": Phrase(_("Ready in the shop"), ORDERS, "check", "success", hidden=True),
        "labjob.collected": Phrase(_("Glasses handed over"), ORDERS, "check", "success", hidden=True),
        "labjob.qc_passed": Phrase(_("Quality check passed"), ORDERS, "pass", "success"),
        "labjob.qc_failed": Phrase(_("Quality check failed"), ORDERS, "fail", "danger"),
        "labjob.qc_overridden": Phrase(_("Failed quality check accepted"), ORDERS, "alert", "warning"),
        "labjob.remade": Phrase(_("Made again as %(new_job)s: %(why)s"), ORDERS, "return", "warning", values=_cause),
        "labjob.cancelled": Phrase(_("Laboratory job cancelled"), ORDERS, "cross", "danger"),
        "fitting.passed": Phrase(_("Fitted, fits"), CLINICAL, "pass", "success"),
        "fitting.adjusted": Phrase(_("Fitted after adjusting"), CLINICAL, "pass", "success"),
        "fitting.failed": Phrase(_("Does not fit: %(why)s"), CLINICAL, "fail", "danger", values=_cause),
        "warranty.started": Phrase(_("Warranty started"), ORDERS, "pass"),
        "remake.requested": Phrase(_("%(kind)s asked for: %(why)s"), ORDERS, "return", "warning", values=_cause),
        "remake.approved": Phrase(_("Remake %(number)s approved"), ORDERS, "pass", "warning"),
        "remake.refused": Phrase(_("Remake %(number)s refused"), ORDERS, "cross", "warning"),
        "tolerance.revised": Phrase(_("Tolerance table %(edition)s, version %(revision)s"), CHANGES, "ruler"),
        "tolerance.chosen": Phrase(_("Checks are judged by %(edition)s"), CHANGES, "ruler"),
        "lab.changed": Phrase(_("Laboratory changed"), CHANGES, "lab", shows_changes=True),
        "warranty.terms_changed": Phrase(_("Warranty terms changed"), CHANGES, "pass", shows_changes=True),
    }
)
