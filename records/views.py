"""Pages that every record shares: its history, its evidence, and the reviews to decide."""

from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError
from core.views import Done, act, next_url, page, submit
from records import handing, history, registry, selectors
from records.facts import six_facts
from records.forms import AsOfForm, DecideForm, EvidenceForm, OverrideForm
from records.models import Evidence, Record
from records.services import deciding, evidence, handovers, reviews


@staff_page()
def show(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Leads to the record's own page; what was deleted has its history alone."""
    kind, record, deleted = registry.load_or_deleted(record_type, record_id, request.scope)
    access.require(request.actor, kind.can_view, kind.branch_id(record))
    return redirect(reverse("records:history", args=[record_type, record_id]) if deleted else kind.url(record))


@staff_page()
def show_history(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Versions with differences in words; `?field=` keeps one field, `?at=` shows the values of that moment."""
    kind, record, deleted = registry.load_or_deleted(record_type, record_id, request.scope)
    access.require(request.actor, kind.can_view, kind.branch_id(record))
    further = kind.history_right(record)
    if further is not None:
        access.require(request.actor, further, kind.branch_id(record))
    form = AsOfForm(request.GET if request.GET.get("at") else None)
    moment: datetime | None = form.values["at"] if form.is_bound and form.is_valid() else None
    found = history.versions(kind, record)
    field = request.GET.get("field", "")
    shown = history.of_field(found, field) if field else found
    context = {
        "kind": kind,
        "record": record,
        "title": kind.title(record),
        "url": "" if deleted else kind.url(record),
        "deleted": deleted,
        "facts": six_facts(record) if isinstance(record, Record) and not deleted else None,
        "versions": shown[:50],
        "total": len(shown),
        "fields": {change.field: change.label for version in found for change in version.changes},
        "field": field,
        "as_of": history.as_of(kind, record, moment) if moment else None,
        "moment": moment,
        "form": form,
    }
    return page(request, "records/history.html", context)


@staff_page()
def add_evidence(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Attach a file, a note or a link; whoever may see the record may support it."""
    kind, record = registry.load(record_type, record_id, request.scope)
    access.require(request.actor, kind.can_view, kind.branch_id(record))
    customer_id, order_id = kind.links(record)
    back = next_url(request, kind.url(record))
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def save() -> Done:
        subject = evidence.Subject(record, kind.branch_id(record), customer_id, order_id)
        evidence.add(request.actor, subject, form.data_of())
        return Done(back, _("Evidence added"))

    context = {"form": form, "title": kind.title(record), "url": back}
    return submit(request, form, save) or page(request, "records/add_evidence.html", context)


@staff_page(needs_branch=False)
def evidence_file(request: StaffRequest, evidence_id: int, size: str = "full") -> HttpResponseBase:
    """Streams one file. Outside the scope or without the right: 404, as for a file that does not exist."""
    found = Evidence.objects.filter(pk=evidence_id).first()
    if found is None or not found.file:
        raise Http404
    try:
        kind, record = registry.load(found.subject_type, found.subject_id, request.scope)
        access.require(request.actor, kind.can_view, kind.branch_id(record))
    except DomainError as error:
        raise Http404 from error
    return _streamed(found, small=size == "small" and bool(found.thumbnail))


def _streamed(found: Evidence, small: bool) -> FileResponse:
    """Pictures may be shown, everything else is a download; neither may run anything."""
    response = FileResponse(
        (found.thumbnail if small else found.file).open("rb"),
        content_type="image/jpeg" if small else found.content_type,
        as_attachment=not found.content_type.startswith("image/"),
        filename=f"evidence-{found.pk}{PurePosixPath(found.file.name or '').suffix}",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@staff_page(Can.VIEW_ORDERS)
def review_list(request: StaffRequest) -> HttpResponse:
    """Decisions to make again: mine, those of my branches, and the ones without an owner."""
    view = request.GET.get("view", "mine")
    view = view if view in selectors.REVIEW_VIEWS else "mine"
    context = {
        "tabs": handing.review_tabs(request.scope, request.actor, view),
        "reviews": selectors.review_cards(request.scope, request.actor, view),
    }
    return page(request, "records/reviews.html", context)


@staff_page(Can.VIEW_ORDERS)
def decide_review(request: StaffRequest, review_id: int) -> HttpResponse:
    """Make the decision again on what stands now: what changed, the live values, and why it holds."""
    review = selectors.review(request.scope, review_id)
    asked = deciding.question(review)
    if asked is None:
        raise Http404
    form = DecideForm(request.POST or None, initial={"seen": asked.seen})
    back = next_url(request, selectors.subject_of(review.subject_type, review.subject_id)[1])

    def save() -> Done:
        deciding.confirm(request.actor, review.pk, form.values["seen"], form.values["reason"])
        return Done(back, _("Decided on what stands now"))

    answer = submit(request, form, save)
    if answer is None and form.is_bound:
        # The page shows what stands now; the next answer is given on that.
        typed = request.POST.copy()
        typed["seen"] = asked.seen
        form.data = typed
    context = {
        "form": form,
        "asked": asked,
        "card": selectors.card(review, request.actor),
        "may": deciding.may_decide(request.actor, review, asked.row),
        "back": back,
    }
    return answer or page(request, "records/decide.html", context)


@staff_page(Can.VIEW_ORDERS)
def handover_list(request: StaffRequest) -> HttpResponse:
    """What changed on work that this person's role receives, and nobody has read yet."""
    cards = [handing.card(one, request.actor) for one in handing.mine(request.scope, request.actor)]
    context = {"tabs": handing.review_tabs(request.scope, request.actor, "handovers"), "cards": cards}
    return page(request, "records/handovers.html", context)


@require_POST
@staff_page(Can.VIEW_ORDERS)
def acknowledge(request: StaffRequest, handover_id: int) -> HttpResponse:
    """The receiver has read what changed."""
    found = handing.handover(request.scope, handover_id)

    def save() -> Done:
        handovers.acknowledge(request.actor, found.pk)
        return Done(next_url(request, reverse("records:handovers")), _("Read and taken over"))

    return act(request, save)


@staff_page(Can.OVERRIDE_REVIEWS)
def override_review(request: StaffRequest, review_id: int) -> HttpResponse:
    """Let the earlier decision stand, with a reason."""
    review = selectors.review(request.scope, review_id)
    form = OverrideForm(request.POST or None)
    back = next_url(request, reverse("records:reviews"))

    def save() -> Done:
        with transaction.atomic():
            reviews.override(review.pk, request.actor, form.values["reason"])
        return Done(back, _("The earlier decision stands"))

    context = {"form": form, "review": review, "back": back}
    return submit(request, form, save) or page(request, "records/override.html", context)
