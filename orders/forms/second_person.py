"""A second person agrees on the spot: e-mail and password beside the asker's own session."""

import hashlib
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import User
from core.forms import Form

TRIES, WINDOW_SECONDS = 5, 15 * 60


class SecondPersonForm(Form):
    """Two fields that stay empty unless somebody else has to agree. `second_person_id` is who did."""

    second_email = forms.EmailField(
        label=gettext_lazy("Second person, e-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    second_password = forms.CharField(
        label=gettext_lazy("Second person, password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        email = self.cleaned_data.get("second_email", "")
        if email and "second_password" in self.cleaned_data:
            self.second_person_id = self._checked(email, self.cleaned_data["second_password"])
        return cleaned

    second_person_id: int | None = None

    def _checked(self, email: str, password: str) -> int | None:
        """The person's id, or an error at the field; five wrong tries close the door for a quarter of an hour."""
        counter = f"second-person:{hashlib.sha256(email.lower().encode()).hexdigest()[:32]}"
        cache.add(counter, 0, WINDOW_SECONDS)
        if cache.get(counter, 0) >= TRIES:
            self.add_error("second_email", _("Too many wrong tries. Wait a quarter of an hour."))
            return None
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None or not person.check_password(password):
            cache.incr(counter)
            self.add_error("second_email", _("The e-mail or the password is not right."))
            return None
        return person.pk
