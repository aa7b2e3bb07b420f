from aftersales.models.feedback import Feedback, FeedbackPlan
from aftersales.models.policy import Goods, ReturnPolicy
from aftersales.models.returns import OVER, Remedy, Return, ReturnItem, ReturnReason, ReturnState, Whereto

__all__ = [
    "OVER",
    "Feedback",
    "FeedbackPlan",
    "Goods",
    "Remedy",
    "Return",
    "ReturnItem",
    "ReturnPolicy",
    "ReturnReason",
    "ReturnState",
    "Whereto",
]
