from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "inventory"

    def ready(self) -> None:
        """The place in the navigation."""
        from branches.roles import Can
        from core import navigation

        navigation.register(
            navigation.Item(
                "stock",
                _("Stock"),
                "glasses",
                "inventory:list",
                order=60,
                group="desk",
                can=Can.VIEW_STOCK,
                home_for=Can.MANAGE_STOCK,
            )
        )
