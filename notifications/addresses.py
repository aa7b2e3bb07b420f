"""Addresses: the keyed hash that recognises one, masking for people, and links put in as a message leaves."""

import hashlib
import hmac
from base64 import b64encode

from django.conf import settings
from django.core import signing

from core import formats
from customers.models import Channel, Customer
from notifications import pictures
from notifications.facts import BOOKING_MARK, LINK_MARK, PREFERENCES_MARK
from notifications.models import Message
from notifications.rendering.mail import PICTURE_ID
from orders.services import links

_SALT, _BOOKING_SALT = "message-preferences", "visit-asked"
_HIDDEN = "••••••"
# A push notice goes to the browsers of an order.
ORDER = "order:"


def hash_of(channel: str, address: str) -> str:
    """Recognises an address again without keeping it."""
    text = f"{channel}:{address.strip().casefold()}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def address_of(customer: Customer, channel: str) -> str:
    """Where the customer is reached; empty when nowhere."""
    return {Channel.EMAIL: customer.email, Channel.SMS: customer.phone}.get(Channel(channel), "")


def masked(channel: str, address: str) -> str:
    """For the log: enough to recognise, not enough to use."""
    if channel == Channel.PUSH:
        return ""
    return formats.email_masked(address) if channel == Channel.EMAIL else formats.phone_masked(address)


def preferences_url(customer: Customer, purpose: str = "", channel: str = "") -> str:
    """The customer's own page for what we may write; it says nothing about orders."""
    return f"{settings.SITE_URL}/t/messages/{preferences_key(customer, purpose, channel)}/"


def booking_url(customer: Customer) -> str:
    """Where a reminder leads: the customer asks for an appointment, for later, or for no more reminders."""
    return f"{settings.SITE_URL}/t/visit/{booking_key(customer)}/"


def booking_key(customer: Customer) -> str:
    return signing.Signer(salt=_BOOKING_SALT).sign(customer.public_id.hex)


def read_booking(value: str) -> str | None:
    """The customer's public id out of such an address; None when it was not made here."""
    try:
        return signing.Signer(salt=_BOOKING_SALT).unsign(value)
    except signing.BadSignature:
        return None


def preferences_key(customer: Customer, purpose: str = "", channel: str = "") -> str:
    """The signed part of that address."""
    return signing.Signer(salt=_SALT).sign(f"{customer.public_id.hex}.{purpose}.{channel}")


def read_preferences(value: str) -> tuple[str, str, str] | None:
    """(public id, purpose, channel) of a signed address; None when it was not made here."""
    try:
        public_id, purpose, channel = signing.Signer(salt=_SALT).unsign(value).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return public_id, purpose, channel


def with_links(text: str, message: Message) -> str:
    """The text as it leaves: marks become this order's and this channel's own link."""
    if LINK_MARK in text and message.order is not None:
        text = text.replace(LINK_MARK, links.link_for(message.order, message.channel))
    if PREFERENCES_MARK in text and message.customer is not None:
        text = text.replace(PREFERENCES_MARK, preferences_url(message.customer))
    if BOOKING_MARK in text and message.customer is not None:
        text = text.replace(BOOKING_MARK, booking_url(message.customer))
    return text


def for_reading(text: str) -> str:
    """The text as staff read it in the log: the link works only for its owner, so its secret part is not shown."""
    hidden = f"{settings.SITE_URL}/t/{_HIDDEN}"
    for mark in (LINK_MARK, PREFERENCES_MARK, BOOKING_MARK):
        text = text.replace(mark, hidden)
    return text


def with_picture(html: str, name: str) -> str:
    """An e-mail's page with its picture inside: a browser does not know the parts of a mail."""
    found = pictures.read(name) if name else None
    if found is None:
        return html
    content, kind = found
    return html.replace(f"cid:{PICTURE_ID}", f"data:image/{kind};base64,{b64encode(content).decode()}")
