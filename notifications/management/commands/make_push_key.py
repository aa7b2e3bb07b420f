"""`manage.py make_push_key` prints a new private key for push notices, ready for `.env`."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints VAPID_PRIVATE_KEY=… for push notices. `./dev up` makes one at its first start by itself."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        self.stdout.write(
            f"VAPID_PRIVATE_KEY={base64.urlsafe_b64encode(number.to_bytes(32, 'big')).rstrip(b'=').decode()}"
        )
