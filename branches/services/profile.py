"""A person's own settings."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from branches.models import User

FIELDS = ("full_name", "registration_number", "phone", "language", "single_key_shortcuts")


@transaction.atomic
def change(user_id: int, **values: object) -> User:
    """Name, contact and habits: the fields of FIELDS."""
    user = User.objects.select_for_update().get(pk=user_id)
    for name in FIELDS:
        setattr(user, name, values[name])
    user.save()
    return user


@transaction.atomic
def set_pin(user_id: int, pin: str) -> User:
    """Six digits for enrolled desks; an empty one takes the PIN away. Only its hash is kept."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.pin_hash = make_password(pin) if pin else ""
    user.save(update_fields=["pin_hash"])
    return user
