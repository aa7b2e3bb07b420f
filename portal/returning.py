"""Bring something back: what and why, what the policy says of it, one look at the answers, then the number."""

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.urls import reverse

from aftersales.models import Remedy, ReturnReason
from aftersales.selectors.page import policy_words
from aftersales.selectors.public import latest
from aftersales.services import asking, papers, returns
from aftersales.services.asking import RequestData
from aftersales.things import Thing, things_of, verdicts
from core.views import Done, SeeOther, page, submit
from portal import printing
from portal.access import OrderRequest, form_token, order_page
from portal.forms import ReturnForm, ReturnWhatForm
from records.services.evidence import Upload


def _context(request: OrderRequest, **more: object) -> dict[str, object]:
    order = request.order
    return {"order": order, "public_branch": order.collect_branch, "form_token": form_token(request.link)} | more


def _home(request: OrderRequest) -> str:
    return reverse("portal:order", args=[request.order.public_code])


@order_page
def ask(request: OrderRequest) -> HttpResponseBase:
    """First what and why; then the rule for it, words, photos and what is wanted.

    The first page's answers travel in the address, which tells nothing and changes nothing, so that Back works.
    """
    things = things_of(request.order)
    if request.method == "POST":
        return _send(request, things)
    form = ReturnWhatForm(request.GET if "go" in request.GET else None, things=things)
    if form.is_bound and form.is_valid():
        chosen, reason = form.values["keys"], form.values["reason"]
        return _second(request, things, ReturnForm(things=things, initial={"keys": chosen, "reason": reason}))
    rules = policy_words(request.order, things)
    return page(request, "portal/return_what.html", _context(request, form=form, things=things, rules=rules))


def _send(request: OrderRequest, things: Sequence[Thing]) -> HttpResponseBase:
    form = ReturnForm(request.POST, request.FILES, things=things)

    def save() -> Done:
        values = form.values
        photos = [Upload(photo.name, photo.read()) for photo in values["photo"]]
        data = RequestData(
            request.order.pk, values["keys"], values["reason"], values["remedy"], values["words"], photos
        )
        asking.request(request.actor, data)
        return Done(reverse("portal:return_thanks", args=[request.order.public_code]))

    return submit(request, form, save) or _second(request, things, form)


def _second(request: OrderRequest, things: Sequence[Thing], form: ReturnForm) -> HttpResponseBase:
    """The rule for what was chosen, in friendly words."""
    keys, reason = form["keys"].value() or [], form["reason"].value() or ""
    chosen = [thing for thing in things if thing.key in keys]
    said = verdicts(request.order, chosen, str(reason))
    rows = [(thing.description, said[thing.key]) for thing in chosen]
    context = _context(
        request,
        form=form,
        rows=rows,
        reason=dict(ReturnReason.choices).get(str(reason), ""),
        outside=any(not verdict.allowed for _thing, verdict in rows),
    )
    return page(request, "portal/return.html", context)


@order_page
def thanks(request: OrderRequest) -> HttpResponseBase:
    """The number, what happens next, and what to do until then."""
    found = latest(request.order)
    if found is None:
        return SeeOther(_home(request))
    context = _context(request, found=found, exchange=found.remedy == Remedy.EXCHANGE)
    return page(request, "portal/return_thanks.html", context)


@order_page
def slip(request: OrderRequest) -> HttpResponseBase:
    """The slip as PDF, made by a worker. It names no address and no amount."""
    found = latest(request.order)
    if found is None or found.state not in papers.PRINTABLE:
        return SeeOther(_home(request))
    return printing.show(request, papers.ask(request.actor, found))


@order_page
def withdraw(request: OrderRequest) -> HttpResponseBase:
    """They keep it after all: one tap, twice is harmless."""
    found = latest(request.order)
    if request.method == "POST" and found is not None:
        returns.withdraw(request.actor, found.pk)
    return SeeOther(_home(request))
