"""Ask for a PDF; a worker makes it. Asked again unchanged, it is the one there already."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.actor import Actor
from core.models import Job, JobState
from orders import documents
from orders.documents import Document
from orders.models import LedgerEntry, Paper, PaperKind

JOB = "orders.paper"


@transaction.atomic
def ask(actor: Actor, document: Document) -> Paper:
    """The paper of this content, with its job when it is not made yet. The caller has checked the right to see it."""
    values = {"order": document.order, "kind": document.kind, "reference": document.reference}
    paper, _made = Paper.objects.get_or_create(key=document.key, defaults=values)
    if not paper.is_ready:
        jobs.enqueue(JOB, _job_key(paper, JOB), {"paper": paper.pk}, actor=actor)
    return paper


def _job_key(paper: Paper, job: str) -> str:
    return f"{job}:{paper.pk}"


def has_failed(paper: Paper, job: str = JOB) -> bool:
    """The worker gave up; asking again starts anew. `job`: the kind of job that makes the paper, of the app it is of."""
    return Job.objects.filter(key=_job_key(paper, job), state__in=[JobState.DEAD, JobState.CANCELLED]).exists()


@transaction.atomic
def try_again(paper: Paper, job: str = JOB) -> None:
    found = Job.objects.filter(key=_job_key(paper, job)).first()
    if found is not None:
        jobs.retry(found.pk)


def make(paper_id: int) -> Paper:
    """For the worker: render and keep. Making it twice keeps the first."""
    paper = Paper.objects.select_related("order__branch", "order__customer").get(pk=paper_id)
    if paper.is_ready:
        return paper
    content = documents.pdf(_document(paper))
    paper.sha256 = hashlib.sha256(content).hexdigest()
    paper.file.save(f"{paper.sha256}.pdf", ContentFile(content), save=False)
    paper.made_at = timezone.now()
    paper.save()
    return paper


def _document(paper: Paper) -> Document:
    """The paper's content as it is now; an invoice asked for before a payment shows it, which is never wrong."""
    order = paper.order
    if paper.kind == PaperKind.INVOICE:
        return documents.invoice(order)
    if paper.kind == PaperKind.RECEIPT:
        return documents.receipt(LedgerEntry.objects.select_related("by", "order").get(number=paper.reference))
    if paper.kind == PaperKind.CREDIT:
        return documents.credit_note(LedgerEntry.objects.select_related("order").get(number=paper.reference))
    if paper.kind == PaperKind.STATEMENT:
        return documents.statement(order.customer)
    found = order.quotations.prefetch_related("lines").get(version=int(paper.reference.rsplit("-", 1)[1]))
    found.order = order
    return documents.quotation(found)
