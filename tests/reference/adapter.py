"""From the kinds of the worked cases to the product's own functions; nothing is worked out here.

The parts beside this file translate a case's words into the product's values, call one function, and name its results.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.reference import fhir_documents, lab_files, lenses, tolerances, trade

ADAPTERS: Mapping[str, Callable[[Any], Any]] = {
    **lenses.KINDS,
    **tolerances.KINDS,
    **trade.KINDS,
    **lab_files.KINDS,
    **fhir_documents.KINDS,
}
