from reports.models.exports import Export, ExportFormat, ExportState, SavedReport, Sharing
from reports.models.measures import Fact, Reader, Summary, Target
from reports.models.packs import Pack

__all__ = [
    "Export",
    "ExportFormat",
    "ExportState",
    "Fact",
    "Pack",
    "Reader",
    "SavedReport",
    "Sharing",
    "Summary",
    "Target",
]
