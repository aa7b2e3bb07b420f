"""The form every screen starts from: our markup, an idempotency key, the version it was opened with, refusals at the field."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core import boxes, merging, versions
from core.errors import Clash, DomainError, Missing, NotAllowed, NotVisible, StaleRecord

KEY = "_key"
VERSION = "_version"
OPENED = "_opened"
MERGE = "_merge_"
THEIRS = "theirs"

FILL_IN = _lazy("Fill this in.")
CHOOSE = _lazy("Choose one.")

T = TypeVar("T")


def _told(clashes: Sequence[Clash]) -> str:
    """Who saved first; whether there is something to choose."""
    saves = [(clash.at, clash.by) for clash in clashes if clash.at]
    who = max(saves)[1] if saves else _("Somebody else")
    if any(clash.is_open for clash in clashes):
        return _("%(name)s saved first. Choose what to keep, then save again.") % {"name": who}
    return _("%(name)s saved first. Their changes are taken over beside yours: look, then save again.") % {"name": who}


class Renderer(TemplatesSetting):
    """Fields and forms come out as the design system's components, allauth's included."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        box = boxes.drawn(template_name, context["widget"]) if "widget" in context else None
        return super().render(template_name, context, request) if box is None else box


class Form(forms.Form):
    """A form that becomes one call of one service.

    `edits` is the row (or rows) that the fields change. When somebody else saved since the page was opened, what only they
    changed is taken over, what only this person changed is kept, and where both did the person chooses; nothing is saved
    before they have seen it. `stored` are the row's values where `initial` proposes others.

    `version` alone is for a decision about a record: the service compares it and raises StaleRecord.
    After a refusal `missing` and `clashes` say why; what was typed stays.
    """

    # Fields whose value is kept in a column of another name: there it is looked up who changed it.
    kept_in: ClassVar[Mapping[str, str]] = {}
    use_required_attribute = False
    _key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    _version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    _opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        version: int | None = None,
        edits: Any = None,
        stored: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.missing: tuple[Missing, ...] = ()
        self.clashes: tuple[Clash, ...] = ()
        self.is_stale = False
        self._stored = stored if stored is not None else self.initial
        self.edited = edits if isinstance(edits, list | tuple) else [edits] if edits else None
        if self.edited is not None:
            version = sum(versions.counted(row) for row in self.edited)
            self.initial[OPENED] = self._now
        self.result: Any = None
        self.initial = {KEY: uuid.uuid4(), **self.initial}
        if version is not None:
            self.initial[VERSION] = version
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = CHOOSE if isinstance(field, forms.ChoiceField) else FILL_IN

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
        """What was typed, without what the page knows of itself."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {KEY, VERSION, OPENED}}

    def full_clean(self) -> None:
        """Read what was typed, after what somebody else saved meanwhile was laid beside it."""
        if self.is_bound:
            self._take_theirs()
            self._meet()
        super().full_clean()
        if self.is_bound and self.clashes:
            self.add_error(None, _told(self.clashes))

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
        """A decision is sent again with the newer version, now that the person sees what is stored.

        A form that edits keeps the version it was opened with: it was overtaken between reading and saving, and lays both
        sides side by side when it is sent again.
        """
        self.is_stale = True
        if self.edited is None:
            self.clashes = error.clashes
            self._set(VERSION, str(error.current_version))
        self.add_error(None, error.message or _("Somebody else saved first. Choose what to keep, then save again."))

    def _take_theirs(self) -> None:
        """Where the table said "theirs", the stored value that stood there replaces what was typed."""
        seen = merging.read(self._posted(OPENED))
        seen = merging.stored(self, self._stored) if seen is None else seen
        for name in self.fields:
            if self._posted(f"{MERGE}{name}") == THEIRS:
                self._set(name, seen.get(name))

    def _meet(self) -> None:
        """Somebody saved since this page was opened: take over what only they changed, show what both did."""
        current, posted = str(self.initial.get(VERSION, "")), self._posted(VERSION)
        if self.edited is None or not posted or posted == current:
            return
        now = merging.stored(self, self._stored)
        saves = versions.last_saves(self.edited, {name: self.kept_in.get(name, name) for name in self.fields})
        found = merging.differing(self, merging.read(self._posted(OPENED)), now, saves)
        for clash in found:
            if not clash.is_yours:
                self._set(clash.field, now[clash.field])
        self._set(VERSION, current)
        self._set(OPENED, self._now())
        if any(clash.is_theirs for clash in found):
            self.clashes, self.is_stale = tuple(found), True

    def _now(self) -> str:
        """What is stored, for the page to carry along."""
        return json.dumps(merging.stored(self, self._stored), ensure_ascii=False, separators=(",", ":"))

    def _posted(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or "")

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
