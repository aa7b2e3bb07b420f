"""Forms: what stands first in them, their fields, and the summary of what was refused."""

from collections.abc import Sequence
from typing import Any

from django.forms import BoundField, Textarea
from django.template import Context, Library
from django.utils.safestring import SafeString

from core.errors import Clash

register = Library()

DJANGO_ROWS = "10"


@register.inclusion_tag("components/form_top.html", takes_context=True)
def form_top(context: Context, form: Any) -> dict[str, Any]:
    """First inside every `<form method="post">`: CSRF token, hidden fields and, after a clash, both sides to choose from."""
    return {"csrf_token": context.get("csrf_token"), "form": form, "clashes": getattr(form, "clashes", ())}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Every error of the given forms, each a link to its field."""
    return {"problems": [problem for form in forms for problem in problems_of(form)], "forms": forms}


def problems_of(form: Any) -> list[dict[str, str]]:
    """(anchor, text) of each error: the fields' in their order, then what concerns the whole form."""
    found = [
        {"anchor": _anchor(bound), "text": text} for bound in form.visible_fields() for text in named_errors(bound)
    ]
    found += [{"anchor": "", "text": str(error)} for bound in form.hidden_fields() for error in bound.errors]
    return found + [{"anchor": "", "text": str(error)} for error in form.non_field_errors()]


@register.filter
def named_errors(bound: BoundField) -> list[str]:
    """A field's errors in words that stand alone: the same at the field and in the summary."""
    label = str(bound.label)
    return [text if label.lower() in text.lower() else f"{label}: {_small(text)}" for text in map(str, bound.errors)]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _anchor(bound: BoundField) -> str:
    """The id that focus goes to: the first choice of a group of radios, the box otherwise."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else str(bound.id_for_label or bound.auto_id)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, w: str = "", label: str = "", hint: str = "") -> dict[str, Any]:
    """Label, hint, error and box of one form field. `w`: `s` or `m` for a short box."""
    return {"field": bound, "w": w, "label": label, "hint": hint}


@register.simple_tag
def box(bound: BoundField, w: str = "") -> SafeString:
    """The bare box of a field with the design system's class, for tables and grids that label it themselves."""
    attrs: dict[str, str | bool] = {}
    if bound.widget_type not in {"checkbox", "radioselect", "checkboxselectmultiple", "hidden"}:
        attrs["class"] = f"input {bound.field.widget.attrs.get('class', '')}".strip()
    if w:
        attrs["data-w"] = w
    if isinstance(bound.field.widget, Textarea) and bound.field.widget.attrs.get("rows") == DJANGO_ROWS:
        attrs["rows"] = "3"
    return bound.as_widget(attrs=attrs)


@register.filter
def taken_over(bound: BoundField) -> Clash | None:
    """The change of somebody else that stands in this box now; None where nobody changed it."""
    clashes: Sequence[Clash] = getattr(bound.form, "clashes", ())
    return next((one for one in clashes if one.field == bound.name and one.by and not one.is_yours), None)


@register.filter
def is_tick(bound: BoundField) -> bool:
    """One checkbox: its label stands behind it."""
    return bound.widget_type == "checkbox"


@register.inclusion_tag("components/error_summary.html")
def error_summary_of(forms: Sequence[Any]) -> dict[str, Any]:
    """The summary of several forms: the base page calls it with every refused form of the context."""
    return {"problems": [problem for form in forms for problem in problems_of(form)], "forms": forms}
