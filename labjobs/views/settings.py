"""Settings of the laboratory: laboratories, trays, file profiles, tolerance editions, warranty terms."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError, NotVisible
from core.views import Done, act, page, submit
from labjobs import lab_order
from labjobs.credit_rules import GROUPS, REASONS, from_plain, sentence
from labjobs.exchange import order_file, profiles
from labjobs.forms.credit import COLUMNS, CreditForm, help_text
from labjobs.forms.settings import EditionForm, LabForm, ProfileForm, TermForm, TraysForm, status_lines
from labjobs.models import Job, Lab, ToleranceEdition, WarrantyTerm
from labjobs.selectors.finding import jobs_for, lab_of, labs_for
from labjobs.services import editions, labfiles
from labjobs.services import labs as services


@staff_page(Can.MANAGE_LABS)
def labs(request: StaffRequest) -> HttpResponse:
    found = labs_for(request.scope)
    rows = [(lab, sum(labfiles.unknown_codes(lab).values())) for lab in found]
    return page(request, "labjobs/settings/labs.html", {"rows": rows})


def _url(name: str, *args: Any) -> str:
    return reverse(f"labjobs:{name}", args=args)


@staff_page(Can.MANAGE_LABS)
def lab_new(request: StaffRequest) -> HttpResponse:
    form = LabForm(request.POST or None, branches=list(request.branches), is_new=True, initial={"kind": "own"})

    def save() -> Done:
        made = services.add(request.actor, form.data_for())
        return Done(_url("lab", made.code), _("Laboratory added"))

    context = {"form": form, "title": _("Add a laboratory"), "lab": None}
    return submit(request, form, save) or page(request, "labjobs/settings/lab.html", context)


@staff_page(Can.MANAGE_LABS)
def lab(request: StaffRequest, code: str) -> HttpResponse:
    found = lab_of(request.scope, code)
    names = ("name", "kind", "email", "phone", "account", "lead_days", "is_active")
    initial = {name: getattr(found, name) for name in names}
    initial |= {"branch": found.branch_id, "lead": found.lead_id}
    initial |= {f"limit_{stage}": number for stage, number in (found.stage_limits or {}).items()}
    form = LabForm(request.POST or None, branches=list(request.branches), is_new=False, initial=initial, edits=found)

    def save() -> Done:
        services.change(request.actor, found.pk, form.data_for(found.code), form.version)
        return Done(_url("lab", found.code), _("Laboratory saved"))

    context = {
        "form": form,
        "title": found.name,
        "lab": found,
        "trays": found.branch.trays.filter(is_active=True).count() if found.branch else 0,
        "unknown": labfiles.unknown_codes(found),
    }
    return submit(request, form, save) or page(request, "labjobs/settings/lab.html", context)


@staff_page(Can.MANAGE_LABS)
def trays(request: StaffRequest, code: str) -> HttpResponse:
    found = lab_of(request.scope, code)
    form = TraysForm(request.POST or None)

    def save() -> Done:
        values = form.values
        made = services.add_trays(request.actor, found.pk, values["beginning"], values["first"], values["count"])
        toast = ngettext("%(n)d tray added", "%(n)d trays added", len(made)) % {"n": len(made)}
        return Done(_url("trays", found.code), toast)

    rows = list(found.branch.trays.order_by("code")) if found.branch else []
    context = {"form": form, "lab": found, "rows": rows}
    return submit(request, form, save) or page(request, "labjobs/settings/trays.html", context)


@staff_page(Can.MANAGE_LABS)
def profile(request: StaffRequest, code: str) -> HttpResponse:
    """The profile beside the file of the newest job as it would be written."""
    found = lab_of(request.scope, code)
    stored: dict[str, Any] = found.profile or profiles.to_dict(profiles.STANDARD)
    initial = {
        **stored,
        "omit": " ".join(stored.get("omit") or []),
        "statuses": status_lines(stored.get("statuses") or {}),
    }
    form = ProfileForm(request.POST or None, initial=initial, edits=found)

    def save() -> Done:
        services.set_profile(request.actor, found.pk, form.profile(stored), form.version)
        return Done(_url("profile", found.code), _("File profile saved"))

    if request.method == "POST" and "preview" in request.POST:
        text = _preview(request, found, form, stored)
        return page(request, "labjobs/settings/profile.html", _profile_context(found, form, text), status=200)
    done = submit(request, form, save)
    if done:
        return done
    return page(
        request, "labjobs/settings/profile.html", _profile_context(found, form, _preview(request, found, None, stored))
    )


def _profile_context(found: Lab, form: ProfileForm, preview: str) -> dict[str, Any]:
    return {"lab": found, "form": form, "preview": preview, "unknown": labfiles.unknown_codes(found)}


def _preview(request: StaffRequest, found: Lab, form: ProfileForm | None, stored: Any) -> str:
    """The newest job of this laboratory (or of any) as a file; what is wrong with the profile goes into the form."""
    jobs = jobs_for(request.scope).select_related("order__customer", "branch", "lab", "tray", "remake_of")
    job: Job | None = jobs.filter(lab=found).order_by("-pk").first() or jobs.order_by("-pk").first()
    if job is None:
        return ""
    try:
        values = stored
        if form is not None:
            if not form.is_valid():
                return ""
            values = form.profile(stored)
        return order_file.write(lab_order.of_job(job), profiles.from_dict(values)).content.decode("utf-8", "replace")
    except DomainError as error:
        if form is not None:
            for name, message in error.fields.items():
                form.add_error(name if name in form.fields else None, message)
        return ""


@staff_page(Can.MANAGE_LABS)
def credit(request: StaffRequest, code: str) -> HttpResponse:
    """What the laboratory credits for a remake, as rows and as sentences."""
    found = lab_of(request.scope, code)
    form = CreditForm(request.POST or None, rules=found.credit_rules or [], edits=found)

    def save() -> Done:
        services.set_credit_rules(request.actor, found.pk, form.plain_rules, form.version)
        return Done(_url("credit", found.code), _("Credit terms saved"))

    context = {
        "lab": found,
        "form": form,
        "heads": list(COLUMNS.values()),
        "sentences": [sentence(from_plain(rule)) for rule in found.credit_rules or []],
        "causes": [(code, GROUPS[party], words) for code, (party, words) in REASONS.items()],
        "groups": [(party.value, words) for party, words in GROUPS.items()],
        "hint": help_text(),
    }
    return submit(request, form, save) or page(request, "labjobs/settings/credit.html", context)


@staff_page(Can.MANAGE_LABS)
def editions_list(request: StaffRequest) -> HttpResponse:
    rows = ToleranceEdition.objects.order_by("name", "-revision")
    return page(request, "labjobs/settings/editions.html", {"rows": rows})


@staff_page(Can.MANAGE_LABS)
def edition(request: StaffRequest, pk: int) -> HttpResponse:
    """One table; saving makes the next revision, the old one stays for the checks it judged."""
    found = _edition(pk)
    initial = {"table": EditionForm.text_of(found.table), "verified": found.verified, "note": ""}
    form = EditionForm(request.POST or None, initial=initial)

    def save() -> Done:
        values = form.values
        made = editions.revise(
            request.actor, found.pk, values["table"], verified=values["verified"], note=values["note"]
        )
        return Done(_url("edition", made.pk), _("Kept as %(edition)s") % {"edition": editions.label(made)})

    context = {"form": form, "edition": found, "label": editions.label(found)}
    return submit(request, form, save) or page(request, "labjobs/settings/edition.html", context)


@staff_page(Can.MANAGE_LABS)
def edition_new(request: StaffRequest) -> HttpResponse:
    form = EditionForm(request.POST or None)

    def save() -> Done:
        values = form.values
        made = editions.add(request.actor, values["table"], verified=values["verified"], note=values["note"])
        return Done(_url("edition", made.pk), _("Kept as %(edition)s") % {"edition": editions.label(made)})

    context = {"form": form, "edition": None, "label": _("Import a tolerance table")}
    return submit(request, form, save) or page(request, "labjobs/settings/edition.html", context)


@require_POST
@staff_page(Can.MANAGE_LABS)
def edition_choose(request: StaffRequest, pk: int) -> HttpResponse:
    found = _edition(pk)

    def done() -> Done:
        editions.choose(request.actor, found.pk)
        return Done(_url("editions"), _("Checks are judged by %(edition)s") % {"edition": editions.label(found)})

    return act(request, done)


def _edition(pk: int) -> ToleranceEdition:
    found = ToleranceEdition.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@staff_page(Can.MANAGE_LABS)
def terms(request: StaffRequest) -> HttpResponse:
    rows = [
        (term, ", ".join(str(REASONS[code][1]) for code in term.causes if code in REASONS))
        for term in WarrantyTerm.objects.all()
    ]
    return page(request, "labjobs/settings/terms.html", {"rows": rows})


@staff_page(Can.MANAGE_LABS)
def term(request: StaffRequest, code: str) -> HttpResponse:
    found = WarrantyTerm.objects.filter(code=code).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    names = ("name", "months", "times_allowed", "causes", "conditions", "is_active")
    form = TermForm(request.POST or None, initial={name: getattr(found, name) for name in names}, edits=found)

    def save() -> Done:
        services.change_term(request.actor, code, form.terms(), form.version)
        return Done(_url("terms"), _("Terms saved; running warranties keep theirs"))

    return submit(request, form, save) or page(request, "labjobs/settings/term.html", {"form": form, "term": found})
