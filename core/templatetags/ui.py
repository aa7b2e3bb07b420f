"""Template tags and filters of the design system, loaded in every template. How to use them: docs/how-to/build-a-screen.md."""

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, Textarea
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import drawing, formats, ui
from core import money as amounts
from core.views import UNDO

register = template.Library()

DJANGO_ROWS = "10"


# ------------------------------------------------------------------ values


@register.filter(name="power")
def power_filter(value: Decimal | None, zero: str = "") -> str:
    """`{{ sphere|power }}` or `{{ sphere|power:"plano" }}`."""
    return formats.power(value, plano=zero == "plano")


@register.simple_tag
def power(value: Decimal | None, plano: bool = False) -> str:
    return formats.power(value, plano=plano)


@register.filter(name="axis")
def axis_filter(value: int | None) -> str:
    return formats.axis(value)


@register.simple_tag
def axis(value: int | None) -> str:
    return formats.axis(value)


@register.filter
def mm(value: Decimal | None) -> str:
    """A length in millimetres with one place, without the unit."""
    return formats.number(value, 1)


@register.filter(name="money")
def money_filter(value: Decimal | None) -> str:
    return amounts.money(value)


@register.simple_tag
def money(value: Decimal | None) -> str:
    return amounts.money(value)


@register.filter
def amount(value: Decimal | None) -> str:
    """The number alone; the column's heading carries `{% currency %}`."""
    return amounts.plain(value)


@register.simple_tag
def currency() -> str:
    return amounts.symbol()


@register.filter
def day(value: date | datetime | None) -> str:
    return formats.day(value, today=timezone.localdate())


@register.filter
def day_time(value: datetime | None) -> str:
    return formats.day_time(value, today=timezone.localdate())


@register.filter
def clock(value: datetime | None) -> str:
    """`16:00` in the branch's zone."""
    return formats.DASH if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def born(value: date | None) -> str:
    return formats.birth_date(value, today=timezone.localdate())


@register.filter
def time_ago(value: datetime | None) -> str:
    return formats.time_ago(value, now=timezone.now())


@register.filter
def due(value: datetime | None) -> str:
    return formats.due(value, now=timezone.now())


@register.filter
def phone_ends(value: str) -> str:
    return formats.phone_ends(value)


@register.filter
def phone_masked(value: str) -> str:
    return formats.phone_masked(value)


@register.filter
def email_masked(value: str) -> str:
    return formats.email_masked(value)


@register.simple_tag
def when(value: datetime | None) -> SafeString | str:
    """`<time>` that shows how long ago and says the exact moment on hover and to machines."""
    if value is None:
        return _("never")
    full = f"{formats.day(value, today=date.min)} {timezone.localtime(value):%H:%M}"
    shown = formats.time_ago(value, now=timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, shown)


@register.filter
def marked(text: str, query: str) -> SafeString:
    """The text with what was typed marked where it begins a word or stands inside one."""
    words = [re.escape(word) for word in query.split() if word]
    if not words:
        return format_html("{}", text)
    pieces = re.split(f"({'|'.join(words)})", str(text), flags=re.IGNORECASE)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", one) if at % 2 else one,) for at, one in enumerate(pieces))
    )


# ------------------------------------------------------------ small pieces


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A shape of the sprite; with a label it is an image with that name, without one it is decoration."""
    href = f"{static('icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def badge(word: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """A state: shape, word and tint. Takes a word, or a `core.ui.Badge`."""
    if isinstance(word, ui.Badge):
        word, tone, icon = word.word, word.tone, word.icon
    if tone not in ui.TONES:
        raise template.TemplateSyntaxError(f"unknown tone {tone!r}")
    shape = _icon(icon or ui.ICON_OF_TONE[tone])
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, shape, word)


@register.simple_tag
def due_badge(value: datetime | None) -> SafeString:
    """A promise with its shape and tint: `Due today 16:00`, `Late 1 d`."""
    now = timezone.now()
    tone = formats.due_tone(value, now=now)
    shape = {"danger": "alert", "warning": "hourglass"}.get(tone, "clock")
    return badge(formats.due(value, now=now), tone, shape)


_icon = icon


@register.simple_tag
def idempotency_key() -> str:
    """For a form written by hand: `<input type="hidden" name="_key" value="{% idempotency_key %}">`."""
    return str(uuid.uuid4())


@register.inclusion_tag("components/action_button.html", takes_context=True)
def action_button(
    context: Context,
    url: str,
    label: str,
    kind: str = "",
    icon: str = "",
    key: str = "",
    size: str = "",
    confirm: str = "",
) -> dict[str, Any]:
    """One verb as a form of its own: posts to `url` with an idempotency key. Works without script."""
    return {
        "csrf_token": context.get("csrf_token"),
        "url": url,
        "label": label,
        "kind": kind,
        "icon": icon,
        "key": key,
        "size": size,
        "confirm": confirm,
        "idempotency_key": uuid.uuid4(),
    }


# ------------------------------------------------------------- components


@register.inclusion_tag("components/identity.html")
def identity(who: ui.Identity) -> dict[str, Any]:
    return {"who": who}


@register.inclusion_tag("components/strip.html")
def strip(facts: Any) -> dict[str, Any]:
    """The six facts: a `core.ui.SixFacts`, or anything with its fields (`recorded` a moment or words)."""
    moment = facts.recorded if isinstance(facts.recorded, datetime) else None
    return {"facts": facts, "moment": moment}


@register.inclusion_tag("components/stages.html")
def stages(steps: Sequence[ui.Stage], label: str = "", size: str = "") -> dict[str, Any]:
    return {"steps": steps, "label": label or _("Stages"), "size": size}


@register.inclusion_tag("components/review.html")
def review(review: ui.Review) -> dict[str, Any]:
    return {"review": review}


@register.inclusion_tag("components/checklist.html")
def checklist(steps: Sequence[ui.Step]) -> dict[str, Any]:
    return {"steps": steps}


@register.inclusion_tag("components/change.html")
def change(label: str, old: str, new: str) -> dict[str, Any]:
    """Old and new value side by side, shown."""
    return {"label": label, "old": old, "new": new}


@register.inclusion_tag("components/affects.html")
def affects(records: Sequence[ui.Affected]) -> dict[str, Any]:
    owners = {str(record.owner) for record in records if record.needs_review and record.owner}
    return {"records": records, "decisions": sum(record.needs_review for record in records), "people": len(owners)}


@register.inclusion_tag("components/timeline.html")
def timeline(groups: Sequence[ui.Group], level: int = 3) -> dict[str, Any]:
    return {"groups": groups, "heading": f"h{level}"}


@register.inclusion_tag("components/rx_table.html")
def rx_table(rows: Sequence[ui.RxRow], columns: Sequence[str], caption: str = "") -> dict[str, Any]:
    """A prescription, shown: right eye above left eye."""
    return {"rows": rows, "columns": columns, "caption": caption or _("Prescription")}


@register.inclusion_tag("components/views.html")
def views(tabs: Sequence[ui.View], label: str = "") -> dict[str, Any]:
    return {"tabs": tabs, "label": label or _("Saved views")}


@register.inclusion_tag("components/anchors.html")
def anchors(sections: Sequence[ui.Anchor], label: str = "") -> dict[str, Any]:
    return {"sections": sections, "label": label or _("Sections of this page")}


@register.inclusion_tag("components/stats.html")
def stats(tiles: Sequence[ui.Stat], label: str = "") -> dict[str, Any]:
    return {"tiles": tiles, "label": label or _("Measures")}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """One sentence and the one action that fills it."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/progress.html")
