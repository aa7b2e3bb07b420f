from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BranchesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "branches"

    def ready(self) -> None:
        """Settings and search box; the apps declare a branch's first steps in `first_step_items.py`, what keeps it open in `closing_items.py`."""
        from branches.navigation import register_items

        register_items()
        autodiscover_modules("first_step_items", "closing_items")
