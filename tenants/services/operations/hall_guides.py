"""The hall guide of an item (实施清单): written, submitted, decided on by somebody else, shown to citizens."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.drafts import check_revision, count_edit, with_hand
from foundation.editing.reasons import clean_reason
from foundation.editing.versions import submission
from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.catalogue.models import ItemVersion
from province.catalogue.operations.extra_elements import hold_definition
from province.catalogue.queries.codes import followed
from province.catalogue.states import (
    ADOPTION_TRANSITIONS,
    HALL_GUIDE_TRANSITIONS,
    AdoptionState,
    HallGuideState,
)
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at
from tenants.portal.operations.figures import check_inside, require_in_hall
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.adoptions import (
    BulkResult,
    act_on_each,
    lock_adoption,
    lock_to_fill_in,
    record_adoption_act,
)
from tenants.services.operations.guide_checks import note_what_is_read
from tenants.services.operations.guide_figures import expect_check, lock_guide_figures, renew_guide_figures
from tenants.services.operations.notices import announce_guides
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.access import require_fills_in
from tenants.services.queries.hall_guides import version_to_fill, why_not_decide
from tenants.services.queries.prefill import findings_of
from tenants.services.queries.windows import window_faults


@transaction.atomic
def save_hall_guide(
    *,
    by: Actor,
    hall: Hall,
    adoption_id: UUID,
    values: Mapping[str, Any],
    revision: int,
    number: int | None = None,
) -> Adoption:
    """Write the whole hall guide anew; gaps are no faults, and neither is what it says against itself: both keep it
    from being submitted. ``number``: the item's version for which it is written, where that is a newer one than before.

    Raises Invalid for what is wrong; Conflict where somebody else has saved since ``revision``, or while it is being
    decided on.
    """
    adoption = lock_to_fill_in(by, hall, adoption_id)
    check_revision(adoption, revision)
    if adoption.guide_state == HallGuideState.SUBMITTED:
        raise Conflict("正在审核，不能修改。如需修改，请先撤回。")
    hold_definition(adoption.values, values)
    version = version_to_fill(adoption, number)
    # a form that was opened before the item had another code
    values = followed(version, values)
    found = findings_of(version, values)
    if faults := [*found.hall.faults, *window_faults(hall, values)]:
        raise _unfit(faults)
    changed = [name for name in {*values, *adoption.values} if values.get(name) != adoption.values.get(name)]
    _advance(adoption, HallGuideState.FILLING)
    adoption.values, adoption.score, adoption.draft_number = dict(values), found.score, version.number
    count_edit(adoption, by)
    adoption.save()
    report_to_province(hall, [adoption])
    record_adoption_act(by, hall, adoption, "save_hall_guide", changes={"elements": [None, sorted(changed)]})
    return adoption


@transaction.atomic
def submit_hall_guide(*, by: Actor, hall: Hall, adoption_id: UUID) -> HallGuideVersion:
    """Freeze the draft; somebody else decides on it. Raises Invalid for what is missing, and for what it says against
    itself."""
    hall_guide = _submit(by, hall, lock_to_fill_in(by, hall, adoption_id))
    announce_guides(by, hall, HallGuideState.SUBMITTED, [hall_guide])
    return hall_guide


@transaction.atomic
def submit_hall_guides(*, by: Actor, hall: Hall, adoption_ids: Collection[UUID]) -> BulkResult:
    """Submit many at once. Guides that lack something, contradict themselves, are under review already, or are another
    department's, are reported; the rest goes on."""
    check_inside(hall)
    require_work_at(by, "services.adopt", hall_id=hall.pk)

    submitted: list[HallGuideVersion] = []

    def submit(adoption: Adoption) -> None:
        require_fills_in(by, hall, adoption)
        submitted.append(_submit(by, hall, adoption))

    result = act_on_each(hall, adoption_ids, submit)
    announce_guides(by, hall, HallGuideState.SUBMITTED, submitted)
    return result


@transaction.atomic
def recall_hall_guide(*, by: Actor, hall: Hall, adoption_id: UUID) -> Adoption:
    """Take a submitted hall guide back before anybody has decided."""
    adoption = lock_to_fill_in(by, hall, adoption_id)
    if adoption.guide_state != HallGuideState.SUBMITTED:
        raise Conflict("没有在审核，无需撤回。")
    _advance(adoption, HallGuideState.FILLING)
    adoption.save(update_fields=["guide_state"])
    report_to_province(hall, [adoption])
    record_adoption_act(by, hall, adoption, "recall_hall_guide")
    return adoption


@transaction.atomic
def pass_hall_guide(*, by: Actor, hall: Hall, adoption_id: UUID, number: int) -> Adoption:
    """Show the hall guide to citizens from the commit on. ``number``: of the hall guide that was read. Raises Conflict
    where another one has been submitted since, NotAllowed for somebody who had a hand in it."""
    require_in_hall(by, "services.review", hall)
    lock_guide_figures(hall)
    adoption = lock_adoption(hall, adoption_id)
    announce_guides(by, hall, HallGuideState.DONE, [_pass(by, hall, adoption, number)])
    _look_after(hall)
    return adoption


@transaction.atomic
def pass_hall_guides(*, by: Actor, hall: Hall, numbers: Mapping[UUID, int]) -> BulkResult:
    """Pass many at once: by the adoption's id, the number of the hall guide that was read. Guides on which this person
    may not decide, or somebody has decided since, are reported; the rest goes on."""
    require_in_hall(by, "services.review", hall)
    lock_guide_figures(hall)
    passed: list[HallGuideVersion] = []
    result = act_on_each(hall, numbers, lambda one: passed.append(_pass(by, hall, one, numbers[one.pk])))
    announce_guides(by, hall, HallGuideState.DONE, passed)
    if result.done:
        _look_after(hall)
    return result


