"""Something else on the order page: a problem, the receipt, when to come, three questions, the details."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.services import feedback as feedbacks
from aftersales.things import HANDED_OVER
from branches import hours
from branches.models import Branch
from core import formats
from core.errors import DomainError
from core.views import Done, SeeOther, page, submit
from orders import documents
from orders.services import delivery, papers
from portal import access, limits, printing, services
from portal.access import OrderRequest, form_token, order_page
from portal.forms import CodeForm, CollectAtForm, CollectForm, CommentForm, LastDigitsForm, ProblemForm
from records.services.evidence import Upload

LABELS = {
    "tracking": gettext_lazy("How well could you follow your order?"),
    "time": gettext_lazy("How was the waiting time?"),
    "product": gettext_lazy("How are your new glasses?"),
}
_SCALE = (
    (1, gettext_lazy("Very poor")),
    (2, gettext_lazy("Poor")),
    (3, gettext_lazy("Fair")),
    (4, gettext_lazy("Good")),
    (5, gettext_lazy("Very good")),
)


def _home(request: OrderRequest) -> str:
    return reverse("portal:order", args=[request.order.public_code])


def _show(request: OrderRequest, template: str, **context: object) -> HttpResponse:
    shared = {
        "order": request.order,
        "public_branch": request.order.collect_branch,
        "form_token": form_token(request.link),
    }
    return page(request, template, shared | context)


@order_page
def problem(request: OrderRequest) -> HttpResponseBase:
    """What is wrong, in their words, with a photo when they have one."""
    form = ProblemForm(request.POST or None, request.FILES or None)

    def save() -> Done:
        photo = form.values.get("photo")
        upload = Upload(photo.name, photo.read()) if photo else None
        services.report_problem(request.actor, request.order.pk, form.values["words"], upload)
        return Done(reverse("portal:problem_thanks", args=[request.order.public_code]))

    return submit(request, form, save) or _show(request, "portal/problem.html", form=form)


@order_page
def problem_thanks(request: OrderRequest) -> HttpResponse:
    return _show(request, "portal/problem_thanks.html")


@order_page
def receipt(request: OrderRequest) -> HttpResponseBase:
    """One tap: they have it, all is well. Then the three questions."""
    if request.method == "POST":
        services.confirm_receipt(request.actor, request.order.pk)
        return SeeOther(reverse("portal:feedback", args=[request.order.public_code]))
    return SeeOther(_home(request))


@order_page
def collect(request: OrderRequest) -> HttpResponseBase:
    """When they mean to come: days and halves of days on which the branch is open."""
    if not services.waits_to_be_collected(request.order):
        return SeeOther(_home(request))
    form = CollectForm(request.POST or None, slots=slots(request.order.collect_branch, timezone.localdate()))

    def save() -> Done:
        services.plan_collection(request.actor, request.order.pk, form.values["when"])
        return Done(_home(request))

    return submit(request, form, save) or _show(request, "portal/collect.html", form=form)


@order_page
def collect_at(request: OrderRequest) -> HttpResponseBase:
    """Another shop, while the order is being made: the address of each, so that nobody goes to the wrong one."""
    shops = list(delivery.shops())
    choices = [(one.pk, ", ".join(part for part in (one.name, one.line1, one.city) if part)) for one in shops]
    form = CollectAtForm(request.POST or None, shops=choices, initial={"shop": request.order.collect_branch_id})

    def save() -> Done:
        services.collect_at(request.actor, request.order.pk, form.values["shop"])
        return Done(_home(request))

    return submit(request, form, save) or _show(request, "portal/collect_at.html", form=form)


@order_page
def privacy(request: OrderRequest) -> HttpResponse:
    """How we use their data, in plain words."""
    return _show(request, "portal/privacy.html")


def slots(shop: Branch, today: date) -> list[tuple[str, str]]:
    """The next seven open days, morning and afternoon, in the reader's words."""
    found = []
    for offset in range(14):
        day = today + timedelta(days=offset)
        span = hours.on(shop.opening_hours, day)
        if span is None and shop.opening_hours:
            continue
        named = formats.day(day, today=today)
        found.append(_("%(day)s, morning") % {"day": named})
        if span is None or span[1].hour > 13:
            found.append(_("%(day)s, afternoon") % {"day": named})
    return [(words, words) for words in found[:14]]


