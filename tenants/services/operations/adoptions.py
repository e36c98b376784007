"""认领: a hall adopts items, stops them, resumes them, or drops them before any citizen has seen them."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.bulk_copy import copy_rows
from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, DomainError, Invalid, NotFound
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemVersion
from province.catalogue.operations.adoptions import forget_adoptions
from province.catalogue.queries.assignments import hall_guides_handed_down, item_ids_handed_down
from province.catalogue.queries.narrowing import is_done_by
from province.catalogue.queries.parents import has_parts
from province.catalogue.states import ADOPTION_TRANSITIONS, ENDED, AdoptionState, HallGuideState
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import HALL_EDITORS, WRITERS, Reach
from tenants.portal.operations.figures import check_inside, require_in_hall
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.access import is_for_whole_hall, require_fills_in
from tenants.services.queries.hall_guides import items_to_take_up
from tenants.services.queries.prefill import Prefill, completeness_of
from tenants.services.queries.units import units_by_department

declare("services.adopt", "认领事项、填写本厅实施清单", reach=Reach.UNIT, roles=WRITERS)
declare("services.review", "审核、公布和停办本厅事项", reach=Reach.HALL, roles=HALL_EDITORS)

# of a new row, in the order of ``_cells``; the rest is the database's
_COLUMNS = (
    *("id", "item_id", "state", "guide_state", "version_number", "draft_number", "values", "score", "published_id"),
    *("published_at", "stop_reason", "revision", "editor_ids", "edited_by_id", "edited_by_name"),
    *("edited_at", "assignment_id", "contradictions", "lacks", "unit_id", "former_task_codes"),
    *("followed_ids", "to_settle"),
)


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many items were added, how many of these are ready for citizens (``complete``), and how many the hall had
    already (``known``). ``added_ids``: of the items that were added."""

    added: int
    complete: int
    known: int
    added_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of an act on many items: how many were done, and why the others were refused, by the item's id."""

    done: int
    refused: dict[UUID, str]


@transaction.atomic
def adopt_items(*, by: Actor, hall: Hall, item_ids: Collection[UUID], reason: str = "") -> Adopted:
    """Adopt items that are in force. Each begins with what the hall has said once, and with the guide of the hall above
    where that one has handed the item down. A repeat adds nothing.

    ``reason``: asked for where the hall's level does not exercise an item (行使层级) and no hall above has handed it
    down.

    Raises Invalid for an item that cannot be adopted now, and where the reason is missing.
    """
    whose = require_work_at(by, "services.adopt", hall_id=hall.pk)
    check_inside(hall)
    versions = items_to_take_up(item_ids)
    if len(versions) < len(set(item_ids)):
        raise Invalid("有的事项现在不能认领，可能已暂停或废止，请刷新页面。")
    whole = ItemVersion.objects.filter(has_parts(), pk__in=[version.pk for version in versions]).first()
    if whole is not None:
        message = f"“{whole.name}”是主项，请认领它的子项。"
        raise Invalid(message)
    return adopt_versions(
        by=by,
        hall=hall,
        versions=versions,
        hall_guides=hall_guides_handed_down(hall),
        reason=_reason_for(hall, versions, reason),
        unit_id=None if is_for_whole_hall(by, hall) else whose.unit_id,
    )


def _reason_for(hall: Hall, versions: Sequence[ItemVersion], reason: str) -> str:
    strange = [version for version in versions if not is_done_by(hall.kind, version.values.get("levels"))]
    if strange:
        # what the hall has already, and what the hall above asks it to do, is settled
        settled = {*Adoption.objects.values_list("item_id", flat=True), *item_ids_handed_down(hall)}
        strange = [version for version in strange if version.item_id not in settled]
    ask = ""
    if strange:
        first = strange[0].name
        ask = f"有 {len(strange)} 项不由本级行使（如“{first}”）。请取消勾选；确需认领的，请写明原因。"
    return clean_reason(reason, ask=ask)