def progress(label: str, value: int, total: int, hint: str = "") -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "total": total,
        "hint": hint,
        "percent": 100 * value // total if total else 0,
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Next and first page by key. `page` is a `core.paging.KeyPage`."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: Context, key: str, label: str, num: bool = False, default: str = "") -> dict[str, Any]:
    """A column heading that sorts. `default` is the list's order when the address says none."""
    current = context["request"].GET.get("sort") or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    target = f"-{key}" if direction == "ascending" else key
    return {"label": label, "target": target, "direction": direction, "num": num, "request": context["request"]}


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
def is_tick(bound: BoundField) -> bool:
    """One checkbox: its label stands behind it."""
    return bound.widget_type == "checkbox"


@register.inclusion_tag("components/frame_drawing.html")
def frame_drawing(sketch: drawing.FrameSketch, dimensions: bool = True) -> dict[str, Any]:
    """A frame from the front, to scale, with what is measured on it."""
    return {"drawing": drawing.draw(sketch, dimensions=dimensions)}


# ------------------------------------------------------ pieces with a body


def _with_body(name: str, content: SafeString, **values: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", {"body": content, **values})


@register.simple_block_tag
def callout(content: SafeString, tone: str = "info", title: str = "", slim: bool = True, icon: str = "") -> SafeString:
    """One message about the page; at most one above the fold."""
    shape = icon or ui.ICON_OF_TONE[tone]
    return _with_body("callout", content, tone=tone, title=title, slim=slim, icon=shape)


@register.simple_block_tag
def nextbar(
    content: SafeString, verb: str, owner: str = "", why: str = "", tone: str = "", icon: str = ""
) -> SafeString:
    """The one next action of a work item; the body holds its buttons, one of them primary."""
    return _with_body("nextbar", content, verb=verb, owner=owner, why=why, tone=tone, icon=icon)


@register.simple_block_tag
def section(content: SafeString, title: str, id: str = "", note: str = "", end: str = "") -> SafeString:
    """A part of a page under a ruled heading."""
    return _with_body("section", content, title=title, id=id, note=note, end=end)


@register.simple_block_tag(takes_context=True)
def bulk(context: Context, content: SafeString, action: str = "", form: str = "bulk") -> SafeString:
    """The bar for selected rows: checkboxes carry `form="bulk"`, buttons in the body `name="do"` or `formaction`."""
    return _with_body("bulk", content, action=action, form=form, csrf_token=context.get("csrf_token"), key=uuid.uuid4())


@register.inclusion_tag("components/form_top.html", takes_context=True)
def form_top(context: Context, form: Any) -> dict[str, Any]:
    """First inside every `<form method="post">`: CSRF token, hidden fields and, after a clash, both sides to choose from."""
    return {"csrf_token": context.get("csrf_token"), "form": form, "clashes": getattr(form, "clashes", ())}


@register.inclusion_tag("components/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    """Messages of the last request, as toasts; a draft's undo rides in the message's tags."""
    shown = []
    for message in context.get("messages") or ():
        undo = message.extra_tags.removeprefix(UNDO) if message.extra_tags.startswith(UNDO) else ""
        shown.append({"text": message.message, "level": message.level_tag, "undo_url": undo, "key": uuid.uuid4()})
    return {"toasts": shown, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/error_summary.html")
def error_summary_of(forms: Sequence[Any]) -> dict[str, Any]:
    """The summary of several forms: the base page calls it with every refused form of the context."""
    return {"problems": [problem for form in forms for problem in problems_of(form)], "forms": forms}
