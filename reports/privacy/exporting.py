"""All data of one customer as an archive: asked for like any export, with its own rights, week and record of openings."""

import tempfile

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core import jobs
from core.actor import Actor
from core.errors import NotAllowed
from customers.models import Customer
from customers.services.customers import lock
from reports.exports import asking, making
from reports.exports.making import Progress
from reports.models import Export, ExportFormat
from reports.privacy import subject

SUBJECT = "subject"
JOB = "reports.subject"
RIGHTS = (Can.EXPORT_DATA, Can.EXPORT_PERSONAL, Can.VIEW_PRESCRIPTIONS)


def require(actor: Actor) -> None:
    """Raises unless the actor may take personal and clinical data of every branch: a person is not of one branch."""
    for right in RIGHTS:
        access.require_everywhere(actor, right)


@transaction.atomic
def ask(actor: Actor, customer_id: int) -> Export:
    """Start the archive of one customer. Raises NotAllowed."""
    require(actor)
    branch, owner = asking.placed(actor)
    customer = lock(customer_id)
    export = Export.objects.create(
        title=_("All data of customer %(number)s") % {"number": customer.number},
        dataset=SUBJECT,
        definition={"customer": customer.pk},
        format=ExportFormat.ZIP,
        personal=True,
        branch=branch,
        language=settings.LANGUAGE_CODE,
        requested_by_id=owner,
    )
    asking.record("export.asked", export, actor, data={"customer": customer.number, "personal": [SUBJECT]})
    jobs.enqueue(JOB, export.job_key, {"export": export.pk}, actor=actor)
    return export


def make(export_id: int, progress: Progress) -> Export:
    """For the worker: with the rights held now. Done already: nothing happens."""
    export = Export.objects.select_related("requested_by", "branch").get(pk=export_id)
    if export.state != "queued":
        return export
    try:
        require(making.actor_of(export.requested_by, export.branch_id))
    except NotAllowed as error:
        raise jobs.GiveUp(error.message) from error
    customer = Customer.objects.get(pk=export.definition["customer"])
    with tempfile.TemporaryFile() as space:
        rows = subject.write(customer, space)
        progress(rows, rows)
        return making.keep(export, making.Made(rows, None), space)
