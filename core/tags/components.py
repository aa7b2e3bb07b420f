"""Components: each takes values of `core/ui.py` or a body, and is one template of `templates/components`."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import drawing, formats, lists, ui
from core.tags.still import drawn
from core.views import UNDO

register = Library()


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
    """What has happened stays as it is: a line is drawn once for the same words."""
    today = timezone.localdate()
    shown = [(group, [_line(entry, None if group.title else today) for entry in group.entries]) for group in groups]
    return {"groups": shown, "heading": f"h{level}"}


def _line(entry: ui.Entry, today: date | None) -> SafeString:
    """`today`: lines of different days are told apart by it; under the heading of a day the hour alone is shown."""
    local = timezone.localtime(entry.at)
    return drawn(
        "components/timeline_line.html",
        tone=entry.tone,
        icon=entry.icon,
        url=entry.url,
        text=entry.text,
        meta=entry.meta,
        detail=entry.detail,
        detail_title=entry.detail_title,
        moment=local.isoformat(),
        shown=formats.day_time(entry.at, today=today) if today else f"{local:%H:%M}",
    )


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


@register.inclusion_tag("components/frame_drawing.html")
def frame_drawing(sketch: drawing.FrameSketch, dimensions: bool = True) -> dict[str, Any]:
    """A frame from the front, to scale, with what is measured on it."""
    return {"drawing": drawing.draw(sketch, dimensions=dimensions)}


@register.inclusion_tag("components/export_list.html", takes_context=True)
def export_list(context: Context, key: str) -> dict[str, Any]:
    """Take this list home as a file, under the filters of its address; nothing for whom the role does not reach."""
    request = context["request"]
    return {
        "url": lists.address(key, getattr(request, "actor", None)),
        "listed": request.GET.urlencode(),
        "key": uuid.uuid4(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    """Messages of the last request, as toasts; a draft's undo rides in the message's tags."""
    shown = []
    for message in context.get("messages") or ():
        undo = message.extra_tags.removeprefix(UNDO) if message.extra_tags.startswith(UNDO) else ""
        shown.append({"text": message.message, "level": message.level_tag, "undo_url": undo, "key": uuid.uuid4()})
    return {"toasts": shown, "csrf_token": context.get("csrf_token")}


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
