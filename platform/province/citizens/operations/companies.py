"""Companies, and the agents that their representatives confirm."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from foundation.texts import line_of
from province.audit.operations import record_act
from province.citizens.models import Citizen, Company, CompanyAgent
from province.citizens.operations.verifiers import identity_verifier
from province.rights.actors import Actor
from standards.numbers.credit_codes import is_credit_code, normal_credit_code

LONGEST_NAME = 120
LONGEST_AGENCY = timedelta(days=366)
_MOST_ACTS = 50
_ACT_LENGTH = 64


def register_company(*, by: Actor, citizen: Citizen, code: str, name: str) -> Company:
    """The citizen is the legal representative, as the register says; the former one is it no longer.

    Raises NotAllowed below real-name level 2, Invalid where code, name and person do not belong together.
    """
    _require_proved(by, citizen)
    code, name = _read_code(code), line_of(name)
    if not 2 <= len(name) <= LONGEST_NAME:  # noqa: PLR2004 - no unit has a name of one character
        message = f"请填写单位全称，不超过 {LONGEST_NAME} 个字。"
        raise Invalid(message, faults=[Fault("name", message)])
    is_right = identity_verifier().has_company(
        code=code, name=name, representative=citizen.name.plain, number=citizen.number.plain
    )
    if not is_right:
        raise Invalid("单位名称、统一社会信用代码与您的法定代表人身份核对不上。刚变更的，请在登记机关办结后再试。")
    with transaction.atomic():
        company, _ = Company.objects.select_for_update().get_or_create(uscc=code, defaults={"name": name})
        if company.representative_id == citizen.pk and company.name == name:
            return company
        before = company.representative_id
        company.name, company.representative = name, citizen
        company.save(update_fields=["name", "representative"])
        changes = {"representative": [str(before) if before else None, str(citizen.pk)]}
        _record(by, "citizens.register_company", company, citizen, changes)
    return company


@transaction.atomic
def ask_for_agency(
    *, by: Actor, citizen: Citizen, code: str, acts: Sequence[str], from_on: date, to_on: date
) -> CompanyAgent:
    """The citizen wants to do these things for the company; nothing comes of it until its representative confirms.

    Raises NotAllowed below real-name level 2, NotFound for a company that nobody represents here, Invalid, Conflict.
    """
    _require_proved(by, citizen)
    company = Company.objects.filter(uscc=_read_code(code)).exclude(representative=None).first()
    if company is None:
        raise NotFound("这个单位还没有法定代表人在此登记，请先由法定代表人登录登记单位。")
    cleaned = list(dict.fromkeys(line_of(act) for act in acts if line_of(act)))
    if not 1 <= len(cleaned) <= _MOST_ACTS or any(len(act) > _ACT_LENGTH for act in cleaned):
        message = f"请写明要办的事项，1 至 {_MOST_ACTS} 项。"
        raise Invalid(message, faults=[Fault("acts", message)])
    if not timezone.localdate() <= to_on or not from_on <= to_on <= from_on + LONGEST_AGENCY:
        message = "结束日期须在今天以后、开始日期之后，最长一年。"
        raise Invalid(message, faults=[Fault("to_on", message)])
    # what has run out makes way
    expired = company.agents.filter(citizen=citizen, to_on__lt=timezone.localdate())
    expired.filter(state__in=[CompanyAgent.State.ASKED, CompanyAgent.State.CONFIRMED]).update(
        state=CompanyAgent.State.REVOKED, decided_at=timezone.now()
    )
    try:
        with transaction.atomic():
            agency = CompanyAgent.objects.create(
                company=company, citizen=citizen, acts=cleaned, from_on=from_on, to_on=to_on
            )
    except IntegrityError as error:
        raise Conflict("您对这个单位已有一项授权或申请，请先撤销它。") from error
    _record(by, "citizens.ask_for_agency", company, citizen, {"acts": [None, cleaned]})
    return agency


@transaction.atomic
def confirm_agency(*, by: Actor, agency: CompanyAgent) -> CompanyAgent:
    """Confirm an agent, by the legal representative alone. A repeat changes nothing. Raises Conflict where it is
    over."""
    found = _held(agency)
    _require_representative(by, found)
    if found.state == CompanyAgent.State.CONFIRMED:
        return found
    if found.state != CompanyAgent.State.ASKED:
        raise Conflict("这项申请已撤销或已处理。")
    return _decide(by, found, CompanyAgent.State.CONFIRMED, "citizens.confirm_agency")


@transaction.atomic
def end_agency(*, by: Actor, agency: CompanyAgent) -> CompanyAgent:
    """The representative refuses or revokes it, or the agent gives it back. A repeat changes nothing."""
    found = _held(agency)
    if not by.is_in_person(found.citizen_id):
        _require_representative(by, found)
    if found.state not in {CompanyAgent.State.ASKED, CompanyAgent.State.CONFIRMED}:
        return found
    is_refused = found.state == CompanyAgent.State.ASKED and not by.is_in_person(found.citizen_id)
    state = CompanyAgent.State.REFUSED if is_refused else CompanyAgent.State.REVOKED
    return _decide(by, found, state, "citizens.end_agency")


def _decide(by: Actor, agency: CompanyAgent, state: CompanyAgent.State, act: str) -> CompanyAgent:
    before, agency.state, agency.decided_at = agency.state, state, timezone.now()
    agency.save(update_fields=["state", "decided_at"])
    _record(by, act, agency.company, agency.citizen, {"state": [before, str(state)]})
    return agency


def _held(agency: CompanyAgent) -> CompanyAgent:
    agencies = CompanyAgent.objects.select_for_update(of=("self",)).select_related("company", "citizen")
    return agencies.get(pk=agency.pk)


def _require_representative(by: Actor, agency: CompanyAgent) -> None:
    if not by.is_in_person(agency.company.representative_id):
        raise NotAllowed("只有单位的法定代表人能这样做。")


def _require_proved(by: Actor, citizen: Citizen) -> None:
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能办理自己的账号。")
    if citizen.level < Citizen.Level.NUMBER:
        raise NotAllowed("请先完成实名核验。")
    if citizen.is_minor:
        raise NotAllowed("未满 18 周岁不能代表单位。")


def _read_code(code: str) -> str:
    compact = normal_credit_code(code)
    if not is_credit_code(compact):
        message = "统一社会信用代码有误，请核对全部 18 位。"
        raise Invalid(message, faults=[Fault("code", message)])
    return compact


def _record(by: Actor, act: str, company: Company, citizen: Citizen, changes: dict[str, Any]) -> None:
    record_act(by=by, act=act, object_type="company", object_id=company.pk, person_id=citizen.pk, changes=changes)
