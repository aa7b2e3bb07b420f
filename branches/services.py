"""Writes about people and branches: one public function is one use case in one transaction."""

from django.db import transaction

from branches.models import User

PROFILE_FIELDS = ("full_name", "registration_number", "phone", "language", "single_key_shortcuts")


@transaction.atomic
def change_profile(user_id: int, **values: object) -> User:
    """A person's own name, contact and habits. Only the fields of PROFILE_FIELDS."""
    user = User.objects.select_for_update().get(pk=user_id)
    for name in PROFILE_FIELDS:
        setattr(user, name, values[name])
    user.save()
    return user