def adopt_versions(
    *,
    by: Actor,
    hall: Hall,
    versions: Sequence[ItemVersion],
    hall_guides: Mapping[str, Any] | None = None,
    assignment_id: UUID | None = None,
    publishes: bool = False,
    reason: str = "",
    unit_id: UUID | None = None,
) -> Adopted:
    """Adopt these versions without asking again whether the actor may. ``hall_guides``: what the hall above says of
    these items, by the item's id; ``publishes``: show complete ones to citizens at once, which the caller has asked
    leave for; ``unit_id``: whose they are (None: of the department that is called as the item's)."""
    if publishes:
        lock_guide_figures(hall)
    # locks the hall's own row: two adoptions at once come one after the other
    touch_hall(hall.pk)
    known = set(Adoption.objects.values_list("item_id", flat=True))
    now = timezone.now()
    prefill = Prefill(hall, hall_guides)
    units = units_by_department(hall, versions)
    adoptions: list[Adoption] = []
    versions_shown: list[HallGuideVersion] = []
    complete = 0
    for version in versions:
        if version.item_id in known:
            continue
        values = prefill.of(version)
        completeness = completeness_of(version, values)
        complete += completeness.is_ready
        adoption = Adoption(
            id=draw_id(),
            item_id=version.item_id,
            version_number=version.number,
            draft_number=version.number,
            values=values,
            score=completeness.score,
            edited_by_id=by.id,
            edited_by_name=by.name,
            edited_at=now,
            assignment_id=assignment_id,
            unit_id=unit_id or units.get(version.department_id),
        )
        adoptions.append(adoption)
        if publishes and completeness.is_ready:
            versions_shown.append(_shown_at_once(adoption, version, by))
    # each names the other: the database looks at the commit
    copy_rows(Adoption._meta.db_table, _COLUMNS, map(_cells, adoptions))
    HallGuideVersion.objects.bulk_create(versions_shown)
    if versions_shown:
        expect_check(hall)
        renew_guide_figures(hall)
    if adoptions:
        report_to_province(hall, adoptions)
        record_act(
            by=by,
            act="services.adopt_items",
            object_type="hall",
            object_id=hall.pk,
            hall_id=hall.pk,
            reason=reason,
            changes={
                "items": [None, len(adoptions)],
                "shown": [None, len(versions_shown)],
                "basic_code": [None, "、".join(_codes(versions, adoptions))],
            },
        )
    added_ids = frozenset(one.item_id for one in adoptions)
    return Adopted(len(adoptions), complete, len(versions) - len(adoptions), added_ids)


@transaction.atomic
def drop_adoption(*, by: Actor, hall: Hall, adoption_id: UUID) -> None:
    """Undo an adoption of which no citizen has seen anything. Raises Conflict for any other: it is stopped instead."""
    adoption = lock_to_fill_in(by, hall, adoption_id)
    if adoption.state != AdoptionState.ADOPTED:
        raise Conflict("这个事项公布过，不能取消认领，请改用“停办”。")
    adoption.delete()
    forget_adoptions(hall_id=hall.pk, item_ids=[adoption.item_id])
    record_adoption_act(by, hall, adoption, "drop_adoption")


@transaction.atomic
def stop_adoption(*, by: Actor, hall: Hall, adoption_id: UUID, reason: str) -> Adoption:
    """Stop showing the item at this hall, from the commit on. Raises Invalid without a reason."""
    require_in_hall(by, "services.review", hall)
    lock_guide_figures(hall)
    adoption = lock_adoption(hall, adoption_id)
    if adoption.state != AdoptionState.PUBLISHED:
        message = f"当前是“{adoption.get_state_display()}”，不能变为“{AdoptionState.STOPPED.label}”。"
        raise Conflict(message)
    reason = clean_reason(reason, ask="请写明停办的原因。")
    _move(by, hall, adoption, AdoptionState.STOPPED, "stop_adoption", reason)
    renew_guide_figures(hall)
    return adoption


@transaction.atomic
def resume_adoption(*, by: Actor, hall: Hall, adoption_id: UUID) -> Adoption:
    """Show a stopped item again."""
    require_in_hall(by, "services.review", hall)
    lock_guide_figures(hall)
    adoption = lock_adoption(hall, adoption_id)
    if adoption.state != AdoptionState.STOPPED:
        raise Conflict("这个事项没有停办，无需恢复。")
    if Item.objects.filter(pk=adoption.item_id, state__in=ENDED).exists():
        raise Conflict("省里已取消这个事项，或已由别的事项承接，不能恢复办理。")
    _move(by, hall, adoption, AdoptionState.PUBLISHED, "resume_adoption", "")
    renew_guide_figures(hall)
    return adoption


