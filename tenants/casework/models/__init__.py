from tenants.casework.models.cases import LONGEST_SAID, SHORT_NUMBER, Case, CaseAct, CaseMaterial
from tenants.casework.models.licences import UsedLicence
from tenants.casework.models.referrals import CarriedPart, CollectedForm, Collection
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
    "CarriedPart",
    "Case",
    "CaseAct",
    "CaseCounter",
    "CaseDecision",
    "CaseMaterial",
    "CaseSetup",
    "CollectedForm",
    "Collection",
    "Correction",
    "Delivery",
    "Extension",
    "Intake",
    "LackingPromise",
    "SpecialProcedure",
    "UsedLicence",
]
