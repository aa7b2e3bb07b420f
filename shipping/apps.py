from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ShippingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "shipping"

    def ready(self) -> None:
        """What moves along with an order, the places in other pages, and carriers that every installation starts with."""
        from importlib import import_module

        # The web process rings for jobs too: it has to know their queue.
        import_module("shipping.tasks")
        from shipping import wiring

        wiring.connect()
        post_migrate.connect(_ship, sender=self)


def _ship(**_signal: Any) -> None:
    from shipping.services import carriers

    carriers.ship()
