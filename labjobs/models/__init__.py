from labjobs.models.handover import Fitting, Warranty
from labjobs.models.job import Job, JobMove, JobState, Lab, LabKind, Stage, Tray
from labjobs.models.quality import QualityCheck, QualityLine, ToleranceEdition

__all__ = [
    "Fitting",
    "Job",
    "JobMove",
    "JobState",
    "Lab",
    "LabKind",
    "QualityCheck",
    "QualityLine",
    "Stage",
    "ToleranceEdition",
    "Tray",
    "Warranty",
]
