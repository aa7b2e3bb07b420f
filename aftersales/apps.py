from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AftersalesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "aftersales"

    def ready(self) -> None:
        """Places in other pages, what follows a confirmed replacement, and the policy of a new practice."""
        from aftersales import wiring

        wiring.connect()
        import_module("aftersales.tasks")
        post_migrate.connect(_ship, sender=self)


def _ship(**_signal: Any) -> None:
    from aftersales.services import policies

    policies.ship()
