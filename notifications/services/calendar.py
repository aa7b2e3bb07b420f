"""What falls due by the day: the question how it was after a collection, and when people are asked to come again,
with the reminders of branches that send them by themselves.

Reminders of appointments fall due in `visits.services.reminders`. Each records its event once; messages follow from it.
"""

from django.utils import timezone

from aftersales.services import feedback
from notifications.services import recall, recall_plan


def fall_due() -> int:
    """Everything due now; how many questions were asked."""
    recall.follow_prescriptions(timezone.localdate())
    recall_plan.run_due(timezone.now())
    return feedback.ask_due(timezone.now())
