"""Why a promised date moves: the causes that measures count by."""

from django.utils.translation import gettext_lazy as _

from core.states import Words

CAUSES: list[tuple[str, Words]] = [
    ("lab_delay", _("Delay in the laboratory")),
    ("lens_supplier", _("Lens late from the supplier")),
    ("frame_supplier", _("Frame late from the supplier")),
    ("breakage", _("Broken in work")),
    ("failed_check", _("Failed quality check")),
    ("prescription", _("Prescription changed")),
    ("approval", _("Waiting for the customer's approval")),
    ("customer", _("Customer asked for another day")),
    ("shop", _("Our mistake in the shop")),
]
