"""The powers a laboratory says to inspect: what the focimeter must show for a lens made to position of wear.

Sources in a file, best first: `INS*` (to inspect), `LDDR*` with `LDADD` (the design's distance reference), `LDNR*` (its
near reference). Optics notes, sections 3.3 and 4.4.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism, resolve

from . import dcs
from .dcs import ASCII, LabFile
from .fields import Sided
from .order_reader import EYES, SideReader

LARGEST_POWER = Decimal(60)


@dataclass(frozen=True, slots=True)
class _Source:
    """The labels of one set of powers."""

    name: str
    sphere: str
    cylinder: str
    axis: str
    add: str | None = None
    prism_amount: str | None = None
    prism_base: str | None = None


INSPECTION = _Source("INS", "INSSPH", "INSCYL", "INSAX", "INSADD", "INSPRPRVM", "INSPRPRVA")
INSPECTION_DISTANCE = _Source("INSDR", "INSDRSPH", "INSDRCYL", "INSDRAX", "INSADD", "INSPRPRVM", "INSPRPRVA")
DISTANCE_REFERENCE = _Source("LDDR", "LDDRSPH", "LDDRCYL", "LDDRAX", "LDADD", "LDPRVM", "LDPRVA")
INSPECTION_NEAR = _Source("INSNR", "INSNRSPH", "INSNRCYL", "INSNRAX")
NEAR_REFERENCE = _Source("LDNR", "LDNRSPH", "LDNRCYL", "LDNRAX")
DISTANCE_SOURCES = (INSPECTION, INSPECTION_DISTANCE, DISTANCE_REFERENCE)
NEAR_SOURCES = (INSPECTION_NEAR, NEAR_REFERENCE)


@dataclass(frozen=True, slots=True)
class Verification:
    """The powers to check one lens by. `source` is the family of labels they came from; values as computed, 0.01 D."""

    source: str
    power: EyePower
    prism: Prism | None = None
    near: EyePower | None = None


def read(content: bytes | str, *, encoding: str = ASCII) -> Sided[Verification | None]:
    """The powers to check both lenses by; none for a side the file says nothing about. Raises ExchangeError."""
    return of_file(dcs.parse(content, encoding=encoding))


def of_file(file: LabFile) -> Sided[Verification | None]:
    """The same from a file already parsed."""
    return Sided(_verification(SideReader(file, "R")), _verification(SideReader(file, "L")))


def _verification(reader: SideReader) -> Verification | None:
    for source in DISTANCE_SOURCES:
        power = _power(reader, source)
        if power is not None:
            return Verification(source.name, power, _prism(reader, source), _near(reader))
    return None


def _near(reader: SideReader) -> EyePower | None:
    found = (_power(reader, source) for source in NEAR_SOURCES)
    return next((power for power in found if power is not None), None)


def _power(reader: SideReader, source: _Source) -> EyePower | None:
    sphere, cylinder, axis = (reader.number(label) for label in (source.sphere, source.cylinder, source.axis))
    if sphere is None:
        return None
    if cylinder and axis is None:
        raise reader.refusal(source.cylinder, _("a cylinder needs an axis."))
    if axis is not None and not 0 <= axis <= 180:
        raise reader.refusal(source.axis, _("an axis lies between 0 and 180."))
    if max(abs(sphere), abs(cylinder or Decimal(0))) > LARGEST_POWER:
        raise reader.refusal(source.sphere, _("such a power cannot be."))
    add = reader.number(source.add) if source.add else None
    return EyePower(sphere, cylinder or None, axis if cylinder else None, add or None)


def _prism(reader: SideReader, source: _Source) -> Prism | None:
    if source.prism_amount is None or source.prism_base is None:
        return None
    amount, base = reader.number(source.prism_amount), reader.number(source.prism_base)
    if amount is None:
        return None
    if amount == 0:
        return Prism()
    if amount < 0 or base is None:
        raise reader.refusal(source.prism_amount, _("a prism needs an amount and its base."))
    eye: Eye = EYES[reader.side]
    return resolve(eye, amount, base)
