from reports.models.exports import Export, ExportFormat, ExportState, SavedReport, Sharing
from reports.models.measures import Fact, Reader, Summary, Target

__all__ = [
    "Export",
    "ExportFormat",
    "ExportState",
    "Fact",
    "Reader",
    "SavedReport",
    "Sharing",
    "Summary",
    "Target",
]
