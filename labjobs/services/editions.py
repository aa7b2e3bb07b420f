"""Tolerance editions as records: shipped ones laid down once, edited ones as new revisions, one of them the default."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from core.states import Words
from labjobs.models import ToleranceEdition
from lensmath.tolerance import codec, shipped
from lensmath.tolerance.codec import EditionError, Fault
from lensmath.tolerance.edition import Edition
from records import events

FAULTS: dict[str, Words] = {
    "missing": gettext_lazy("%(detail)s is missing"),
    "not_a_number": gettext_lazy("%(detail)s is not a number"),
    "negative": gettext_lazy("%(detail)s is below zero"),
    "unknown_word": gettext_lazy("one of these words is wanted: %(detail)s"),
    "unknown_group": gettext_lazy("there is no such lens group: %(detail)s"),
    "no_rows": gettext_lazy("the rows are missing"),
    "not_a_row": gettext_lazy("this is not a row"),
    "limit_or_percent": gettext_lazy("each row needs either a limit or a percentage"),
    "last_row_open": gettext_lazy("only the last row has no upper end"),
    "must_rise": gettext_lazy("the upper ends must rise"),
    "no_open_row": gettext_lazy("one row must hold for any power"),
    "no_limit": gettext_lazy("a limit is missing"),
}


def ship() -> None:
    """Lay down the editions that come with the product, each once; ANSI Z80.1-2015 is the default of a new practice."""
    for code in shipped.shipped_codes():
        plain = shipped.shipped_plain(code)
        ToleranceEdition.objects.get_or_create(
            name=plain["name"],
            revision=1,
            defaults={
                "table": plain,
                "verified": plain.get("verified", False),
                "is_default": code == shipped.DEFAULT and not ToleranceEdition.objects.filter(is_default=True).exists(),
                "note": plain.get("source", "")[:200],
            },
        )


def default() -> ToleranceEdition:
    """The edition that checks are judged by now."""
    found = ToleranceEdition.objects.filter(is_default=True).first()
    if found is None:
        raise DomainError(
            _("No tolerance edition is chosen. Choose one under Settings, Tolerances."), code="no_edition"
        )
    return found


def tables(record: ToleranceEdition) -> Edition:
    """The edition's tables, ready to judge by."""
    return codec.from_plain(record.table)


@transaction.atomic
def revise(actor: Actor, edition_id: int, text: str, *, verified: bool, note: str) -> ToleranceEdition:
    """Keep an edited table as the next revision of its edition. Raises DomainError naming every fault."""
    access.require_everywhere(actor, Can.MANAGE_LABS)
    base = ToleranceEdition.objects.select_for_update().get(pk=edition_id)
    table = checked(text)
    return _add(actor, base.name, table, verified=verified, note=note, like=base)


@transaction.atomic
def add(actor: Actor, text: str, *, verified: bool, note: str) -> ToleranceEdition:
    """A table entered or imported: a new edition, or the next revision of the one of that name."""
    access.require_everywhere(actor, Can.MANAGE_LABS)
    table = checked(text)
    return _add(actor, str(table["name"]), table, verified=verified, note=note)


def _add(
    actor: Actor,
    name: str,
    table: Mapping[str, Any],
    *,
    verified: bool,
    note: str,
    like: ToleranceEdition | None = None,
) -> ToleranceEdition:
    newest = ToleranceEdition.objects.select_for_update().filter(name=name).order_by("-revision").first()
    takes_over = bool(newest and newest.is_default and verified)
    if newest and takes_over:
        newest.is_default = False
        newest.save()
    made = ToleranceEdition.objects.create(
        name=name,
        revision=newest.revision + 1 if newest else 1,
        table={**table, "name": name, "verified": verified},
        verified=verified,
        is_default=takes_over,
        note=note[:200],
    )
    old = {"revision": like.revision} if like else {}
    events.record(
        "tolerance.revised",
        actor,
        events.Fact(made, old=old, new={"edition": name, "revision": made.revision}, reason=note),
    )
    return made


@transaction.atomic
def choose(actor: Actor, edition_id: int) -> ToleranceEdition:
    """Judge by this edition from now on; checks made before keep theirs. Raises DomainError for tables nobody has compared."""
    access.require_everywhere(actor, Can.MANAGE_LABS)
    chosen = ToleranceEdition.objects.select_for_update().get(pk=edition_id)
    if not chosen.verified:
        message = _(
            "Nobody has compared these tables with the standard yet. Open them, compare, and keep them as verified."
        )
        raise DomainError(message, code="edition_unverified")
    before = ToleranceEdition.objects.select_for_update().filter(is_default=True).first()
    if before == chosen:
        return chosen
    if before:
        before.is_default = False
        before.save()
    chosen.is_default = True
    chosen.save()
    events.record(
        "tolerance.chosen",
        actor,
        events.Fact(chosen, old={"edition": label(before) if before else ""}, new={"edition": label(chosen)}),
    )
    return chosen


def label(record: ToleranceEdition) -> str:
    """`ANSI Z80.1-2015, version 3`."""
    return _("%(name)s, version %(n)s") % {"name": record.name, "n": record.revision}


def checked(text: str) -> dict[str, Any]:
    """The table of a typed or imported JSON text. Raises DomainError at `table` with every fault."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused([_("This is not readable JSON: %(why)s") % {"why": error}]) from error
    if not isinstance(plain, dict):
        raise _refused([_("The table must be one JSON object.")])
    try:
        return dict(codec.to_plain(codec.from_plain(plain)))
    except EditionError as error:
        raise _refused([fault_words(fault) for fault in error.faults]) from error


def fault_words(fault: Fault) -> str:
    """`axis: the upper ends must rise`."""
    words = str(FAULTS.get(fault.code, fault.code)) % {"detail": fault.detail}
    return f"{fault.place}: {words}"


def _refused(messages: list[str]) -> DomainError:
    text = _("The table cannot be used.")
    return DomainError(text, code="table_refused", fields={"table": " · ".join(messages)})
