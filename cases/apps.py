from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation


class CasesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "cases"

    def ready(self) -> None:
        from branches.roles import Can
        from cases import finding, selectors
        from cases.services import dead_work
        from core import jobs
        from core.actor import Actor

        jobs.on_dead(dead_work.open_for)
        finding.connect()

        def unowned(actor: Actor) -> navigation.Count | None:
            number = selectors.unowned_count(actor)
            return navigation.Count(number, _("without an owner"), "danger") if number else None

        navigation.register(
            navigation.Item("cases", _("Cases"), "flag", "cases:inbox", order=50, can=Can.VIEW_CASES, count=unowned)
        )
