"""The return slip as PDF: asked for by customer or staff, made by a worker, the same one while the return is unchanged."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from aftersales import documents
from aftersales.models import Return, ReturnState
from core import jobs
from core.actor import Actor
from orders.models import Paper, PaperKind

JOB = "aftersales.paper"
# While it may still be brought or sent; afterwards the slip would only mislead.
PRINTABLE = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED)


@transaction.atomic
def ask(actor: Actor, found: Return) -> Paper:
    """The slip of this version of the return. The caller has checked the right to see it."""
    key = f"{PaperKind.RETURN.value}:{found.number}:{found.version}"
    values = {"order": found.order, "kind": PaperKind.RETURN, "reference": found.number}
    paper, _made = Paper.objects.get_or_create(key=key, defaults=values)
    if not paper.is_ready:
        jobs.enqueue(JOB, f"{JOB}:{paper.pk}", {"paper": paper.pk, "return": found.pk}, actor=actor)
    return paper


def make(paper_id: int, return_id: int) -> Paper:
    """For the worker: render and keep. Making it twice keeps the first."""
    paper = Paper.objects.get(pk=paper_id)
    if paper.is_ready:
        return paper
    found = Return.objects.select_related("order__customer", "branch").get(pk=return_id)
    content = documents.pdf(found)
    paper.sha256 = hashlib.sha256(content).hexdigest()
    paper.file.save(f"{paper.sha256}.pdf", ContentFile(content), save=False)
    paper.made_at = timezone.now()
    paper.save()
    return paper
