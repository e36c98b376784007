"""What the province knows of cases, and what is written of a hall's for somebody who asked for it."""

from province.cases.models.applicants import PHONE_TAIL, CaseApplicant, agent_mark, name_mark, phone_mark
from province.cases.models.cases import (
    CHANNELS,
    LONGEST_CASE_NUMBER,
    MEASURES,
    SHORT_NUMBER,
    CaseFeed,
    CaseFigure,
    CaseOffer,
    CaseReport,
    CountedCases,
    ItemFigure,
    OpinionOffer,
    UnitFigure,
)
from province.cases.models.list_exports import ListExport
from province.cases.models.referrals import (
    Referral,
    ReferralParcel,
    ReferralReceipt,
    ReferralSupplement,
    short_case_number,
)

__all__ = [
    "CHANNELS",
    "LONGEST_CASE_NUMBER",
    "MEASURES",
    "PHONE_TAIL",
    "SHORT_NUMBER",
    "CaseApplicant",
    "CaseFeed",
    "CaseFigure",
    "CaseOffer",
    "CaseReport",
    "CountedCases",
    "ItemFigure",
    "ListExport",
    "OpinionOffer",
    "Referral",
    "ReferralParcel",
    "ReferralReceipt",
    "ReferralSupplement",
    "UnitFigure",
    "agent_mark",
    "name_mark",
    "phone_mark",
    "short_case_number",
]
