from reports.datasets import holding, making, people, selling, sending, watching
from reports.datasets.base import Column, Dataset, Definition, Filter, Kind, every, find

__all__ = [
    "Column",
    "Dataset",
    "Definition",
    "Filter",
    "Kind",
    "every",
    "find",
    "holding",
    "making",
    "people",
    "selling",
    "sending",
    "watching",
]
