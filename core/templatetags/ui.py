"""Template tags and filters of the design system, loaded in every template."""

from django import template

register = template.Library()
