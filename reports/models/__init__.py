from reports.models.exports import Export, ExportFormat, ExportState, SavedReport, Sharing
from reports.models.measures import Fact, Reader, Summary, Target
from reports.models.packs import Pack
from reports.models.privacy import Erasure, ErasureState
from reports.models.reconciling import Difference, Reconciliation

__all__ = [
    "Difference",
    "Erasure",
    "ErasureState",
    "Export",
    "ExportFormat",
    "ExportState",
    "Fact",
    "Pack",
    "Reader",
    "Reconciliation",
    "SavedReport",
    "Sharing",
    "Summary",
    "Target",
]
