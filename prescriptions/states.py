"""The life of a prescription and the words for it."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.states import Machine, Transition
from prescriptions.models import PrescriptionState

_DRAFT = PrescriptionState.DRAFT.value
_CURRENT = PrescriptionState.CURRENT.value
_SUPERSEDED = PrescriptionState.SUPERSEDED.value
_WITHDRAWN = PrescriptionState.WITHDRAWN.value
_ERROR = PrescriptionState.ENTERED_IN_ERROR.value

PRESCRIPTION = Machine(
    "prescription",
    PrescriptionState.choices,
    [
        Transition("sign", _DRAFT, _CURRENT, Can.SIGN_PRESCRIPTIONS, _("Sign")),
        Transition("accept", _DRAFT, _CURRENT, Can.WRITE_PRESCRIPTIONS, _("Take over from outside")),
        Transition("correct", _CURRENT, _SUPERSEDED, Can.SIGN_PRESCRIPTIONS, _("Correct"), needs_reason=True),
        Transition("withdraw", _CURRENT, _WITHDRAWN, Can.SIGN_PRESCRIPTIONS, _("Withdraw"), needs_reason=True),
        Transition(
            "enter_in_error", _CURRENT, _ERROR, Can.SIGN_PRESCRIPTIONS, _("Mark as entered in error"), needs_reason=True
        ),
        Transition(
            "enter_in_error",
            _SUPERSEDED,
            _ERROR,
            Can.SIGN_PRESCRIPTIONS,
            _("Mark as entered in error"),
            needs_reason=True,
        ),
    ],
)

TONES = {_DRAFT: "neutral", _CURRENT: "success", _SUPERSEDED: "warning", _WITHDRAWN: "danger", _ERROR: "danger"}
ICONS = {_DRAFT: "pen", _CURRENT: "pass", _SUPERSEDED: "review", _WITHDRAWN: "fail", _ERROR: "fail"}

# Why a signed value is corrected. The first letter says whose side it lay on: prescriber, system entry, outside paper.
CORRECTION_REASONS = [
    ("P02", _("P02 Written down wrong by the prescriber")),
    ("P01", _("P01 Prescription changed after a new test")),
    ("S01", _("S01 Typed wrong from the paper or the instrument")),
    ("X01", _("X01 The outside prescriber sent a corrected one")),
    ("C01", _("C01 The customer cannot get used to it")),
    ("O99", _("O99 Another reason, in words")),
]

ENDING_REASONS = [
    ("W01", _("W01 A medical reason: do not supply")),
    ("W02", _("W02 Withdrawn by the outside prescriber")),
    ("W03", _("W03 Replaced by a prescription from elsewhere")),
    ("E01", _("E01 Belongs to another customer")),
    ("E02", _("E02 Recorded twice")),
    ("E03", _("E03 Never examined: should not exist")),
    ("O99", _("O99 Another reason, in words")),
]
