"""Delivery note and label as PDF: asked for by a person, made by a worker, the same one while the parcel is unchanged."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.actor import Actor
from orders.models import Paper, PaperKind
from shipping import documents
from shipping.models import Shipment

JOB = "shipping.paper"


@transaction.atomic
def ask(actor: Actor, shipment: Shipment, kind: PaperKind) -> Paper:
    """The paper of this version of the shipment. The caller has checked the right to see it."""
    key = f"{kind.value}:{shipment.number}:{shipment.version}"
    values = {"order": shipment.order, "kind": kind, "reference": shipment.number}
    paper, _made = Paper.objects.get_or_create(key=key, defaults=values)
    if not paper.is_ready:
        payload = {"paper": paper.pk, "shipment": shipment.pk, "kind": kind.value}
        jobs.enqueue(JOB, f"{JOB}:{paper.pk}", payload, actor=actor)
    return paper


def make(paper_id: int, shipment_id: int, kind: str) -> Paper:
    """For the worker: render and keep. Making it twice keeps the first."""
    paper = Paper.objects.get(pk=paper_id)
    if paper.is_ready:
        return paper
    found = Shipment.objects.select_related("order__customer", "branch", "to_branch", "carrier")
    content = documents.pdf(found.get(pk=shipment_id), kind)
    paper.sha256 = hashlib.sha256(content).hexdigest()
    paper.file.save(f"{paper.sha256}.pdf", ContentFile(content), save=False)
    paper.made_at = timezone.now()
    paper.save()
    return paper
