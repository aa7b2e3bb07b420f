"""Ask for a pack and make it: each once. `sending` sends it out."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch, Organisation
from branches.roles import Can
from core import jobs
from core.actor import Actor
from core.errors import DomainError, NotVisible
from inventory.models import StockEntry
from orders.models import LedgerEntry
from records import events
from reports.datasets import querying
from reports.models import Pack, Summary
from reports.packs import content
from reports.packs.content import PackContent

JOB = "reports.pack"
RIGHTS = (Can.VIEW_MEASURES, Can.VIEW_COST)
# The months to choose from, and the one that runs.
MONTHS = 24
OFFERED = timedelta(days=31 * (MONTHS + 1))


def require(actor: Actor, branch_id: int | None) -> None:
    """Raises unless the actor sees measures and cost in that branch, or in every one for the group's pack."""
    for right in RIGHTS:
        if branch_id is None:
            access.require_everywhere(actor, right)
        else:
            access.require(actor, right, branch_id)


def places(actor: Actor) -> list[Branch | None]:
    """What the actor may ask a pack for: None is the group. Branches closed by now come last, if the months offered know them."""
    scope = querying.scope_for(actor, *RIGHTS)
    moved = LedgerEntry.objects.filter(branch=OuterRef("pk"), at__gte=timezone.now() - OFFERED)
    rows = Branch.objects.filter(Q(is_active=True) | Exists(moved)).order_by("-is_active", "name")
    return [None, *rows] if scope.everything else list(rows.filter(pk__in=scope.branch_ids))


def visible(actor: Actor) -> QuerySet[Pack]:
    """The packs of the branches in which the actor holds the rights, closed ones too; the group's for who holds them everywhere."""
    scope = querying.scope_for(actor, *RIGHTS)
    rows = Pack.objects.select_related("branch", "asked_by")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def pack_for(actor: Actor, pk: int) -> Pack:
    """One pack. Raises NotVisible."""
    found = visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@transaction.atomic
def ask(actor: Actor, branch_id: int | None, month: date) -> Pack:
    """A new edition of a month. Raises DomainError at `month` for one that has not begun."""
    require(actor, branch_id)
    first = month.replace(day=1)
    if first > timezone.localdate():
        raise DomainError(_("This month has not begun."), fields={"month": _("This month has not begun.")})
    return new(actor, branch_id, first)


def new(actor: Actor, branch_id: int | None, first: date) -> Pack:
    """The next edition of a month, asked for. Whether the actor may is the caller's question."""
    last = Pack.objects.filter(at_place(branch_id), month=first).order_by("-edition").first()
    pack = Pack.objects.create(
        branch_id=branch_id,
        month=first,
        edition=last.edition + 1 if last else 1,
        asked_by_id=actor.user_id,
        asked_at=timezone.now(),
    )
    jobs.enqueue(JOB, pack.job_key, {"pack": pack.pk}, actor=actor)
    events.record("pack.asked", actor, events.Fact(pack, branch_id=branch_id, data={"month": f"{first:%Y-%m}"}))
    return pack


def at_place(branch_id: int | None) -> Q:
    """Packs of a branch, or the group's."""
    return Q(branch=None) if branch_id is None else Q(branch_id=branch_id)


def make(pack_id: int, progress: Callable[[int, int], None]) -> Pack:
    """For the worker: read, set and keep both files. Making it twice keeps the first."""
    pack = Pack.objects.select_related("branch", "asked_by").get(pk=pack_id)
    if pack.is_ready:
        return pack
    with translation.override(_language(pack)), timezone.override(zone_of(pack)):
        read = read_for(pack)
        progress(1, 3)
        paper = content.as_pdf(read)
        progress(2, 3)
        book = content.as_workbook(read)
        progress(3, 3)
        return _keep(pack, read, paper, book)


def _keep(pack: Pack, read: PackContent, paper: bytes, book: bytes) -> Pack:
    with transaction.atomic():
        held = Pack.objects.select_for_update().get(pk=pack.pk)
        if held.is_ready:
            return held
        name = f"{held.month:%Y-%m}-{held.branch_id or 'group'}-{held.edition}"
        held.pdf.save(f"{name}.pdf", ContentFile(paper), save=False)
        held.workbook.save(f"{name}.xlsx", ContentFile(book), save=False)
        held.pdf_sha256, held.workbook_sha256 = content.digest(paper), content.digest(book)
        held.figures, held.made_at = content.summary_of(read), timezone.now()
        held.save()
    return held


def read_for(pack: Pack) -> PackContent:
    """The branches of the pack and what is on its paper."""
    branches = [pack.branch] if pack.branch else _of_group(pack.month)
    return content.collect(branches, place_of(pack), pack.month, timezone.localdate())


def _of_group(month: date) -> list[Branch]:
    """The open branches, and those closed since that had sold, held stock or counted anything when the month ended.

    What is owed to a closed branch and what lies in it still belongs to the practice. A day more for the zones of branches.
    """
    end = month + timedelta(days=33)
    sold = Exists(LedgerEntry.objects.filter(branch=OuterRef("pk"), at__date__lt=end))
    held = Exists(StockEntry.objects.filter(item__branch=OuterRef("pk"), at__date__lt=end))
    counted = Exists(Summary.objects.filter(branch=OuterRef("pk"), cause="", day__lt=end))
    return list(Branch.objects.filter(Q(is_active=True) | sold | held | counted))


def place_of(pack: Pack) -> str:
    """The branch's name, or the practice's."""
    if pack.branch:
        return pack.branch.name
    practice = Organisation.objects.first()
    return practice.name if practice else _("All branches")


def file_name(pack: Pack, kind: str) -> str:
    """What its file is called where it is kept or mailed: `rosebank-2026-10.pdf`."""
    return f"{place_of(pack)}-{pack.month:%Y-%m}.{kind}".replace(" ", "-").lower()


def zone_of(pack: Pack) -> ZoneInfo:
    return ZoneInfo(pack.branch.time_zone if pack.branch else settings.DEFAULT_TIME_ZONE)


def _language(pack: Pack) -> str:
    return pack.asked_by.reads if pack.asked_by else settings.LANGUAGE_CODE
