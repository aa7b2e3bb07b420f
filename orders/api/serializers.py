"""Orders, quotations and payments as JSON: decimals as strings, days as ISO dates."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from orders import rules
from orders.discounts import Discount
from orders.models import Claim, LedgerEntry, Order, PaymentMethod, Quotation
from orders.pricing import ServiceItem
from orders.services import ledger
from orders.services.quotations import QuoteRequest


def _money(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, **more)


class OrderSerializer(serializers.Serializer[Order]):
    """An order as it is read; `balance` is the ledger's sum."""

    def to_representation(self, order: Order) -> dict[str, Any]:
        money: rules.MoneyState = self.context.get("money", {}).get(order.pk) or ledger.money_of(order)
        return {
            "number": order.number,
            "version": order.version,
            "state": order.state,
            "branch": order.branch.code,
            "collect_branch": order.collect_branch.code,
            "made_branch": order.made_branch.code if order.made_branch else None,
            "customer": order.customer.number,
            "prescription": order.prescription_id,
            "owner": order.owner.full_name if order.owner else None,
            "first_promised_on": order.first_promised_on.isoformat() if order.first_promised_on else None,
            "promised_on": order.promised_on.isoformat() if order.promised_on else None,
            "charged": f"{money.charged:.2f}",
            "paid": f"{money.paid:.2f}",
            "balance": f"{money.balance:.2f}",
            "note": order.note,
        }


class QuotationSerializer(serializers.Serializer[Quotation]):
    """A version with its lines. `content_hash` is what an approval must have seen. Cost stays inside."""

    def to_representation(self, quotation: Quotation) -> dict[str, Any]:
        return {
            "number": quotation.number,
            "version": quotation.version,
            "order": quotation.order.number,
            "state": quotation.state,
            "valid_until": quotation.valid_until.isoformat(),
            "promised_on": quotation.promised_on.isoformat(),
            "subtotal": f"{quotation.subtotal:.2f}",
            "discount": f"{quotation.discount:.2f}",
            "tax_percent": f"{quotation.tax_percent:.2f}",
            "tax_included": quotation.tax_included,
            "tax": f"{quotation.tax:.2f}",
            "total": f"{quotation.total:.2f}",
            "deposit_required": f"{quotation.deposit_required:.2f}",
            "content_hash": quotation.content_hash,
            "lines": [
                {
                    "key": line.key,
                    "kind": line.kind,
                    "description": line.description,
                    "eye": line.eye,
                    "quantity": line.quantity,
                    "unit_price": f"{line.unit_price:.2f}",
                    "discount": f"{line.discount:.2f}",
                    "discount_reason": line.discount_reason,
                    "net": f"{line.net:.2f}",
                    "tax": f"{line.tax:.2f}",
                }
                for line in quotation.lines.all()
            ],
        }


class EntrySerializer(serializers.Serializer[LedgerEntry]):
    """An entry of the ledger: charges positive, payments negative."""

    def to_representation(self, entry: LedgerEntry) -> dict[str, Any]:
        return {
            "number": entry.number,
            "order": entry.order.number,
            "kind": entry.kind,
            "amount": f"{entry.amount:.2f}",
            "method": entry.method,
            "reference": entry.reference,
            "reason": entry.reason,
            "at": entry.at.isoformat(),
            "by": entry.by_name,
        }


class DiscountIn(serializers.Serializer[Any]):
    line = serializers.CharField(max_length=60)
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, required=False, allow_null=True)
    amount = _money(required=False, allow_null=True)
    reason = serializers.CharField(max_length=80)


class ServiceIn(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    quantity = serializers.IntegerField(min_value=1, max_value=99, default=1)


class QuoteIn(serializers.Serializer[Any]):
    """Discounts by line key, services by id; date and deposit follow from the branch when left out."""

    discounts = DiscountIn(many=True, required=False)
    services = ServiceIn(many=True, required=False)
    promised_on = serializers.DateField(required=False, allow_null=True)
    deposit = _money(required=False, allow_null=True)
    version = serializers.IntegerField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def request(self) -> QuoteRequest:
        sent = self.validated_data
        return QuoteRequest(
            [
                Discount(one["line"], one["reason"], one.get("percent"), one.get("amount"))
                for one in sent.get("discounts", [])
            ],
            [ServiceItem(one["id"], one["quantity"]) for one in sent.get("services", [])],
            sent.get("promised_on"),
            sent.get("deposit"),
            None,
            sent.get("version"),
            sent["reason"],
        )


class ApprovalIn(serializers.Serializer[Any]):
    """The customer's answer as staff record it; `seen_hash` is the `content_hash` that was shown."""

    name = serializers.CharField(max_length=120)
    seen_hash = serializers.CharField(max_length=64)


AT_THE_TILL = [one for one in PaymentMethod.choices if one[0] not in (PaymentMethod.ONLINE, PaymentMethod.CREDIT)]


class PaymentIn(serializers.Serializer[Any]):
    """A payment taken; send `Idempotency-Key` so that a retry posts nothing twice."""

    amount = _money(min_value=Decimal("0.01"))
    method = serializers.ChoiceField(choices=AT_THE_TILL)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    tendered = _money(required=False, allow_null=True, default=None)
    as_credit = serializers.BooleanField(required=False, default=False)


class RefundIn(serializers.Serializer[Any]):
    """Money back. `online` goes to the card over the gateway: it is asked for here and posted when the gateway has paid."""

    amount = _money(min_value=Decimal("0.01"))
    method = serializers.ChoiceField(choices=["cash", "card", "transfer", "insurer", "online"])
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200)


class ClaimIn(serializers.Serializer[Any]):
    """What an insurer is asked for; send `Idempotency-Key` so that a retry claims nothing twice."""

    insurer = serializers.CharField(max_length=80)
    member_number = serializers.CharField(max_length=40)
    authorisation = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    amount = _money(min_value=Decimal("0.01"))


class ClaimAnswerIn(serializers.Serializer[Any]):
    """The insurer's answer: `approved` 0 rejects, less than claimed needs the reason. `version` is the claim's as read."""

    approved = _money(min_value=Decimal(0))
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    authorisation = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class ClaimSerializer(serializers.Serializer[Claim]):
    """A claim as it is read; `shortfall` is what the customer pays of it, null before the answer."""

    def to_representation(self, claim: Claim) -> dict[str, Any]:
        amounts = {"amount": claim.amount, "approved": claim.approved, "paid": claim.paid, "shortfall": claim.shortfall}
        return {
            "id": claim.pk,
            "version": claim.version,
            "state": claim.state,
            "insurer": claim.insurer,
            "member_number": claim.member_number,
            "authorisation": claim.authorisation,
            "answer": claim.answer,
            **{name: None if amount is None else f"{amount:.2f}" for name, amount in amounts.items()},
        }


class RepromiseIn(serializers.Serializer[Any]):
    new_date = serializers.DateField()
    cause = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=200)


class CancelIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)
