"""How many facts there are of each whole hour, packed into one number, so that many rows are added up at once. Pure."""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

_BITS = 32


@dataclass(frozen=True, slots=True)
class Hours:
    """32 bits a count, those of hour 0 the lowest: adding two numbers adds all counts, none of which comes near 2 to the 32nd.

    `below` has the counts of hours under zero (a record whose end was put before its beginning), those of -1 the lowest.
    """

    counts: int = 0
    below: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Hours":
        """From `{"31": 2, "40": 1}`, as a row of sums has it."""
        each = {int(hour): facts for hour, facts in counts.items()}
        return cls(
            _packed({hour: facts for hour, facts in each.items() if hour >= 0}),
            _packed({-1 - hour: facts for hour, facts in each.items() if hour < 0}),
        )

    @classmethod
    def total(cls, many: Iterable["Hours"]) -> "Hours":
        """All counts together."""
        counts = below = 0
        for one in many:
            counts += one.counts
            below += one.below
        return cls(counts, below) if counts or below else NO_HOURS

    def percentile(self, share: Decimal) -> int | None:
        """The smallest whole hour that at least this share of the facts does not exceed (`percentile_disc`)."""
        below = _unpacked(self.below)[::-1]
        reached = list(accumulate([*below, *_unpacked(self.counts)]))
        return bisect_left(reached, share * reached[-1]) - len(below) if reached else None


NO_HOURS = Hours()


def _packed(counts: Mapping[int, int]) -> int:
    each = [0] * (max(counts, default=-1) + 1)
    for place, facts in counts.items():
        each[place] = facts
    return int.from_bytes(struct.pack(f"<{len(each)}I", *each), "little")


def _unpacked(packed: int) -> tuple[int, ...]:
    length = -(-packed.bit_length() // _BITS)
    return struct.unpack(f"<{length}I", packed.to_bytes(4 * length, "little"))
