from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "records"

    def ready(self) -> None:
        """Apps declare their records, dependencies and case kinds in modules of these names."""
        autodiscover_modules("record_kinds", "dependencies", "case_kinds")
