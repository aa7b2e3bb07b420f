"""What an optometrist has due in a branch: drafts that wait for a signature."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from prescriptions.models import Prescription, PrescriptionState
from visits.due_now import Asked, DueNow, register


def _to_sign(asked: Asked) -> DueNow | None:
    waiting = Prescription.objects.filter(branch=asked.branch, state=PrescriptionState.DRAFT).count()
    return DueNow(waiting, _("Prescriptions to sign"), reverse("prescriptions:list"))


register("prescriptions_to_sign", 15, _to_sign, Can.SIGN_PRESCRIPTIONS)
