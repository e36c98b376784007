from province.cases.operations.reports import (
    ApplicantFacts,
    CaseFacts,
    forget_cases_but,
    keep_applicant,
    report_case,
)

__all__ = ["ApplicantFacts", "CaseFacts", "forget_cases_but", "keep_applicant", "report_case"]
