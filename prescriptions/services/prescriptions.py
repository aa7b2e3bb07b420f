"""The verbs of a prescription in one place, so that a call reads `prescriptions.sign(...)`."""

from prescriptions.services.correcting import correct
from prescriptions.services.correcting import draft as draft_correction
from prescriptions.services.drafts import discard as discard_draft
from prescriptions.services.drafts import save as save_draft
from prescriptions.services.ending import enter_in_error, withdraw
from prescriptions.services.outside import record_outside, record_outside_together
from prescriptions.services.signing import sign
from prescriptions.services.viewing import viewed

__all__ = [
    "correct",
    "discard_draft",
    "draft_correction",
    "enter_in_error",
    "record_outside",
    "record_outside_together",
    "save_draft",
    "sign",
    "viewed",
    "withdraw",
]
