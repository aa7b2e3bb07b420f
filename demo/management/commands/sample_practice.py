"""`manage.py sample_practice`: fill an empty database with a practice at work; says how to sign in."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo import practice, staff


class Command(BaseCommand):
    help = "Make the sample practice once; a practice that has staff is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        practice.build(timezone.now())
        accounts = staff.logins()
        if accounts:
            self.stdout.write(
                f"Sample logins, all with the password {staff.PASSWORD} (PIN at an enrolled desk {staff.PIN}):"
            )
            width = max(len(email) for email, _name, _roles in accounts)
            for email, name, roles in accounts:
                self.stdout.write(f"  {email:<{width}}  {name}, {roles}")
