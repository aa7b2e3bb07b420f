from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "customers"

    def ready(self) -> None:
        """Sections of the customer's page are declared by the apps in `customer_panels.py`."""
        from branches.roles import Can
        from core import navigation

        autodiscover_modules("customer_panels")
        navigation.register(
            navigation.Item("customers", _("Customers"), "people", "customers:list", order=20, can=Can.VIEW_CUSTOMERS)
        )
