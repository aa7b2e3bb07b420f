"""May we write to this customer? One rule for every message."""

from collections.abc import Mapping

from customers.contact import is_mobile
from customers.models import Channel, ConsentPurpose, Customer

# Messages about an order or visit are part of the service: allowed until the customer says no. The rest need a yes.
_ALLOWED_UNTIL_NO = {ConsentPurpose.ORDER_MESSAGES.value}


def answers(customer: Customer) -> dict[tuple[str, str], bool]:
    """The newest answer for each (purpose, channel) that was ever asked. Of many people: prefetch their `consents`."""
    oldest_first = sorted(customer.consents.all(), key=lambda row: row.pk)
    return {(row.purpose, row.channel): row.granted for row in oldest_first}


def agreed(given: Mapping[tuple[str, str], bool], purpose: str, channel: str) -> bool:
    """What the answers come to for one purpose and channel."""
    return given.get((purpose, channel), purpose in _ALLOWED_UNTIL_NO)


def reachable(customer: Customer, channel: str) -> bool:
    """Whether there is an address for the channel. A push notice is bound to a link, which knows by itself."""
    if channel == Channel.SMS:
        return is_mobile(customer.phone)
    return bool(customer.email) if channel == Channel.EMAIL else True


def may_send(customer: Customer, purpose: str, channel: str) -> bool:
    """Consent, an address that the channel can use, and a record that is in use."""
    if customer.erased_at or customer.restricted_at or customer.merged_into_id or customer.archived_at:
        return False
    return reachable(customer, channel) and agreed(answers(customer), purpose, channel)