@transaction.atomic
def return_hall_guide(*, by: Actor, hall: Hall, adoption_id: UUID, number: int, reason: str) -> Adoption:
    """Hand the hall guide back to the person who wrote it, who reads the reason."""
    require_in_hall(by, "services.review", hall)
    adoption = lock_adoption(hall, adoption_id)
    hall_guide = _to_decide(by, hall, adoption, number)
    hand_back_guide(by, hall, adoption, hall_guide, clean_reason(reason, ask="请写明退回的原因。"))
    return adoption


def hand_back_guide(by: Actor, hall: Hall, adoption: Adoption, hall_guide: HallGuideVersion, reason: str) -> None:
    """Hand the guide back that waits at an adoption which the caller has locked."""
    _decide(by, hall_guide, is_passed=False, reason=reason)
    _advance(adoption, HallGuideState.RETURNED)
    adoption.save(update_fields=["guide_state"])
    report_to_province(hall, [adoption])
    record_adoption_act(
        by, hall, adoption, "return_hall_guide", reason=reason, changes={"hall_guide": [hall_guide.number, None]}
    )
    announce_guides(by, hall, HallGuideState.RETURNED, [hall_guide])


def _submit(by: Actor, hall: Hall, adoption: Adoption) -> HallGuideVersion:
    HALL_GUIDE_TRANSITIONS.check(adoption.guide_state, HallGuideState.SUBMITTED)
    version = version_to_fill(adoption)
    found = findings_of(version, adoption.values)
    # a draft that was filled by the program, or before its hall got another name, was looked at by nobody
    windows = window_faults(hall, adoption.values)
    if open_points := [*found.hall.faults, *windows, *found.hall.missing, *found.opposing]:
        raise _unfit(open_points)
    latest = adoption.hall_guides.order_by("-number").first()
    hall_guide = HallGuideVersion.objects.create(
        adoption=adoption,
        item_version_id=version.pk,
        item_version_number=version.number,
        values=dict(followed(version, adoption.values)),
        **submission(by=by, after=latest, author_ids=with_hand(adoption.editor_ids, by)),
    )
    _advance(adoption, HallGuideState.SUBMITTED)
    adoption.save(update_fields=["guide_state"])
    report_to_province(hall, [adoption])
    changes = {"hall_guide": [latest.number if latest else None, hall_guide.number]}
    record_adoption_act(by, hall, adoption, "submit_hall_guide", changes=changes)
    return hall_guide


def _look_after(hall: Hall) -> None:
    renew_guide_figures(hall)
    expect_check(hall)


def _pass(by: Actor, hall: Hall, adoption: Adoption, number: int) -> HallGuideVersion:
    hall_guide = _to_decide(by, hall, adoption, number)
    show_guide(by, hall, adoption, hall_guide)
    return hall_guide


def show_guide(by: Actor, hall: Hall, adoption: Adoption, hall_guide: HallGuideVersion) -> None:
    """Show the guide to citizens that waits at an adoption which the caller has locked, with the hall's figures."""
    ADOPTION_TRANSITIONS.check(adoption.state, AdoptionState.PUBLISHED)
    before, shown = adoption.state, adoption.published
    _decide(by, hall_guide, is_passed=True, reason="")
    _advance(adoption, HallGuideState.DONE)
    adoption.state, adoption.published, adoption.published_at = (
        AdoptionState.PUBLISHED,
        hall_guide,
        hall_guide.reviewed_at,
    )
    adoption.version_number = max(adoption.version_number, hall_guide.item_version_number)
    adoption.editor_ids, adoption.stop_reason, adoption.to_settle = [], "", []
    note_what_is_read(hall, adoption, ItemVersion.objects.select_related("item").get(pk=hall_guide.item_version_id))
    adoption.save()
    report_to_province(hall, [adoption])
    changes = {
        "state": [before, AdoptionState.PUBLISHED.value],
        "hall_guide": [shown.number if shown else None, hall_guide.number],
    }
    record_adoption_act(by, hall, adoption, "pass_hall_guide", changes=changes)


def _to_decide(by: Actor, hall: Hall, adoption: Adoption, number: int) -> HallGuideVersion:
    hall_guide = adoption.hall_guides.order_by("-number").first()
    if hall_guide is None or hall_guide.number != number or adoption.guide_state != HallGuideState.SUBMITTED:
        message = f"这一份已由他人处理，现在是“{adoption.get_guide_state_display()}”。请刷新页面。"
        raise Conflict(message)
    if why := why_not_decide(by, hall, hall_guide):
        raise NotAllowed(why)
    return hall_guide


def _decide(by: Actor, hall_guide: HallGuideVersion, *, is_passed: bool, reason: str) -> None:
    hall_guide.is_passed, hall_guide.reason, hall_guide.reviewer_name, hall_guide.reviewed_at = (
        is_passed,
        reason,
        by.name,
        timezone.now(),
    )
    hall_guide.save(update_fields=["is_passed", "reason", "reviewer_name", "reviewed_at"])


def _advance(adoption: Adoption, state: HallGuideState) -> None:
    HALL_GUIDE_TRANSITIONS.check(adoption.guide_state, state)
    adoption.guide_state = state


def _unfit(faults: Sequence[Fault]) -> Invalid:
    return Invalid.of(faults, many=f"有 {len(faults)} 处要补充或修改，请按提示处理。")
