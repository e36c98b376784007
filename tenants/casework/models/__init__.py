from tenants.casework.models.cases import LONGEST_SAID, SHORT_NUMBER, Case, CaseAct, CaseMaterial
from tenants.casework.models.setups import CaseCounter, CaseSetup, Intake
from tenants.casework.models.turns import (
    ArchiveSheet,
    CaseDecision,
    Correction,
    Delivery,
    Extension,
    LackingPromise,
    SpecialProcedure,
)

__all__ = [
    "LONGEST_SAID",
    "SHORT_NUMBER",
    "ArchiveSheet",
    "Case",
    "CaseAct",
    "CaseCounter",
    "CaseDecision",
    "CaseMaterial",
    "CaseSetup",
    "Correction",
    "Delivery",
    "Extension",
    "Intake",
    "LackingPromise",
    "SpecialProcedure",
]
