"""Template tags and filters of the design system, loaded in every template. How to use them: docs/how-to/build-a-screen.md."""

from django.template import Library

from core.tags import addresses, components, forms, pieces, still, values

register = Library()
for room in (values, pieces, components, forms, addresses, still):
    register.tags.update(room.register.tags)
    register.filters.update(room.register.filters)
