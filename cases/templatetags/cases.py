"""`{% load cases %}` then `{% open_case record %}`: the button of every record page that opens a case about it."""

from typing import Any

from django import template
from django.db import models
from django.template import Context

from branches import access
from branches.roles import Can
from records.events import type_of

register = template.Library()


@register.inclusion_tag("cases/_open_button.html", takes_context=True)
def open_case(context: Context, record: models.Model) -> dict[str, Any]:
    """Nothing for whoever may not open cases."""
    request = context["request"]
    may = access.allowed(request.actor, Can.MANAGE_CASES, None)
    return {"may": may, "record_type": type_of(record), "record_id": record.pk, "back": request.path}
