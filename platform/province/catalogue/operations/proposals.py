"""What halls propose to the province, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Fault, Invalid
from foundation.events.operations import emit_event
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.events import PROPOSAL_ANSWERED, ProposalAnswer
from province.catalogue.models import Department, Item, Proposal
from province.catalogue.operations.drafts import file_item, save_draft
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.desks import item_at_desk, require_over
from province.catalogue.queries.proposals import proposal_in_sight
from province.catalogue.states import PROPOSAL_TRANSITIONS, ProposalState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach, Role
from standards.items.values import is_blank

declare("catalogue.propose", "向省里提出事项建议", reach=Reach.HALL, roles=HALL_EDITORS | {Role.HANDLER})


@transaction.atomic
def propose_item(
    *,
    by: Actor,
    hall: Hall,
    reason: str,
    values: Mapping[str, Any],
    family: str = "",
    item_type: str = "",
    item: Item | None = None,
) -> Proposal:
    """Propose a new item of this family and type, or (``item``) a change of one: ``values`` are the elements that
    the hall would have. Raises Invalid for values that are wrong."""
    require(by, "catalogue.propose", hall_id=hall.pk, prefix=hall.prefixes[-1])
    if item is not None:
        item = item_at_desk(by, item.pk)
        family, item_type = item.family, item.item_type
    plain = {name: value for name, value in values.items() if not is_blank(value)}
    faults = list(check_item(family=family, item_type=item_type, values=plain).province.faults)
    name = line_of(str(plain.get("name", ""))) or (item.name if item else "")
    if not name:
        faults.append(Fault("name", "请填写事项名称。"))
    if not plain:
        faults.append(Fault("values", "请写明要改的要素。"))
    reason = clean_reason(reason)
    if not reason:
        faults.append(Fault("reason", "请写明理由。"))
    if faults:
        raise Invalid.of(faults)
    proposal = Proposal.objects.create(
        hall_id=hall.pk,
        item=item,
        family=family,
        item_type=item_type,
        name=name,
        values=plain,
        reason=reason,
        proposed_by_id=by.id,
        proposed_by_name=by.name,
    )
    _record(proposal, by, "catalogue.propose_item", reason, [None, proposal.state])
    return proposal


@transaction.atomic
def accept_proposal(
    *, by: Actor, proposal: Proposal, department: Department | None = None, basic_code: str = "", answer: str = ""
) -> Item:
    """Make a draft of it: a new item (which then needs its department and code), or the proposed elements in the
    draft of the item that it is about. The draft then goes through the reviews like any other."""
    locked = _locked(by, proposal)
    answer = clean_reason(answer, field="answer")
    if locked.item is not None:
        require_over(by, "catalogue.write", locked.item)
        item = save_draft(by=by, item=locked.item, revision=locked.item.revision, values=locked.values)
    else:
        item = _new_item(by, locked, department, basic_code)
    _answer(locked, by, ProposalState.ACCEPTED, answer, "catalogue.accept_proposal")
    return item


@transaction.atomic
def decline_proposal(*, by: Actor, proposal: Proposal, answer: str) -> Proposal:
    """Decline the proposal and tell the hall why."""
    locked = _locked(by, proposal)
    require(by, "catalogue.write", unit_id=locked.item.department.unit_id if locked.item else None)
    answer = clean_reason(answer, ask="请写明未采纳的理由。", field="answer")
    _answer(locked, by, ProposalState.DECLINED, answer, "catalogue.decline_proposal")
    return locked


def _locked(by: Actor, proposal: Proposal) -> Proposal:
    proposal_in_sight(by, proposal.pk)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("item__department")
    return rows.get(pk=proposal.pk)


def _new_item(by: Actor, proposal: Proposal, department: Department | None, basic_code: str) -> Item:
    if department is None:
        raise Invalid.at("department", "请选择主管部门。")
    item = Item(
        family=proposal.family,
        item_type=proposal.item_type,
        department=department,
        proposed_by_hall_id=proposal.hall_id,
        proposed_by_name=proposal.proposed_by_name,
    )
    own = {"department": department.name} | ({"basic_code": basic_code} if basic_code else {})
    return file_item(by=by, item=item, values=proposal.values | own)


def _answer(proposal: Proposal, by: Actor, after: ProposalState, answer: str, act: str) -> None:
    before = proposal.state
    PROPOSAL_TRANSITIONS.check(before, after)
    proposal.state, proposal.answer, proposal.decided_by_name = after, answer, by.name
    proposal.save(update_fields=["state", "answer", "decided_by_name"])
    _record(proposal, by, act, answer, [before, after.value])
    emit_event(
        kind=PROPOSAL_ANSWERED, subject_id=proposal.pk, hall_id=proposal.hall_id, payload=ProposalAnswer(state=after)
    )


def _record(proposal: Proposal, by: Actor, act: str, reason: str, states: list[str | None]) -> None:
    record_act(
        by=by,
        act=act,
        object_type="proposal",
        object_id=proposal.pk,
        hall_id=proposal.hall_id,
        reason=reason,
        changes={"name": [None, proposal.name], "state": states},
    )
