"""单位: in whose name a citizen applies."""

from typing import Final
from uuid import UUID

from foundation.errors import NotAllowed
from province.cases.operations import ApplicantFacts
from province.cases.states import ApplicantNature
from province.citizens.models import Citizen, Company
from province.citizens.queries.mandates import NO_AGENCY, companies_to_act_for
from province.rights.actors import Actor
from tenants.casework.queries.guides import CaseGuide
from tenants.workflow.queries.filled import FormFiller

OF_COMPANY: Final = "您的单位登记"
# of the ready block 申请人 (standards.forms.blocks)
CODE_FIELD: Final = "applicant_credit_code"


def bodies_to_apply_for(citizen: Citizen, guide: CaseGuide) -> list[Company]:
    """The companies in whose name the citizen may apply by this guide. One query."""
    return list(companies_to_act_for(citizen, _acts(guide)))


def values_of_body(citizen: Citizen, guide: CaseGuide, company_id: UUID) -> dict[str, object]:
    """What a form is told of a company, by the names of the ready block's fields. Raises NotAllowed for one in whose
    name the citizen may not apply, also for one that there is not."""
    company = companies_to_act_for(citizen, _acts(guide)).filter(pk=company_id).first()
    if company is None:
        raise NotAllowed(NO_AGENCY)
    return body_fields(company.name, company.uscc)


def body_fields(name: str, code: str) -> dict[str, object]:
    """What the ready block's fields say of a body that applies."""
    return {"applicant_nature": ApplicantNature.BODY.value, "applicant_body": name, CODE_FIELD: code}


def in_whose_name(who: FormFiller, guide: CaseGuide, facts: ApplicantFacts) -> tuple[Actor, str]:
    """Who applies, as the audit names them, and what the staff read of it; "" where nobody applies for a body. What a
    form says of a body proves nothing: only the register of companies does, now."""
    if who.citizen is None or facts.kind != ApplicantNature.BODY:
        return who.by, ""
    companies = companies_to_act_for(who.citizen, _acts(guide))
    company = companies.filter(uscc=facts.credit_code, name=facts.body_name).first()
    if company is None:
        return who.by, "以单位名义申请，单位身份没有经平台核验，请核对授权委托书。"
    capacity = "法定代表人" if company.representative_id == who.citizen.pk else "法定代表人确认过的经办人"
    return who.by.in_place_of(company.pk, company.name), f"以单位名义申请，提交人是该单位登记的{capacity}。"


def _acts(guide: CaseGuide) -> list[str]:
    return [guide.version.name, guide.name]
