from orders.models.bank import BankLine, BankStatement, LineMatch, LineState
from orders.models.claim import Claim, ClaimState
from orders.models.dispense import (
    FrameChoice,
    FrameStatus,
    LensSpecification,
    Measurement,
    MeasurementMethod,
    Purpose,
    TrayFrame,
)
from orders.models.link import OrderLink
from orders.models.money import DrawerSession, EntryKind, LedgerEntry, OrderBalance, PaymentMethod
from orders.models.online import GatewayNotice, GatewayRefund, PaymentRequest, RefundState, RequestState
from orders.models.order import Delivery, Order, OrderState
from orders.models.paper import Paper, PaperKind
from orders.models.quotation import LineKind, Quotation, QuotationLine, QuotationState
from orders.models.saved_view import DefaultView, SavedView

__all__ = [
    "BankLine",
    "BankStatement",
    "Claim",
    "ClaimState",
    "DefaultView",
    "Delivery",
    "DrawerSession",
    "EntryKind",
    "FrameChoice",
    "FrameStatus",
    "GatewayNotice",
    "GatewayRefund",
    "LedgerEntry",
    "LensSpecification",
    "LineKind",
    "LineMatch",
    "LineState",
    "Measurement",
    "MeasurementMethod",
    "Order",
    "OrderBalance",
    "OrderLink",
    "OrderState",
    "Paper",
    "PaperKind",
    "PaymentMethod",
    "PaymentRequest",
    "Purpose",
    "Quotation",
    "QuotationLine",
    "QuotationState",
    "RefundState",
    "RequestState",
    "SavedView",
    "TrayFrame",
]