def lock_adoption(hall: Hall, adoption_id: UUID) -> Adoption:
    """Lock the hall's row first, as every operation here does, then the adoption's. Raises NotFound."""
    touch_hall(hall.pk)
    found = Adoption.objects.select_for_update().filter(pk=adoption_id).first()
    if found is None:
        raise NotFound("没有这个事项，可能属于其他服务厅。")
    return found


def lock_to_fill_in(by: Actor, hall: Hall, adoption_id: UUID) -> Adoption:
    """As ``lock_adoption``. Raises NotAllowed for who does not fill in items of its department."""
    check_inside(hall)
    require_work_at(by, "services.adopt", hall_id=hall.pk)
    adoption = lock_adoption(hall, adoption_id)
    require_fills_in(by, hall, adoption)
    return adoption


def act_on_each(hall: Hall, adoption_ids: Iterable[UUID], act: Callable[[Adoption], object]) -> BulkResult:
    """Act on one adoption after the other; a refusal is kept and the rest goes on. ``act`` refuses before it has
    changed anything. Raises NotFound where one is not this hall's: then nothing is done."""
    wanted = sorted(set(adoption_ids))
    refused: dict[UUID, str] = {}
    for adoption_id in wanted:
        adoption = lock_adoption(hall, adoption_id)
        try:
            act(adoption)
        except DomainError as refusal:
            refused[adoption.item_id] = refusal.message
    return BulkResult(len(wanted) - len(refused), refused)


def record_adoption_act(
    by: Actor,
    hall: Hall,
    adoption: Adoption,
    act: str,
    *,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    record_act(
        by=by,
        act=f"services.{act}",
        object_type="adoption",
        object_id=adoption.item_id,
        hall_id=hall.pk,
        reason=reason,
        changes=changes,
    )


def _cells(one: Adoption) -> tuple[Any, ...]:
    """Write a new adoption as a row to be copied in; nobody has edited it yet."""
    written = json.dumps(one.values, ensure_ascii=False)
    return (
        *(one.pk, one.item_id, one.state, one.guide_state, one.version_number, one.draft_number, written, one.score),
        *(one.published_id, one.published_at, one.stop_reason, one.revision, "{}", one.edited_by_id),
        # what is shown at once lacks nothing and is at one with itself
        *(one.edited_by_name, one.edited_at, one.assignment_id, "{}", "{}", one.unit_id, "{}", "{}", "{}"),
    )


def _move(by: Actor, hall: Hall, adoption: Adoption, state: AdoptionState, act: str, reason: str) -> None:
    ADOPTION_TRANSITIONS.check(adoption.state, state)
    before, adoption.state, adoption.stop_reason = adoption.state, state, reason
    adoption.save(update_fields=["state", "stop_reason"])
    report_to_province(hall, [adoption])
    record_adoption_act(by, hall, adoption, act, reason=reason, changes={"state": [before, state.value]})


def _shown_at_once(adoption: Adoption, version: ItemVersion, by: Actor) -> HallGuideVersion:
    hall_guide = HallGuideVersion(
        id=draw_id(),
        adoption=adoption,
        number=1,
        item_version_id=version.pk,
        item_version_number=version.number,
        values=adoption.values,
        submitted_by_id=by.id,
        submitted_by_name=by.name,
        is_passed=True,
        reviewer_name=by.name,
        reviewed_at=adoption.edited_at,
    )
    adoption.published_id = hall_guide.pk
    adoption.published_at = adoption.edited_at
    adoption.state, adoption.guide_state = AdoptionState.PUBLISHED, HallGuideState.DONE
    return hall_guide


def _codes(versions: Iterable[ItemVersion], adoptions: Iterable[Adoption]) -> list[str]:
    added = {adoption.item_id for adoption in adoptions}
    return [version.item.basic_code for version in versions if version.item_id in added]
