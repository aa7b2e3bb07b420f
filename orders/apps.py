from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "orders"

    def ready(self) -> None:
        """Selling's own next actions, and the place in the navigation."""
        from branches.roles import Can
        from core import navigation
        from customers import merging
        from orders import bulk_actions, finding, followers, moving, own_actions
        from orders.services import quotations

        own_actions.connect()
        finding.connect()
        merging.register("orders", moving.move)
        followers.register(followers.CHOSEN_AGAIN, quotations.follow_choice)
        for action in (
            bulk_actions.BulkAction("date", _("New date"), "clock", "orders:bulk_date", 10, Can.REPROMISE_JOBS),
            bulk_actions.BulkAction("assign", _("Assign"), "user", "orders:bulk_assign", 20, Can.EDIT_ORDERS),
            bulk_actions.BulkAction("note", _("Note"), "pen", "orders:bulk_note", 30, Can.VIEW_ORDERS),
        ):
            bulk_actions.register(action)
        # The web process rings for jobs too: it has to know their queue.
        import_module("orders.tasks")
        navigation.register(
            navigation.Item("orders", _("Orders"), "orders", "orders:list", order=30, can=Can.VIEW_ORDERS)
        )
        navigation.register(
            navigation.Item("takings", _("Takings"), "money", "takings", order=35, can=Can.RECONCILE_PAYMENTS)
        )
