"""Take the file home: who, when, and only with the rights of now."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import GateClosed, NotAllowed, NotVisible
from reports.datasets import querying
from reports.datasets.base import Definition
from reports.exports import asking
from reports.models import Export, ExportState


@transaction.atomic
def open_file(actor: Actor, public_id: UUID) -> Export:
    """The export whose file goes out now; recorded as an event.

    Raises NotVisible for another's, NotAllowed where a right or a branch was lost since, GateClosed before it is ready.
    """
    export = asking.visible(actor, public_id)
    if export.requested_by_id != actor.user_id:
        raise NotVisible(_("Not found."), code="not_visible")
    require_now(actor, export)
    if export.state != ExportState.DONE:
        raise GateClosed(_("There is no file: %(state)s.") % {"state": str(export.get_state_display()).lower()})
    Export.objects.filter(pk=export.pk).update(opened_count=F("opened_count") + 1, last_opened_at=timezone.now())
    asking.record("export.opened", export, actor, data={"rows": export.rows})
    return export


def require_now(actor: Actor, export: Export) -> None:
    """The rights that the file needed must be held still, in every branch that it covers."""
    personal = {Can.EXPORT_PERSONAL} if export.personal else set()
    rights = querying.rights_of(Definition.of_json(export.definition)) | {Can.EXPORT_DATA, *personal}
    if export.state == ExportState.DONE and not asking.covered_by(querying.scope_for(actor, *rights), export):
        raise NotAllowed(_("You no longer have the right to all that is in this file."), code="not_allowed")


def mine(actor: Actor) -> QuerySet[Export]:
    """One's own exports."""
    return Export.objects.filter(requested_by_id=actor.user_id).select_related("decided_by")


def undecided(actor: Actor) -> QuerySet[Export]:
    """Exports of others that wait in the branches where the person may export; some may need a further right."""
    scope = querying.scope_for(actor, Can.EXPORT_DATA)
    rows = Export.objects.filter(state=ExportState.ASKED).exclude(requested_by_id=actor.user_id)
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def waiting_for(actor: Actor) -> list[Export]:
    """Exports of others that this person may decide on, oldest first."""
    rows = undecided(actor).select_related("requested_by", "branch").order_by("pk")[:50]
    return [export for export in rows if asking.may_decide(actor, export)]
