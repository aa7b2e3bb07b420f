"""What the pages about branches and staff read."""

from django.db.models import QuerySet

from branches.models import User
from branches.roles import MATRIX, Can


def managers() -> QuerySet[User]:
    """Active people who may give roles, for "ask your manager"."""
    roles = [role for role, powers in MATRIX.items() if Can.MANAGE_STAFF in powers]
    return User.objects.filter(is_active=True, memberships__role__in=roles).distinct()
