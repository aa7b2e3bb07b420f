"""How the shared pages reach a prescription and an eye test. Both belong to the organisation."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from prescriptions import screens
from prescriptions.models import EyeTest, Prescription
from records import registry

registry.register(
    registry.RecordKind(
        model=Prescription,
        label=_("Prescription"),
        can_view=Can.VIEW_PRESCRIPTIONS,
        url=lambda row: reverse("prescriptions:page", args=[row.pk]),
        title=lambda row: f"{row._meta.verbose_name.capitalize()} {row.number}".strip(),
        visible=lambda _row, _scope: True,
        links=lambda row: (row.customer_id, None),
        approval=lambda row: (screens.approval_words(row), ""),
        closes_when=screens.closes_when,
        branch_id=lambda _row: None,
        hidden_fields=("series", "external_document", "revision"),
    )
)


def _test_title(test: Any) -> str:
    return str(_("Eye test"))


registry.register(
    registry.RecordKind(
        model=EyeTest,
        label=_("Eye test"),
        can_view=Can.VIEW_PRESCRIPTIONS,
        url=lambda test: reverse("prescriptions:test", args=[test.pk]),
        title=_test_title,
        visible=lambda _test, _scope: True,
        links=lambda test: (test.customer_id, None),
        approval=lambda test: (str(_("finished") if test.finished_at else _("under way")), ""),
        closes_when=lambda test: str(_("finished by the optometrist")),
        branch_id=lambda _test: None,
    )
)
