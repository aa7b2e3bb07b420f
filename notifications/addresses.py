"""Addresses: the keyed hash that recognises one, masking for people, and links put in as a message leaves."""

import hashlib
import hmac

from django.conf import settings
from django.core import signing

from core import formats
from customers.models import Channel, Customer
from notifications.facts import LINK_MARK, PREFERENCES_MARK
from notifications.models import Message
from orders.services import links

_SALT = "message-preferences"
_HIDDEN = "••••••"


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
    return text


def for_reading(text: str) -> str:
    """The text as staff read it in the log: the link works only for its owner, so its secret part is not shown."""
    hidden = f"{settings.SITE_URL}/t/{_HIDDEN}"
    return text.replace(LINK_MARK, hidden).replace(PREFERENCES_MARK, hidden)
