from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LabjobsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "labjobs"

    def ready(self) -> None:
        """What moves along with an order, what ships with the product, and the laboratory's places in other pages."""
        from labjobs import wiring

        wiring.connect()
        post_migrate.connect(_ship, sender=self)


def _ship(**_signal: Any) -> None:
    """Tolerance editions and warranty terms of a new practice: data that every installation starts with."""
    from labjobs.services import editions, warranties

    editions.ship()
    warranties.ship()
