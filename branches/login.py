"""How staff sign in: with e-mail and password, no self sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
