from aftersales.selectors.listing import (
    ReturnFilters,
    badge,
    page_of,
    read,
    return_of,
    returns_for,
    rows_of,
    tabs,
    undecided,
)

__all__ = ["ReturnFilters", "badge", "page_of", "read", "return_of", "returns_for", "rows_of", "tabs", "undecided"]
