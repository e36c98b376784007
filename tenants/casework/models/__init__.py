from tenants.casework.models.archive import ArchiveSheet, content_line, held_of
from tenants.casework.models.cases import LONGEST_SAID, Case, CaseAct, CaseMaterial, material_id
from tenants.casework.models.joint import JointOpinion
from tenants.casework.models.licences import UsedLicence
from tenants.casework.models.packages import PackageApplication, SentPart, number_backwards
from tenants.casework.models.pushes import LONGEST_NONCE, DepartmentKey, PushedCall
from tenants.casework.models.referrals import CarriedPart
from tenants.casework.models.serving import CORRECTED, Served, ServiceChoice, Serving, serving_of
from tenants.casework.models.setups import CaseCounter, CaseSetup, Intake
from tenants.casework.models.turns import (
    CaseDecision,
    Correction,
    Delivery,
    Extension,
    LackingPromise,
    SpecialProcedure,
)

__all__ = [
    "CORRECTED",
    "LONGEST_NONCE",
    "LONGEST_SAID",
    "ArchiveSheet",
    "CarriedPart",
    "Case",
    "CaseAct",
    "CaseCounter",
    "CaseDecision",
    "CaseMaterial",
    "CaseSetup",
    "Correction",
    "Delivery",
    "DepartmentKey",
    "Extension",
    "Intake",
    "JointOpinion",
    "LackingPromise",
    "PackageApplication",
    "PushedCall",
    "SentPart",
    "Served",
    "ServiceChoice",
    "Serving",
    "SpecialProcedure",
    "UsedLicence",
    "content_line",
    "held_of",
    "material_id",
    "number_backwards",
    "serving_of",
]
