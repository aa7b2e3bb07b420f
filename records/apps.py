from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "records"

    def ready(self) -> None:
        """Apps declare their records, dependencies and case kinds in modules of these names."""
        from records import append_only, bell, checks, closings, navigating

        checks.load()
        autodiscover_modules(
            "event_words", "phrases", "record_kinds", "dependencies", "case_kinds", "invariants", "looked_at"
        )
        checks.load_tracked()
        navigating.register()
        bell.register()
        closings.connect()
        post_migrate.connect(append_only.lay_triggers, dispatch_uid="append_only")
