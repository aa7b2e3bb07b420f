from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "visits"

    def ready(self) -> None:
        """The board's counts are declared by the apps in `due_now_items.py`; a merge moves our open work."""
        from branches.roles import Can
        from core import navigation
        from customers import merging, panels, search
        from visits import customer_visits
        from visits.services import visits

        autodiscover_modules("due_now_items")
        navigation.register(
            navigation.Item("today", _("Today"), "today", "visits:today", order=10, can=Can.MANAGE_VISITS)
        )
        merging.register("visits", visits.repoint)
        panels.register_visit_days(customer_visits.visit_days)
        search.register_last_visits(customer_visits.last_visits)
