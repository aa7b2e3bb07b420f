from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ShippingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "shipping"

    def ready(self) -> None:
        """Carriers that every installation starts with."""
        post_migrate.connect(_ship, sender=self)


def _ship(**_signal: Any) -> None:
    from shipping.services import carriers

    carriers.ship()
