"""The shared pages: a record's history and evidence show the record itself; a thumbnail is a part of the page around it."""

from collections.abc import Mapping
from typing import Any

from records import looks
from records.looks import Seen
from records.models import Evidence, Review


def _subject(named: Mapping[str, Any]) -> Seen:
    return Seen(named["record_type"], "pk", [named["record_id"]])


def _evidence(named: Mapping[str, Any]) -> Seen | None:
    found = Evidence.objects.filter(pk=named["evidence_id"]).values_list("subject_type", "subject_id").first()
    return Seen(found[0], "pk", [found[1]]) if found else None


def _thumbnail(named: Mapping[str, Any]) -> Seen | None:
    seen = _evidence(named)
    return Seen(seen.record_type, seen.by, seen.values, is_part=True) if seen else None


def _review(named: Mapping[str, Any]) -> Seen | None:
    found = Review.objects.filter(pk=named["review_id"]).values_list("subject_type", "subject_id").first()
    return Seen(found[0], "pk", [found[1]]) if found else None


looks.shown_by(
    _subject,
    "records/<str:record_type>/<int:record_id>/",
    "cases/open/<str:record_type>/<int:record_id>/",
)
looks.shown_by(_evidence, "records/evidence/<int:evidence_id>/")
looks.shown_by(_thumbnail, "records/evidence/<int:evidence_id>/small/")
looks.shown_by(_review, "records/reviews/<int:review_id>/")
