"""The ticket as PDF: asked for by a person, made by a worker, the same one again while the job is unchanged."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core import jobs as work
from core.actor import Actor
from labjobs import documents
from labjobs.models import Job
from orders.models import Paper, PaperKind

JOB = "labjobs.ticket"


@transaction.atomic
def ask(actor: Actor, job: Job, size: str) -> Paper:
    """The paper of this version of the job. The caller has checked the right to see it."""
    key = f"ticket:{job.number}:{job.version}:{size}"
    values = {"order": job.order, "kind": PaperKind.TICKET, "reference": job.number}
    paper, _made = Paper.objects.get_or_create(key=key, defaults=values)
    if not paper.is_ready:
        payload = {"paper": paper.pk, "job": job.pk, "size": size, "by": actor.name}
        work.enqueue(JOB, f"{JOB}:{paper.pk}", payload, actor=actor)
    return paper


def make(paper_id: int, job_id: int, size: str, printed_by: str) -> Paper:
    """For the worker: render and keep. Making it twice keeps the first."""
    paper = Paper.objects.get(pk=paper_id)
    if paper.is_ready:
        return paper
    job = Job.objects.select_related("order__customer", "branch", "lab", "tray").get(pk=job_id)
    content = documents.pdf(job, printed_by, size)
    paper.sha256 = hashlib.sha256(content).hexdigest()
    paper.file.save(f"{paper.sha256}.pdf", ContentFile(content), save=False)
    paper.made_at = timezone.now()
    paper.save()
    return paper
