from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"

    def ready(self) -> None:
        """The places in the navigation; the web process rings for jobs too and has to know their queue."""
        from branches.roles import Can
        from core import navigation
        from reports import finding
        from reports.exports import shell

        import_module("reports.tasks")
        finding.connect()
        navigation.register(
            navigation.Item(
                "measures",
                _("Measures"),
                "chart",
                "measures:dashboard",
                order=66,
                group="desk",
                can=Can.VIEW_MEASURES,
                home_for=Can.VIEW_MEASURES,
            )
        )
        navigation.register(
            navigation.Item(
                "my_figures",
                _("My figures"),
                "chart",
                "measures:mine",
                order=67,
                group="desk",
                can=Can.SIGN_PRESCRIPTIONS,
            )
        )
        navigation.register(
            navigation.Item(
                "lab_figures",
                _("Lab figures"),
                "chart",
                "measures:lab",
                order=68,
                group="desk",
                can=Can.ADVANCE_JOBS,
            )
        )
        shell.connect()
