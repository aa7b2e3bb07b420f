from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "catalogue"

    def ready(self) -> None:
        """The place in the navigation, in the search box and under the scanner."""
        from branches.roles import Can
        from catalogue import finding
        from core import navigation

        finding.connect()

        navigation.register(
            navigation.Item(
                "catalogue", _("Catalogue"), "doc", "catalogue:frames", order=62, group="desk", can=Can.VIEW_CATALOGUE
            )
        )
