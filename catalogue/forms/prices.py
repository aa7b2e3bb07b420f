"""The forms of price lists: what a list is called and when it holds, and one price of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.forms.frames import offer_suppliers
from catalogue.forms.imports import day_field, offer_branches
from catalogue.models import BandQuantity
from catalogue.services.pricelists import ListData, Span
from core.forms import Form


class PriceListForm(Form):
    """Name, days, branch."""

    name = forms.CharField(label=_("Name"), max_length=80)
    valid_from = day_field(_("Prices hold from"), required=True)
    valid_until = day_field(_("Until"), _("Empty: until another list."))
    branch = forms.TypedChoiceField(label=_("Branch"), coerce=int, empty_value=None, required=False)
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self)

    def data_of(self, supplier_id: int | None = None) -> ListData:
        values = self.values
        return ListData(values["name"], values["valid_from"], values["valid_until"], values["branch"], supplier_id)


class NewPriceListForm(PriceListForm):
    """Everything of one supplier, moved by a percentage; single prices can be changed afterwards."""

    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    percent = forms.DecimalField(
        label=_("Prices change by, per cent"),
        max_digits=6,
        decimal_places=2,
        min_value=-90,
        max_value=400,
        help_text=_("5 makes 100 into 105; −10 makes 100 into 90."),
    )
    round_to = forms.DecimalField(
        label=_("Round to"),
        max_digits=6,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("10 gives 1 240, not 1 237."),
    )
    surcharges = forms.BooleanField(label=_("The surcharges of the lenses too"), required=False, initial=True)
    field_order = ("name", "supplier", "percent", "round_to", "surcharges", "valid_from", "valid_until", "branch")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        offer_suppliers(self)


class EntryForm(Form):
    """One price of a draft, named by lens code, add-on code, service code or SKU; or one surcharge of a lens or family."""

    code = forms.CharField(label=_("Code or SKU"), max_length=80)
    quantity = forms.ChoiceField(
        label=_("Surcharge for"), choices=[("", _("none: the price itself")), *BandQuantity.choices], required=False
    )
    from_dioptres = forms.DecimalField(label=_("From"), max_digits=5, decimal_places=2, min_value=0, required=False)
    to_dioptres = forms.DecimalField(label=_("To"), max_digits=5, decimal_places=2, min_value=0, required=False)
    price = forms.DecimalField(label=_("Price"), max_digits=12, decimal_places=2, min_value=0, required=False)
    cost = forms.DecimalField(label=_("Cost"), max_digits=12, decimal_places=2, min_value=0, required=False)

    @property
    def span(self) -> Span | None:
        """What the surcharge is for; None for a price."""
        values = self.values
        found = Span(values["quantity"], values["from_dioptres"], values["to_dioptres"])
        return found if found.quantity else None
