"""What the records of the catalogue tell about themselves: their history is open to everybody who sees the catalogue."""

from dataclasses import replace
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from catalogue.models import CatalogueImport, Frame, LensAddOn, LensProduct, PriceList, Service
from records.registry import RecordKind, register


def _kind(model: type[models.Model], label: Any, route: str) -> RecordKind:
    return RecordKind(
        model=model,
        label=label,
        can_view=Can.VIEW_CATALOGUE,
        url=lambda row: reverse(route, args=[row.pk]),
        title=str,
        visible=lambda row, scope: True,
        links=lambda row: (None, None),
        approval=lambda row: (_("not needed"), ""),
        closes_when=_closes,
        branch_id=lambda row: None,
        hidden_fields=("search_text", "trace"),
    )


def _closes(row: Any) -> str:
    if isinstance(row, PriceList):
        return _("withdrawn or past its last day")
    ended = getattr(row, "discontinued_on", None)
    return _("discontinued %(on)s") % {"on": ended.isoformat()} if ended else _("discontinued by the supplier")


for _model, _label, _route in (
    (Frame, gettext_lazy("Frame"), "catalogue:frame"),
    (LensProduct, gettext_lazy("Lens"), "catalogue:lens"),
    (LensAddOn, gettext_lazy("Add-on"), "catalogue:add_on"),
    (Service, gettext_lazy("Service"), "catalogue:service"),
    (PriceList, gettext_lazy("Price list"), "catalogue:price_list"),
):
    register(_kind(_model, _label, _route))

register(
    replace(
        _kind(CatalogueImport, gettext_lazy("Import"), "catalogue:import"),
        can_view=Can.MANAGE_CATALOGUE,
        url=lambda batch: reverse("catalogue:import", args=[batch.number]),
        closes_when=lambda batch: _("applied or discarded"),
    )
)
