"""Is this prescription plausible? The one judge for the grid, the API, imports and FHIR.

``check`` gives every finding of a prescription being written; ``check_dispensing`` adds what only matters when glasses are made.
The rules of one eye stand in `eye_rules`, those that compare the eyes, the PDs and the last prescription in `pair_rules`.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lensmath.numbers import is_sane
from lensmath.prism import Eye
from prescriptions.eye_rules import eye_verdicts
from prescriptions.limits import DEFAULT, Limits
from prescriptions.pair_rules import change_verdicts, pair_verdicts, pd_verdicts
from prescriptions.values import TYPES, PrescriptionValues
from prescriptions.verdicts import Level, Verdict


def check(
    values: PrescriptionValues, previous: PrescriptionValues | None = None, limits: Limits = DEFAULT
) -> list[Verdict]:
    """Every finding, eye by eye, then for the pair, then against the last prescription of the same kind.

    Numbers that nothing could be made of are said alone: no other rule can judge them.
    """
    verdicts = list(_unusable(values))
    if verdicts:
        return verdicts
    if values.kind not in TYPES:
        verdicts.append(Verdict("type_unknown", Level.REFUSE, field="kind"))
    if values.right is None and values.left is None:
        verdicts.append(Verdict("no_eye", Level.REFUSE, field="sphere"))
    for eye, written in values.eyes():
        verdicts += eye_verdicts(values.kind, eye, written, limits)
    verdicts += pair_verdicts(values, limits)
    verdicts += pd_verdicts(values, limits)
    if previous is not None and not any(_unusable(previous)):
        verdicts += change_verdicts(values, previous, limits)
    return verdicts


def _unusable(values: PrescriptionValues) -> Iterator[Verdict]:
    whose: list[tuple[Eye | None, object]] = [(None, values), *values.eyes()]
    for eye, holder in whose:
        for name, value in vars(holder).items():
            if isinstance(value, Decimal) and not is_sane(value):
                yield Verdict("number_unusable", Level.REFUSE, eye, name)
    for eye, written in values.eyes():
        for entry in written.prisms:
            if any(isinstance(value, Decimal) and not is_sane(value) for value in vars(entry).values()):
                yield Verdict("number_unusable", Level.REFUSE, eye, "prism")


def check_dispensing(values: PrescriptionValues, on: date) -> list[Verdict]:
    """What forbids making glasses or handing out lenses on that day: no prescriber, or expired. The expiry day still counts."""
    verdicts = []
    if not values.prescriber.strip():
        verdicts.append(Verdict("prescriber_missing", Level.REFUSE, field="prescriber"))
    if values.expires_on is not None and on > values.expires_on:
        verdicts.append(Verdict("expired", Level.REFUSE, field="expires_on", params={"date": values.expires_on}))
    return verdicts


def refuses(verdicts: list[Verdict]) -> bool:
    """Whether any finding stops the save."""
    return any(verdict.level is Level.REFUSE for verdict in verdicts)
