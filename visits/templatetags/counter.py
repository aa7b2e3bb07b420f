"""Tags of the counter's pages."""

import uuid

from django import template

register = template.Library()
_SPACE = uuid.UUID("0f0e3f2c-6f53-4d6e-9a35-6a3f6c1f5d10")


@register.simple_tag
def step_key(pk: int, version: int, verb: str) -> str:
    """One step from one version is one effect, however often and from however many boards it is sent.

    A key made from the state, not drawn by lot, keeps the polled board the same until something happens.
    """
    return str(uuid.uuid5(_SPACE, f"{pk}:{version}:{verb}"))
