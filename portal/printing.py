"""A PDF for the customer: the file when it is made, until then a page that looks again; a failure is said."""

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from aftersales.services import papers as slips
from core.views import page
from orders.models import Paper, PaperKind
from orders.services import papers
from portal.access import OrderRequest

_JOBS = {PaperKind.INVOICE: papers.JOB, PaperKind.RETURN: slips.JOB}
_MAKING = {
    PaperKind.INVOICE: gettext_lazy("Your invoice is being made"),
    PaperKind.RETURN: gettext_lazy("Your return slip is being made"),
}
_FAILED = {
    PaperKind.INVOICE: gettext_lazy("Your invoice could not be made"),
    PaperKind.RETURN: gettext_lazy("Your return slip could not be made"),
}
_LOOKS_AGAIN_AFTER = 4


def show(request: OrderRequest, asked: Paper) -> HttpResponseBase:
    """An invoice or a return slip. The caller has asked for it and checked the right to see it."""
    if asked.is_ready:
        return FileResponse(asked.file.open("rb"), content_type="application/pdf", filename=f"{asked.reference}.pdf")
    kind, order = PaperKind(asked.kind), request.order
    failed = papers.has_failed(asked, _JOBS[kind])
    title = (_FAILED if failed else _MAKING)[kind]
    context = {"order": order, "public_branch": order.collect_branch, "title": title, "failed": failed}
    answer = page(request, "portal/making.html", context)
    if not failed:
        answer.headers["Refresh"] = str(_LOOKS_AGAIN_AFTER)
    return answer
