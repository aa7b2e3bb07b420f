"""The quotation form: a discount per line, services, date and deposit; a second person where a limit is passed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Service
from core.money import money
from orders.discounts import Discount
from orders.forms.fields import DayField, MoneyField, PercentField
from orders.forms.second_person import SecondPersonForm
from orders.models import Quotation
from orders.models.quotation import DISCOUNT_REASONS
from orders.pricing import PricedLine, ServiceItem
from orders.services.quotations import QuoteRequest

REASONS = [("", gettext_lazy("no discount")), *DISCOUNT_REASONS.items()]


def _with_price(obj: Any) -> str:
    return f"{obj.name}, {money(obj.price)}"


class QuoteForm(SecondPersonForm):
    """`rows` gives each priced line with its two boxes."""

    promised_on = DayField(label=gettext_lazy("Promised date"), required=False)
    deposit = MoneyField(label=gettext_lazy("Deposit"), required=False)
    services = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    reason = forms.CharField(
        label=gettext_lazy("Reason of the new version"),
        max_length=200,
        error_messages={"required": gettext_lazy("The customer has agreed already. Say why another version is made.")},
    )

    def __init__(self, *args: Any, lines: Sequence[PricedLine] = (), is_agreed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        if not is_agreed:
            del self.fields["reason"]
        elif "work_out" in self.data:
            self.fields["reason"].required = False
        field = self.fields["services"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = Service.objects.filter(is_active=True)
            field.label_from_instance = _with_price  # type: ignore[method-assign]
        for line in lines:
            words = {"item": line.description}
            percent = PercentField(label=_("Discount on %(item)s, per cent") % words, required=False)
            reason = forms.ChoiceField(label=_("Reason for %(item)s") % words, choices=REASONS, required=False)
            self.fields[_percent(line.key)], self.fields[_reason(line.key)] = percent, reason

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its boxes and, after a refusal, its error."""
        return [
            {
                "line": line,
                "gross": line.unit_price * line.quantity,
                "percent": self[_percent(line.key)],
                "reason": self[_reason(line.key)],
            }
            for line in self.lines
        ]

    def request(self) -> QuoteRequest:
        """What the service takes."""
        values = self.values
        discounts = [
            Discount(line.key, values[_reason(line.key)], percent=values[_percent(line.key)])
            for line in self.lines
            if values[_percent(line.key)]
        ]
        return QuoteRequest(
            discounts=discounts,
            services=[ServiceItem(service.pk) for service in values["services"]],
            promised_on=values["promised_on"],
            deposit=values["deposit"],
            second_person_id=self.second_person_id,
            version=self.version,
            reason=values.get("reason", ""),
        )


def initial_of(previous: Quotation | None, lines: Sequence[PricedLine]) -> dict[str, Any]:
    """A later version starts from the earlier one's discounts and services."""
    if previous is None:
        return {}
    known = {line.key for line in lines}
    initial: dict[str, Any] = {"services": [], "deposit": None}
    for line in previous.lines.all():
        if line.kind == "service" and line.record_id:
            initial["services"].append(line.record_id)
        if line.discount and line.key in known:
            initial[_percent(line.key)] = _shown(line.discount_percent)
            initial[_reason(line.key)] = line.discount_reason
    return initial


def request_of(previous: Quotation | None, lines: Sequence[PricedLine]) -> QuoteRequest:
    """The same as a request, for the sum that stands below the form when it opens."""
    if previous is None:
        return QuoteRequest()
    known, kept = {line.key for line in lines}, list(previous.lines.all())
    return QuoteRequest(
        discounts=[
            Discount(line.key, line.discount_reason, percent=line.discount_percent)
            for line in kept
            if line.discount and line.key in known
        ],
        services=[
            ServiceItem(line.record_id, line.quantity) for line in kept if line.kind == "service" and line.record_id
        ],
    )


def _shown(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def _percent(key: str) -> str:
    return f"discount:{key}"


def _reason(key: str) -> str:
    return f"reason:{key}"
