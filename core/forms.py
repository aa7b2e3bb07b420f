"""The form every screen starts from: our markup, an idempotency key, the version it was opened with, refusals at the field."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.errors import Clash, DomainError, Missing, NotAllowed, NotVisible, StaleRecord

KEY = "_key"
VERSION = "_version"
MERGE = "_merge_"
THEIRS = "theirs"

FILL_IN = _lazy("Fill this in.")
CHOOSE = _lazy("Choose one.")

T = TypeVar("T")


class Renderer(TemplatesSetting):
    """Fields and forms come out as the design system's components, allauth's included."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class Form(forms.Form):
    """A form that becomes one call of one service.

    `version` is the row's version when the page was opened; the service compares it and raises StaleRecord.
    After a refusal `missing` and `clashes` say why; what was typed stays.
    """

    use_required_attribute = False
    _key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    _version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.missing: tuple[Missing, ...] = ()
        self.clashes: tuple[Clash, ...] = ()
        self.result: Any = None
        self.initial = {KEY: uuid.uuid4(), **self.initial}
        if version is not None:
            self.initial[VERSION] = version
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = CHOOSE if isinstance(field, forms.ChoiceField) else FILL_IN
        if self.is_bound:
            self._take_theirs()

    @property
    def idempotency_key(self) -> uuid.UUID | None:
        """The key that this page was given when it was opened."""
        key: uuid.UUID | None = self.cleaned_data.get(KEY)
        return key

    @property
    def version(self) -> int | None:
        """The row version this page was opened with."""
        version: int | None = self.cleaned_data.get(VERSION)
        return version

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the two hidden fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {KEY, VERSION}}

    def attempt(self, action: Callable[[], T]) -> bool:
        """Validate, then run the action. A refusal becomes errors of this form; True when it was done.

        403 and 404 refusals are raised on: they are answers for a page of their own.
        """
        if not self.is_valid():
            return False
        try:
            self.result = action()
        except (NotAllowed, NotVisible):
            raise
        except StaleRecord as error:
            self._show_clashes(error)
        except DomainError as error:
            self._show_refusal(error)
        else:
            return True
        return False

    def _show_refusal(self, error: DomainError) -> None:
        known = {name: message for name, message in error.fields.items() if name in self.fields}
        for name, message in known.items():
            self.add_error(name, message)
        for name, message in error.fields.items():
            if name not in known:
                self.add_error(None, message)
        self.missing = error.missing
        if not error.fields:
            self.add_error(None, error.message)

    def _show_clashes(self, error: StaleRecord) -> None:
        """The next send carries the newer version: the person has now seen both sides."""
        self.clashes = error.clashes
        self._set(VERSION, str(error.current_version))
        self.add_error(None, error.message or _("Somebody else saved first. Choose what to keep, then save again."))

    def _take_theirs(self) -> None:
        """Where the merge table said "theirs", what is stored now replaces what was typed."""
        for name, field in self.fields.items():
            if self.data.get(self.add_prefix(f"{MERGE}{name}")) == THEIRS:
                self._set(name, field.prepare_value(self.get_initial_for_field(field, name)))

    def _set(self, name: str, value: Any) -> None:
        data = self.data.copy() if isinstance(self.data, QueryDict | MultiValueDict) else dict(self.data)
        key = self.add_prefix(name)
        if value is None or value is False:
            data.pop(key, None)
        elif isinstance(value, list | tuple) and isinstance(data, MultiValueDict):
            data.setlist(key, [str(item) for item in value])
        else:
            data[key] = str(value)
        self.data = data
