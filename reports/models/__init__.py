from reports.models.exports import Export, ExportFormat, ExportState, SavedReport, Sharing
from reports.models.measures import Fact, MonthSummary, Reader, Summary, Target
from reports.models.packs import Pack
from reports.models.privacy import Erasure, ErasureState
from reports.models.reconciling import Difference, Reconciliation
from reports.models.schedules import Delivery, Every, Outcome, Recipient, RunState, Schedule, ScheduleRun

__all__ = [
    "Delivery",
    "Difference",
    "Erasure",
    "ErasureState",
    "Every",
    "Export",
    "ExportFormat",
    "ExportState",
    "Fact",
    "MonthSummary",
    "Outcome",
    "Pack",
    "Reader",
    "Recipient",
    "Reconciliation",
    "RunState",
    "SavedReport",
    "Schedule",
    "ScheduleRun",
    "Sharing",
    "Summary",
    "Target",
]
