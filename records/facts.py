"""The six facts of a record, filled by the system; what nobody recorded is said in words by the component."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext as _

from branches.roles import Role
from core import ui
from records import events, registry
from records.models import Evidence, EvidenceKind, Record


def six_facts(record: Record, pieces: Sequence[Evidence] | None = None) -> ui.SixFacts:
    """Source, time, responsible role, evidence, approval and closure of any registered record.

    `pieces` is its evidence where the page has read it already.
    """
    kind = registry.kind_of(events.type_of(record))
    approval, tone = kind.approval(record)
    return ui.SixFacts(
        source=(kind.source(record) if kind.source else "") or record.get_source_display(),
        recorded=record.recorded_at,
        responsible=(kind.responsible or responsible)(record),
        evidence=evidence_words(record, pieces),
        approval=approval,
        approval_tone=tone,
        closes_when=kind.closes_when(record),
    )


def responsible(record: Record) -> str:
    """`Pieter Venter, dispensing optician`: the person where known, and the role."""
    role = role_word(record.responsible_role)
    name = record.recorded_by.full_name if record.recorded_by_id and record.recorded_by else ""
    return ", ".join(part for part in (name, role[:1].lower() + role[1:] if name else role) if part)


def role_word(code: str) -> str:
    """A role's name as a person reads it; the system and customers have none of the eight."""
    words = {**dict(Role.choices), "system": _("System"), "customer": _("Customer")}
    return str(words.get(code, ""))


def evidence_words(record: models.Model, pieces: Sequence[Evidence] | None = None) -> str:
    """`3 · photo, scan, signature`, or empty when there is none."""
    found = Evidence.objects.filter(subject_type=events.type_of(record), subject_id=record.pk, withdrawn_at=None)
    kinds = [piece.kind for piece in pieces] if pieces is not None else list(found.values_list("kind", flat=True))
    if not kinds:
        return ""
    words = dict.fromkeys(str(EvidenceKind(kind).label).lower() for kind in kinds)
    return f"{len(kinds)} · {', '.join(words)}"
