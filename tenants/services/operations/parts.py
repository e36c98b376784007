"""The hall's part of an item (实施清单): written, submitted, decided on by somebody else, shown to citizens."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed
from province.catalogue.states import ADOPTION_TRANSITIONS, PART_TRANSITIONS, AdoptionState, PartState
from province.halls.models import Hall
from province.identity.models import Actor
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption, PartVersion
from tenants.services.operations.adoptions import Told, each_told, given_reason, locked_adoption, record, report
from tenants.services.queries.parts import version_to_fill, why_not_decide
from tenants.services.queries.usual import findings_of


@transaction.atomic
def save_part(
    *,
    by: Actor,
    hall: Hall,
    adoption_id: UUID,
    values: Mapping[str, Any],
    revision: int,
    number: int | None = None,
) -> Adoption:
    """The whole part anew; gaps are no faults. ``number``: the item's version for which it is written, where that is a
    newer one than before.

    Raises Invalid for what is wrong; Conflict where somebody else has saved since ``revision``, or while it is being
    decided on.
    """
    require_in_hall(by, "services.adopt", hall)
    adoption = locked_adoption(hall, adoption_id)
    if adoption.revision != revision:
        message = f"{adoption.edited_by_name or '其他人'}刚刚保存了新的内容。请刷新后再改，您填写的内容请先复制留存。"
        raise Conflict(message)
    if adoption.part_state == PartState.SUBMITTED:
        raise Conflict("正在审核，不能修改。如需修改，请先撤回。")
    version = version_to_fill(adoption, number)
    found = findings_of(version, values)
    if found.faults:
        raise Invalid(_told(len(found.faults), found.faults[0].message), faults=list(found.faults))
    changed = [name for name in {*values, *adoption.values} if values.get(name) != adoption.values.get(name)]
    _advance(adoption, PartState.FILLING)
    adoption.values, adoption.score, adoption.draft_number = dict(values), found.score, version.number
    adoption.revision += 1
    adoption.edited_by_name, adoption.edited_at = by.name, timezone.now()
    adoption.editor_ids = _hands(adoption.editor_ids, by)
    adoption.save()
    report(hall, [adoption])
    record(by, hall, adoption, "save_part", changes={"elements": [None, "、".join(sorted(changed))]})
    return adoption


@transaction.atomic
def submit_part(*, by: Actor, hall: Hall, adoption_id: UUID) -> PartVersion:
    """Freeze the draft; somebody else decides on it. Raises Invalid for what is missing."""
    require_in_hall(by, "services.adopt", hall)
    return _submit(by, hall, locked_adoption(hall, adoption_id))


@transaction.atomic
def submit_parts(*, by: Actor, hall: Hall, adoption_ids: Collection[UUID]) -> Told:
    """Many at once. What lacks something, or is under review already, is told; the rest goes on."""
    require_in_hall(by, "services.adopt", hall)
    return each_told(hall, adoption_ids, lambda adoption: _submit(by, hall, adoption))


@transaction.atomic
def recall_part(*, by: Actor, hall: Hall, adoption_id: UUID) -> Adoption:
    """Take a submitted part back before anybody has decided."""
    require_in_hall(by, "services.adopt", hall)
    adoption = locked_adoption(hall, adoption_id)
    if adoption.part_state != PartState.SUBMITTED:
        raise Conflict("没有在审核，无需撤回。")
    _advance(adoption, PartState.FILLING)
    adoption.save(update_fields=["part_state"])
    report(hall, [adoption])
    record(by, hall, adoption, "recall_part")
    return adoption


@transaction.atomic
def pass_part(*, by: Actor, hall: Hall, adoption_id: UUID, number: int) -> Adoption:
    """Citizens see it from the commit on. ``number`` is the part's that was read: where another one has been submitted
    since, this is a Conflict. Raises NotAllowed for whoever had a hand in it."""
    require_in_hall(by, "services.review", hall)
    adoption = locked_adoption(hall, adoption_id)
    _pass(by, hall, adoption, number)
    return adoption


@transaction.atomic
def pass_parts(*, by: Actor, hall: Hall, numbers: Mapping[UUID, int]) -> Told:
    """Many at once: by the adoption's id, the number of the part that was read. What this person may not decide on, or
    somebody has decided on since, is told; the rest goes on."""
    require_in_hall(by, "services.review", hall)
    return each_told(hall, numbers, lambda adoption: _pass(by, hall, adoption, numbers[adoption.pk]))


@transaction.atomic
def return_part(*, by: Actor, hall: Hall, adoption_id: UUID, number: int, reason: str) -> Adoption:
    """Hand it back to whoever wrote it, who reads the reason."""
    require_in_hall(by, "services.review", hall)
    adoption = locked_adoption(hall, adoption_id)
    part = _to_decide(by, hall, adoption, number)
    reason = given_reason(reason, "请写明退回的原因。")
    _decide(by, part, is_passed=False, reason=reason)
    _advance(adoption, PartState.RETURNED)
    adoption.save(update_fields=["part_state"])
    report(hall, [adoption])
    record(by, hall, adoption, "return_part", reason=reason, changes={"part": [part.number, None]})
    return adoption


def _submit(by: Actor, hall: Hall, adoption: Adoption) -> PartVersion:
    PART_TRANSITIONS.check(adoption.part_state, PartState.SUBMITTED)
    version = version_to_fill(adoption)
    found = findings_of(version, adoption.values)
    if open_points := [*found.faults, *found.missing]:
        raise Invalid(_told(len(open_points), open_points[0].message), faults=open_points)
    last = adoption.parts.aggregate(last=Max("number"))["last"] or 0
    part = PartVersion.objects.create(
        adoption=adoption,
        number=last + 1,
        item_version_id=version.pk,
        item_version_number=version.number,
        values=adoption.values,
        author_ids=_hands(adoption.editor_ids, by),
        submitted_by_name=by.name,
        # and not the transaction's beginning: it must not lie before the draft's last change
        created_at=timezone.now(),
    )
    _advance(adoption, PartState.SUBMITTED)
    adoption.save(update_fields=["part_state"])
    report(hall, [adoption])
    record(by, hall, adoption, "submit_part", changes={"part": [last or None, part.number]})
    return part


def _pass(by: Actor, hall: Hall, adoption: Adoption, number: int) -> None:
    part = _to_decide(by, hall, adoption, number)
    ADOPTION_TRANSITIONS.check(adoption.state, AdoptionState.PUBLISHED)
    before, shown = adoption.state, adoption.published
    _decide(by, part, is_passed=True, reason="")
    _advance(adoption, PartState.DONE)
    adoption.state, adoption.published, adoption.published_at = AdoptionState.PUBLISHED, part, part.reviewed_at
    adoption.version_number = max(adoption.version_number, part.item_version_number)
    adoption.editor_ids, adoption.stop_reason = [], ""
    adoption.save()
    report(hall, [adoption])
    changes = {
        "state": [before, AdoptionState.PUBLISHED.value],
        "part": [shown.number if shown else None, part.number],
    }
    record(by, hall, adoption, "pass_part", changes=changes)


def _to_decide(by: Actor, hall: Hall, adoption: Adoption, number: int) -> PartVersion:
    part = adoption.parts.order_by("-number").first()
    if part is None or part.number != number or adoption.part_state != PartState.SUBMITTED:
        message = f"这一份已由他人处理，现在是“{adoption.get_part_state_display()}”。请刷新页面。"
        raise Conflict(message)
    if why := why_not_decide(by, hall, part):
        raise NotAllowed(why)
    return part


def _decide(by: Actor, part: PartVersion, *, is_passed: bool, reason: str) -> None:
    part.is_passed, part.reason, part.reviewer_name, part.reviewed_at = is_passed, reason, by.name, timezone.now()
    part.save(update_fields=["is_passed", "reason", "reviewer_name", "reviewed_at"])


def _advance(adoption: Adoption, state: PartState) -> None:
    PART_TRANSITIONS.check(adoption.part_state, state)
    adoption.part_state = state


def _hands(known: list[UUID], by: Actor) -> list[UUID]:
    return known if by.id is None or by.id in known else [*known, by.id]


def _told(number: int, first: str) -> str:
    return first if number == 1 else f"有 {number} 处要补充或修改，请按提示处理。"
