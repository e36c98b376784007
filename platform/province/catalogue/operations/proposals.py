"""What halls propose upward, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.outbox.operations import emit_event
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.definition import check
from province.catalogue.definition.values import is_blank
from province.catalogue.models import Department, Item, Proposal
from province.catalogue.operations.drafts import file_item, save_draft
from province.catalogue.operations.reviews import clean_reason
from province.catalogue.queries.desks import item_at_desk, require_over
from province.catalogue.queries.proposals import proposal_in_sight
from province.catalogue.states import PROPOSAL_TRANSITIONS, ProposalState
from province.halls.models import Hall
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, require

declare("catalogue.propose", "向省里提出事项建议", reach=Reach.HALL)

# an event for the hall: subject the proposal
ANSWERED = "catalogue.proposal_answered"


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
    """A new item of this family and type, or (``item``) another word in one that is there: ``values`` are the elements
    that the hall would have. Raises Invalid for values that are wrong."""
    require(by, "catalogue.propose", hall_id=hall.pk, prefix=hall.prefixes[-1])
    if item is not None:
        item = item_at_desk(by, item.pk)
        family, item_type = item.family, item.item_type
    plain = {name: value for name, value in values.items() if not is_blank(value)}
    faults = list(check(family=family, item_type=item_type, values=plain).province.faults)
    name = line_of(str(plain.get("name", ""))) or (item.name if item else "")
    if not name:
        faults.append(Fault("name", "请填写事项名称。"))
    if not plain:
        faults.append(Fault("values", "请写明要改的要素。"))
    reason = clean_reason(reason)
    if not reason:
        faults.append(Fault("reason", "请写明理由。"))
    if faults:
        raise Invalid(faults[0].message if len(faults) == 1 else "有几处填写有误，请按提示修改。", faults=faults)
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
    """Make a draft of it: a new item (which then needs its department and code), or the proposed elements in the draft
    of the item that it is about. From there it goes its way through the reviews like any other draft."""
    locked = _locked(by, proposal)
    answer = clean_reason(answer)
    if locked.item is not None:
        require_over(by, "catalogue.write", locked.item)
        item = save_draft(by=by, item=locked.item, revision=locked.item.revision, values=locked.values)
    else:
        item = _new_item(by, locked, department, basic_code)
    _answer(locked, by, ProposalState.ACCEPTED, answer, "catalogue.accept_proposal")
    return item


@transaction.atomic
def decline_proposal(*, by: Actor, proposal: Proposal, answer: str) -> Proposal:
    """Tell the hall why not."""
    locked = _locked(by, proposal)
    require(by, "catalogue.write", unit_id=locked.item.department.unit_id if locked.item else None)
    answer = clean_reason(answer)
    if not answer:
        message = "请写明未采纳的理由。"
        raise Invalid(message, faults=[Fault("answer", message)])
    _answer(locked, by, ProposalState.DECLINED, answer, "catalogue.decline_proposal")
    return locked


def _locked(by: Actor, proposal: Proposal) -> Proposal:
    proposal_in_sight(by, proposal.pk)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("item__department")
    return rows.get(pk=proposal.pk)


def _new_item(by: Actor, proposal: Proposal, department: Department | None, basic_code: str) -> Item:
    if department is None:
        message = "请选择主管部门。"
        raise Invalid(message, faults=[Fault("department", message)])
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
    emit_event(kind=ANSWERED, subject_id=proposal.pk, hall_id=proposal.hall_id, payload={"state": after.value})


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
