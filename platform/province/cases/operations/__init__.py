from province.cases.operations.reports import (
    ApplicantFacts,
    CaseFacts,
    change_applicant,
    forget_cases_but,
    keep_applicant,
    report_case,
)

__all__ = ["ApplicantFacts", "CaseFacts", "change_applicant", "forget_cases_but", "keep_applicant", "report_case"]
