from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "customers"

    def ready(self) -> None:
        """Sections of the customer's page are declared by the apps in `customer_panels.py`."""
        from branches import palette
        from branches.roles import Can
        from core import navigation
        from customers import finding

        autodiscover_modules("customer_panels")
        navigation.register(
            navigation.Item("customers", _("Customers"), "people", "customers:list", order=20, can=Can.VIEW_CUSTOMERS)
        )
        palette.register(
            palette.Searcher("customers", _("Customers"), 10, finding.customers, can=Can.VIEW_CUSTOMERS, prefix="@")
        )
        palette.register_offer(finding.new_customer)
