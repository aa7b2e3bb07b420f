"""What each record kind tells about itself, declared by the app that owns it in `record_kinds.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from branches.roles import Can
from branches.scope import Scope
from core.errors import NotVisible


@dataclass(frozen=True)
class RecordKind:
    """How the shared pages (evidence, history, reviews, cases) reach a record.

    `visible` answers whether a scope may see the record; `links` gives its (customer id, order id); `approval` the words
    and tone of its approval status; `closes_when` its closure condition. `history_right`: a further right that its history
    needs as the record stands now. `source` are words that say more than the kind of source, `responsible` who answers
    for it where that is not who recorded it.
    """

    model: type[models.Model]
    label: str | Promise
    can_view: Can
    url: Callable[[Any], str]
    title: Callable[[Any], str]
    visible: Callable[[Any, Scope], bool]
    links: Callable[[Any], tuple[int | None, int | None]]
    approval: Callable[[Any], tuple[str, str]]
    closes_when: Callable[[Any], str]
    branch_id: Callable[[Any], int | None]
    hidden_fields: Iterable[str] = ()
    history_right: Callable[[Any], Can | None] = lambda _record: None
    source: Callable[[Any], str] | None = None
    responsible: Callable[[Any], str] | None = None


_kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    _kinds[kind.model._meta.label_lower] = kind


def all_kinds() -> dict[str, RecordKind]:
    return dict(_kinds)


def kind_of(record_type: str) -> RecordKind:
    """Raises NotVisible for an unknown type, so that a guessed address tells nothing."""
    try:
        return _kinds[record_type]
    except KeyError as error:
        raise NotVisible(_("Not found.")) from error


def load(record_type: str, record_id: int, scope: Scope) -> tuple[RecordKind, models.Model]:
    """The record behind (type, id) if the scope may see it; otherwise NotVisible."""
    kind = kind_of(record_type)
    record = apps.get_model(record_type)._default_manager.filter(pk=record_id).first()
    if record is None or not kind.visible(record, scope):
        raise NotVisible(_("Not found."))
    return kind, record


def load_or_deleted(record_type: str, record_id: int, scope: Scope) -> tuple[RecordKind, models.Model, bool]:
    """As `load`, and for its history also a record that was deleted: as it stood last. True when it is gone."""
    kind = kind_of(record_type)
    model: Any = apps.get_model(record_type)
    if model._default_manager.filter(pk=record_id).exists() or not hasattr(model, "history"):
        return (*load(record_type, record_id, scope), False)
    last = model.history.filter(**{model._meta.pk.attname: record_id}).order_by("-history_id").first()
    if last is None or not kind.visible(last.instance, scope):
        raise NotVisible(_("Not found."))
    return kind, last.instance, True
