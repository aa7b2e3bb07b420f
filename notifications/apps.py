from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "notifications"

    def ready(self) -> None:
        """The bell for new events, the health of the outbox, and the place in the navigation."""
        from notifications import listening, order_panel, probe, promise_preview
        from notifications.services import receipts

        listening.connect()
        order_panel.connect()
        probe.connect()
        receipts.connect()
        promise_preview.connect()
