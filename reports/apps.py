from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"

    def ready(self) -> None:
        """The measures' place in the navigation."""
        from branches.roles import Can
        from core import navigation

        navigation.register(
            navigation.Item(
                "measures", _("Measures"), "chart", "measures:dashboard", order=66, group="desk", can=Can.VIEW_MEASURES
            )
        )
