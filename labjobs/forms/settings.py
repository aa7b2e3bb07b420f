"""Forms of the laboratory's settings: the laboratory, its trays, file profile, tolerances, warranty terms."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch, User
from core.forms import Form
from labjobs import states
from labjobs.credit_rules import REASONS
from labjobs.exchange.dcs import ENCODINGS
from labjobs.exchange.statuses import OUTCOMES, STAGES
from labjobs.models import LabKind, Stage
from labjobs.selectors.board import STAGE_WORDS, USUAL_LIMITS
from labjobs.services.labs import LabData, TermData


class LabForm(Form):
    """An own laboratory stands in a branch and has columns with limits; an outside one has an account."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=20, help_text=gettext_lazy("Short; it stays as it is.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=LabKind.choices, widget=forms.RadioSelect)
    branch = forms.TypedChoiceField(label=gettext_lazy("Branch"), coerce=int, required=False, empty_value=None)
    lead = forms.TypedChoiceField(
        label=gettext_lazy("Lead"), coerce=int, required=False, empty_value=None,
        help_text=gettext_lazy("Owns the cases of failed checks and late jobs."),
    )  # fmt: skip
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40)
    account = forms.CharField(label=gettext_lazy("Our account"), required=False, max_length=40)
    lead_days = forms.IntegerField(label=gettext_lazy("Working days"), min_value=0, max_value=60, initial=3)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, branches: list[Branch], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [branch.pk for branch in branches]
        people = User.objects.filter(is_active=True, memberships__branch_id__in=here).distinct().order_by("full_name")
        self._offer("branch", [(branch.pk, branch.name) for branch in branches])
        self._offer("lead", [(person.pk, person.full_name) for person in people])
        if not is_new:
            del self.fields["code"]
        for stage in states.WAY[LabKind.OWN]:
            self.fields[f"limit_{stage.value}"] = forms.IntegerField(
                label=str(STAGE_WORDS[stage]), required=False, min_value=1, max_value=999,
                widget=forms.NumberInput(attrs={"placeholder": USUAL_LIMITS[stage]}),
            )  # fmt: skip

    def _offer(self, name: str, rows: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *rows]

    @property
    def limits(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("limit_")]

    def data_for(self, code: str = "") -> LabData:
        values = self.values
        limits = {stage: values.get(f"limit_{stage}") for stage in Stage.values if values.get(f"limit_{stage}")}
        return LabData(
            values["name"], values.get("code") or code, values["kind"], values["branch"], values["lead"],
            values["email"], values["phone"], values["account"], values["lead_days"], values["is_active"],
            {stage: int(number) for stage, number in limits.items() if number},
        )  # fmt: skip


class TraysForm(Form):
    """Running numbers: a beginning, the first number and how many."""

    beginning = forms.CharField(label=gettext_lazy("Beginning"), max_length=6, initial="T-", required=False)
    first = forms.IntegerField(label=gettext_lazy("First number"), min_value=1, max_value=99999, initial=1)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=200, initial=20)


class LinesField(forms.CharField):
    """One `NAME = value` a line, as a table of names."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} = {text}" for name, text in value.items()) if isinstance(value, Mapping) else value

    def clean(self, value: Any) -> dict[str, str]:
        found = {}
        for line in super().clean(value).splitlines():
            name, equals, text = line.partition("=")
            if not line.strip():
                continue
            if not equals or not name.strip():
                raise forms.ValidationError(
                    _("“%(line)s” is not a line of the form NAME = value."), params={"line": line}
                )
            found[name.strip()] = text.strip()
        return found


_ENDS = [("crlf", "CR LF"), ("lf", "LF"), ("cr", "CR")]


class ProfileForm(Form):
    """How the file of an order looks for this laboratory. Names and meanings: docs/reference/lab-files.md."""

    file_name = forms.CharField(label=gettext_lazy("File name"), max_length=60, initial="{job}.oma")
    line_end = forms.ChoiceField(label=gettext_lazy("Line end"), choices=_ENDS, widget=forms.RadioSelect)
    encoding = forms.ChoiceField(label=gettext_lazy("Characters"), choices=[(name, name) for name in ENCODINGS])
    prism_form = forms.ChoiceField(
        label=gettext_lazy("Prism"),
        choices=[("polar", gettext_lazy("Amount and base in degrees")), ("components", gettext_lazy("In and up"))],
    )
    send_trace = forms.BooleanField(label=gettext_lazy("Send the trace of the frame"), required=False)
    simplify_text = forms.BooleanField(
        label=gettext_lazy("Write accents plainly where the file has none"), required=False
    )
    label_map = LinesField(label=gettext_lazy("Labels under another name"), help_text=gettext_lazy("SEGHT = FCHT"))
    omit = forms.CharField(
        label=gettext_lazy("Labels left out"), required=False, help_text=gettext_lazy("Parted by spaces")
    )
    extra = LinesField(label=gettext_lazy("Extra labels"), help_text=gettext_lazy("_TRAY = {tray}, _PAT = {patient}"))
    status_vocabulary = forms.ChoiceField(
        label=gettext_lazy("Status codes start from"), required=False,
        choices=[("", gettext_lazy("Nothing")), ("vspone", "VSPOne"), ("eyefinity", "Eyefinity"), ("rx_universe", "Rx-Universe")],
    )  # fmt: skip
    statuses = LinesField(
        label=gettext_lazy("Status codes"),
        help_text=gettext_lazy("Code = stage, or stage + outcome, or stage + us when they wait for us: 42 = coating"),
    )

    def profile(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The values as a profile keeps them; what this form does not show stays."""
        values = dict(self.values)
        values["omit"] = values["omit"].replace(",", " ").split()
        values["statuses"] = {code: _meaning(text) for code, text in values["statuses"].items()}
        return {**before, **values}


def _meaning(text: str) -> dict[str, Any]:
    words = [word.strip().lower() for word in text.replace("+", " ").split()]
    stage = next((word for word in words if word in STAGES), words[0] if words else "")
    outcome = next((word for word in words if word in OUTCOMES and word != stage), "")
    return {"stage": stage, "needs_us": "us" in words, "outcome": outcome}


def status_lines(statuses: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The stored table as the lines that are typed."""
    return {
        code: " + ".join(
            part for part in (row["stage"], row.get("outcome", ""), "us" if row.get("needs_us") else "") if part
        )
        for code, row in statuses.items()
    }


class EditionForm(Form):
    """A tolerance table as JSON, and whether somebody compared it with the standard."""

    table = forms.CharField(
        label=gettext_lazy("Table"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono"})
    )
    verified = forms.BooleanField(label=gettext_lazy("Compared with the printed standard"), required=False)
    note = forms.CharField(label=gettext_lazy("What changed, and from which source"), max_length=200)

    @staticmethod
    def text_of(table: Mapping[str, Any]) -> str:
        return json.dumps(table, indent=1, ensure_ascii=False)


class TermForm(Form):
    """One warranty term."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=1, max_value=120)
    times_allowed = forms.IntegerField(label=gettext_lazy("Times"), min_value=1, max_value=20)
    causes = forms.MultipleChoiceField(
        label=gettext_lazy("Causes covered"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, f"{code} {words}") for code, (_party, words) in REASONS.items()],
    )  # fmt: skip
    conditions = forms.CharField(label=gettext_lazy("Conditions"), required=False, max_length=200)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def terms(self) -> TermData:
        values = self.values
        return TermData(
            values["name"], values["months"], values["times_allowed"], tuple(values["causes"]), values["conditions"],
            values["is_active"],
        )  # fmt: skip
