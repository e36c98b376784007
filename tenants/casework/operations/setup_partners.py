"""Who stands for the 联办机构 that an item's guide names: a department of the hall each, or of another one."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid
from province.cases.queries.opinions import giver_for
from province.halls.models import Hall
from province.people.models import Unit
from standards.items.codelists import CaseType
from tenants.casework.models import CaseSetup
from tenants.casework.models.joint import LONGEST_BODY
from tenants.casework.queries.guides import CaseGuide
from tenants.casework.queries.joint import JointPartner, partners_of

# of a body for which nothing was said
DEFAULT_WORKDAYS: Final = 5
MOST_WORKDAYS: Final = 60
MOST_PARTNERS: Final = 20


def clean_partners(hall: Hall, wished: Sequence[JointPartner], *, lead_id: UUID | None) -> list[dict[str, Any]]:
    """As a setup keeps them. ``lead_id``: the department that decides, which does not ask itself. Raises Invalid for a
    department that there is not, a hall that cannot be asked, a body that is named twice, or a time that cannot be."""
    if len(wished) > MOST_PARTNERS:
        message = f"联办机构最多 {MOST_PARTNERS} 个。"
        raise Invalid.at("partners", message)
    wanted = {one.unit_id for one in wished if one.unit_id and one.hall_id is None}
    known = set(Unit.objects.filter(pk__in=wanted, hall_id=hall.pk, retired_at=None).values_list("pk", flat=True))
    made: dict[str, dict[str, Any]] = {}
    for one in wished:
        body = clean_reason(one.body, ask="请写明联办机构的名称。", field="partners", most=LONGEST_BODY, is_line=True)
        if fault := _fault(one, body, known, lead_id, made) or _refusal(hall, one):
            raise Invalid.at("partners", fault)
        made[body] = {
            "body": body,
            "unit_id": one.unit_id.hex if one.unit_id else None,
            "hall_id": one.hall_id.hex if one.hall_id else None,
            "workdays": one.workdays,
        }
    return list(made.values())


def _fault(one: JointPartner, body: str, known: Collection[UUID], lead_id: UUID | None, made: Collection[str]) -> str:
    """ "" where nothing is wrong."""
    if one.unit_id and one.hall_id is None and one.unit_id not in known:
        return f"“{body}”：没有这个部门，请重新选择。"
    if one.unit_id and one.unit_id == lead_id:
        return f"“{body}”：承办部门自己作出决定，不用再给自己出具意见。"
    if not 1 <= one.workdays <= MOST_WORKDAYS:
        return f"“{body}”：出具意见的时间应为 1 至 {MOST_WORKDAYS} 个工作日。"
    return f"联办机构“{body}”重复了。" if body in made else ""


def _refusal(hall: Hall, one: JointPartner) -> str:
    """Why another hall cannot be asked now; "" where it can."""
    try:
        if one.hall_id:
            giver_for(hall, one.hall_id, one.unit_id)
    except Conflict as refusal:
        return f"“{one.body}”：{refusal.message}"
    return ""


def partner_faults(hall: Hall, setup: CaseSetup, guide: CaseGuide) -> Iterator[Fault]:
    """What of a 联办件 is still missing before anybody can apply."""
    if guide.case_type != CaseType.JOINT:
        return
    if not guide.joint_bodies:
        yield Fault("guide", "联办件的办事指南要写明联办机构。")
    known = {one.body: one for one in partners_of(setup)}
    for body in guide.joint_bodies:
        if body not in known:
            yield Fault("partners", f"请选择“{body}”由哪个部门出具意见。")
        elif fault := _refusal(hall, known[body]):
            yield Fault("partners", fault)
