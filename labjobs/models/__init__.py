from labjobs.models.handover import Fitting, Warranty, WarrantyTerm
from labjobs.models.job import Job, JobMove, JobState, Lab, LabKind, LabMessage, Stage, Tray
from labjobs.models.quality import QualityCheck, QualityLine, ToleranceEdition
from labjobs.models.remake import Remake, RemakeKind, RemakeState

__all__ = [
    "Fitting",
    "Job",
    "JobMove",
    "JobState",
    "Lab",
    "LabKind",
    "LabMessage",
    "QualityCheck",
    "QualityLine",
    "Remake",
    "RemakeKind",
    "RemakeState",
    "Stage",
    "ToleranceEdition",
    "Tray",
    "Warranty",
    "WarrantyTerm",
]
