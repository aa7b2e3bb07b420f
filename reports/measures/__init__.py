"""Every measure of the practice: definition in words, the query that makes its facts, and its causes."""

from reports.measures.base import Better, Cause, Kind, Measure, Unit
from reports.measures.catalogue import MEASURES, get, of_unit

__all__ = ["MEASURES", "Better", "Cause", "Kind", "Measure", "Unit", "get", "of_unit"]
