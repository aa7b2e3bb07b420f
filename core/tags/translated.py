"""`{% translate "Born" %}`: what a template itself says is looked up once for each language. The rest of `{% load i18n %}` is Django's."""

from django.template import Library, Node
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Said(Node):
    """A constant of the template in each language that was asked for."""

    def __init__(self, words: i18n.TranslateNode) -> None:
        self.words = words
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.said:
            self.said[language] = self.words.render(context)
        return self.said[language]


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """As Django's tag, which still serves variables, contexts and `as`."""
    words = i18n.do_translate(parser, token)
    expression = words.filter_expression
    is_constant = getattr(expression.var, "literal", None) is not None and not expression.filters
    return Said(words) if is_constant and not (words.noop or words.asvar or words.message_context) else words
