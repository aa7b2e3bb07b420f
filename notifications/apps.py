from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "notifications"

    def ready(self) -> None:
        """The bell for new events, the health of the outbox, and the place in the navigation."""
        from notifications import listening, probe

        listening.connect()
        probe.connect()
