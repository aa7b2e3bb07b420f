"""How eye tests and prescriptions read in a customer's story."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from prescriptions.models import Origin, PrescriptionKind, PrescriptionState
from records.models import Event
from records.phrases import CLINICAL, Phrase, register


def _words(event: Event) -> Mapping[str, Any]:
    """Kind, origin and state as a person reads them."""
    told = {**event.data, **event.new}
    return {
        "kind": str(dict(PrescriptionKind.choices).get(told.get("kind", ""), "")).lower(),
        "origin": str(dict(Origin.choices).get(told.get("origin", ""), "")).lower(),
        "state": str(dict(PrescriptionState.choices).get(told.get("state", ""), "")).lower(),
        "number": told.get("number", ""),
        "version": told.get("version", ""),
        "minutes": told.get("minutes", ""),
        "warned": _now("warnings confirmed: %(n)s") % {"n": told["warnings"]} if told.get("warnings") else "",
    }


register(
    {
        "eye_test.started": Phrase(_("Examination begun"), CLINICAL, "eye", "info", hidden=True),
        "eye_test.finished": Phrase(_("Eye test finished, %(minutes)s minutes"), CLINICAL, "eye", values=_words),
        "prescription.drafted": Phrase(_("Prescription typed, not signed: %(kind)s"), CLINICAL, "pen", values=_words, hidden=True),
        "prescription.draft_discarded": Phrase(_("Draft prescription thrown away"), CLINICAL, "cross", hidden=True),
        "prescription.signed": Phrase(
            _("Prescription %(number)s signed, %(kind)s, %(origin)s · %(warned)s"), CLINICAL, "eye", "success", values=_words
        ),
        "prescription.corrected": Phrase(
            _("Prescription corrected, version %(version)s"), CLINICAL, "pen", "review", shows_changes=True, values=_words
        ),
        "prescription.withdrawn": Phrase(_("Prescription %(number)s: %(state)s"), CLINICAL, "cross", "warning", values=_words),
    }
)  # fmt: skip
