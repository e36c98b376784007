from tenants.casework.models.cases import LONGEST_SAID, SHORT_NUMBER, Case, CaseAct, CaseMaterial
from tenants.casework.models.setups import CaseCounter, CaseSetup, Intake
from tenants.casework.models.turns import (
    ArchiveSheet,
    Correction,
    Decision,
    Delivery,
    Extension,
    SpecialProcedure,
)

__all__ = [
    "LONGEST_SAID",
    "SHORT_NUMBER",
    "ArchiveSheet",
    "Case",
    "CaseAct",
    "CaseCounter",
    "CaseMaterial",
    "CaseSetup",
    "Correction",
    "Decision",
    "Delivery",
    "Extension",
    "Intake",
    "SpecialProcedure",
]
