"""The list of measures, in the order of the dashboard."""

from django.utils.translation import gettext as _

from core.errors import NotVisible
from reports.measures import care, commercial, laboratory, service, stock
from reports.measures.base import Measure, Unit

MEASURES: tuple[Measure, ...] = (
    laboratory.LAB_TURNAROUND,
    laboratory.REWORK,
    commercial.FRAME_MARGIN,
    commercial.LENS_MARGIN,
    commercial.REPEAT,
    laboratory.ON_TIME,
    care.SATISFACTION,
    laboratory.ORDER_TURNAROUND,
    care.UNCOLLECTED,
    commercial.CONVERSION,
    commercial.CAPTURE,
    service.NO_SHOW,
    care.RECALL,
    stock.TURN,
    stock.OLD_STOCK,
    service.CASES_OPENED,
    service.CASES,
    service.MESSAGES,
    care.LINK_USE,
)
_BY_CODE = {measure.code: measure for measure in MEASURES}


def get(code: str) -> Measure:
    """Raises NotVisible for an unknown code."""
    try:
        return _BY_CODE[code]
    except KeyError as error:
        raise NotVisible(_("Not found.")) from error


def of_unit(unit: Unit) -> tuple[Measure, ...]:
    """The measures computed from one kind of record."""
    return tuple(measure for measure in MEASURES if measure.unit == unit)
