"""`{% url %}` with a route named in the template and keys in their order, as nearly every link has: `core.addresses`."""

from collections.abc import Sequence

from django.template import Library, Node
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from core import addresses

register = Library()


class Address(Node):
    """A link to a route named in the template itself; `asvar` keeps it in a variable instead of printing it."""

    def __init__(self, link: URLNode) -> None:
        self.name = str(link.view_name.var)
        self.keys, self.asvar = link.args, link.asvar

    def render(self, context: Context) -> str:
        keys = [key.resolve(context) for key in self.keys]
        if self.asvar:
            context[self.asvar] = _or_nothing(self.name, keys)
            return ""
        return str(conditional_escape(addresses.to(self.name, *keys)))


def _or_nothing(name: str, keys: Sequence[object]) -> str:
    try:
        return addresses.to(name, *keys)
    except NoReverseMatch:
        return ""


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """As Django's tag, which still serves names from variables and named arguments."""
    link = django_url(parser, token)
    name = link.view_name
    is_plain = isinstance(name.var, str) and not name.filters and not link.kwargs
    return Address(link) if is_plain else link