@order_page
def feedback(request: OrderRequest) -> HttpResponseBase:
    """One question a page, one tap each. Answers travel in the address, so that Back works, and are kept by the last tap."""
    if feedbacks.has_answered(request.order):
        return SeeOther(reverse("portal:thanks", args=[request.order.public_code]))
    if request.order.state not in HANDED_OVER:
        return SeeOther(_home(request))
    sent = request.POST if request.method == "POST" else request.GET
    given = {name: int(sent[name]) for name in feedbacks.QUESTIONS if sent.get(name, "") in set("012345")}
    missing = [name for name in feedbacks.QUESTIONS if name not in given]
    if missing or request.method != "POST":
        return _ask(request, given, missing or [feedbacks.QUESTIONS[-1]])
    feedbacks.give(request.actor, request.order.pk, given)
    return SeeOther(reverse("portal:thanks", args=[request.order.public_code]))


def _ask(request: OrderRequest, given: dict[str, int], missing: list[str]) -> HttpResponse:
    """The next question; the last one posts."""
    name, of = missing[0], len(feedbacks.QUESTIONS)
    known = [(one, value) for one, value in given.items() if one != name]
    number = of - len(missing) + 1
    asked = {"name": name, "label": LABELS[name], "number": number, "of": of, "is_last": number == of}
    return _show(request, "portal/feedback.html", question=asked, given=known, scale=_SCALE)


@order_page
def thanks(request: OrderRequest) -> HttpResponseBase:
    """What happens with it, and room for words."""
    low = feedbacks.is_low(request.order)
    form = CommentForm(request.POST or None, ask=low)

    def save() -> Done:
        feedbacks.comment(request.actor, request.order.pk, form.values["words"], form.values["went_wrong"])
        return Done(f"{request.path}?said=1")

    return submit(request, form, save) or _show(
        request, "portal/thanks.html", form=form, low=low, said="said" in request.GET
    )


@order_page
def details(request: OrderRequest) -> HttpResponseBase:
    """Invoice and receipts: for who proves to be the customer, for half an hour."""
    if request.proven:
        return _show(request, "portal/details.html", **_papers(request))
    form = LastDigitsForm(request.POST or None)
    # Counted before and outside the verb: a refusal takes everything back that it did.
    counted = request.method != "POST" or limits.allow(limits.CODE, f"digits:{request.link.pk}")

    def save() -> Done:
        _check_digits(request, form, counted)
        services.ask_code(request.actor, request.order.pk)
        return Done(reverse("portal:code", args=[request.order.public_code]))

    return submit(request, form, save) or _show(request, "portal/prove.html", form=form)


def _check_digits(request: OrderRequest, form: LastDigitsForm, counted: bool) -> None:
    if not counted:
        raise DomainError(_("Too many tries. Wait a quarter of an hour, or call us."), code="too_often")
    if not services.phone_ends_with(request.order, form.values["digits"]):
        message = _("These are not the last digits of the phone we know.")
        raise DomainError(message, fields={"digits": message}, code="wrong_digits")


@order_page
def code(request: OrderRequest) -> HttpResponseBase:
    """The six digits that came by message."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed = limits.allow(limits.CODE, f"code:{request.link.pk}")
        if allowed and services.code_is_right(request.order, form.values["code"]):
            answer = SeeOther(reverse("portal:details", args=[request.order.public_code]))
            return access.prove(request, answer)
        form.add_error("code", _("This code is not right, or too old.") if allowed else _("Too many tries. Call us."))
    return _show(request, "portal/code.html", form=form)


def _papers(request: OrderRequest) -> dict[str, object]:
    payments = request.order.ledger.filter(kind="payment").order_by("pk")
    return {"payments": payments, "has_invoice": request.order.ledger.filter(kind="charge").exists()}


@order_page
def invoice(request: OrderRequest) -> HttpResponseBase:
    """The invoice as PDF, made by a worker."""
    if not request.proven:
        return SeeOther(reverse("portal:details", args=[request.order.public_code]))
    return printing.show(request, papers.ask(request.actor, documents.invoice(request.order)))
