from reports.datasets import holding, looking, making, people, selling, sending, watching
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
    "looking",
    "making",
    "people",
    "selling",
    "sending",
    "watching",
]
