"""Ways to be paid online, one adapter a file. `PAYMENT_GATEWAY` chooses: empty (none), `stripe`, or `stand-in`."""

from django.conf import settings

from orders.gateways.base import Gateway
from orders.gateways.stand_in import StandIn

STAND_IN, STRIPE = "stand-in", "stripe"


def current() -> Gateway | None:
    """The gateway that customers pay with, or None: then no page offers it."""
    return named(settings.PAYMENT_GATEWAY)


def named(name: str) -> Gateway | None:
    """One that is set up. Stripe keeps listening for its notices and refunds after the practice has moved to another."""
    if name == STAND_IN and settings.PAYMENT_GATEWAY == STAND_IN:
        return StandIn()
    if name == STRIPE and settings.STRIPE_SECRET_KEY:
        from orders.gateways.stripe import from_settings

        return from_settings()
    return None
