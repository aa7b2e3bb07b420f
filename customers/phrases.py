"""How a customer's own events read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import Channel, ConsentPurpose
from records.models import Event
from records.phrases import CHANGES, MESSAGES, Phrase, register


def _consent(event: Event) -> Mapping[str, Any]:
    return {
        "purpose_label": dict(ConsentPurpose.choices).get(event.data.get("purpose", ""), ""),
        "channel_label": dict(Channel.choices).get(event.data.get("channel", ""), ""),
    }


register(
    {
        "customer.created": Phrase(_("Customer record made"), CHANGES, "plus"),
        "customer.changed": Phrase(_("Customer record changed"), CHANGES, "pen", shows_changes=True),
        "customer.identity_checked": Phrase(_("Identity checked"), CHANGES, "pass", "success"),
        "customer.called": Phrase(_("Called for the recall"), MESSAGES, "phone", shows_changes=True),
        "customer.recall_due": Phrase(_("Recall due"), MESSAGES, "bell", hidden=True),
        "customer.archived": Phrase(_("Archived: its import was taken back"), CHANGES, "cross", "warning"),
        "customer.merged": Phrase(_("%(merged)s merged into %(kept)s"), CHANGES, "people", "warning"),
        "customer.import_uploaded": Phrase(_("List of customers uploaded"), CHANGES, "doc", hidden=True),
        "customer.imported": Phrase(_("List of customers imported"), CHANGES, "doc", hidden=True),
        "customer.import_discarded": Phrase(_("List of customers discarded"), CHANGES, "cross", hidden=True),
        "customer.import_reversed": Phrase(_("Import of customers taken back"), CHANGES, "cross", hidden=True),
        "consent.given": Phrase(
            _("Consent given: %(purpose_label)s, %(channel_label)s"), CHANGES, "pass", "success", values=_consent
        ),
        "consent.withdrawn": Phrase(
            _("Consent withdrawn: %(purpose_label)s, %(channel_label)s"), CHANGES, "cross", values=_consent
        ),
    }
)
