"""Forms are filled in: begun, saved page by page, sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid, NotFound, TooMany
from foundation.events.operations import emit_event
from foundation.row_locks import hold_row
from foundation.sealing.fields import OwnedJSON
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import READY_ROLES, Reach, Role
from standards.forms.filling import FillingContext
from standards.forms.plans import work_through
from standards.forms.posted import FilledResult, read_posted
from standards.forms.rights import Rights
from tenants.portal.operations.figures import check_inside
from tenants.workflow.events import FILES_DROPPED, DroppedFiles
from tenants.workflow.models import FilledForm, FormVersion
from tenants.workflow.operations.moments import keep_former, keep_moment
from tenants.workflow.queries.asking import filling_pages
from tenants.workflow.queries.filled import (
    NO_FILLED,
    FormFiller,
    own_draft_of,
    own_drafts,
    own_filled_forms,
    rights_at_beginning,
    rights_of,
    values_of,
)
from tenants.workflow.queries.forms import definition_of, fillable_form, newest_version
from tenants.workflow.queries.prefill import KnownValue, known_at_beginning, own_values
from tenants.workflow.queries.reading import read_filling, read_filling_with_page, result_of_page
from tenants.workflow.queries.taken import reopened_fields, taker_of
from tenants.workflow.states import FILLED_TRANSITIONS, FilledState

TAKE_PART = declare(
    "workflow.take_part",
    "参加流程、处理待办",
    reach=Reach.OWN,
    roles=frozenset(role for role in Role if READY_ROLES[role].is_for_halls),
)

MOST_BEGUN_A_DAY: Final = 30
MOST_DRAFTS: Final = 100
SENT: Final = "提交"


@dataclass(frozen=True, slots=True)
class SavedFilling:
    """The row as it stands now, and what the standards say of it."""

    filled: FilledForm
    result: FilledResult


@transaction.atomic
def begin_filling(*, who: FormFiller, hall: Hall, form_id: UUID, is_another: bool = False) -> FilledForm:
    """A draft of the form's newest version, filled in with what is known of the person. Where the person has one
    already, that is returned, unless ``is_another`` is wished.

    Raises NotFound where the form cannot be filled in by them, TooMany.
    """
    check_may_fill(who, hall)
    hold_name(f"filling of {form_id} by {who.by.id}")
    version = newest_version(fillable_form(form_id, is_citizen=who.citizen is not None).pk)
    if not is_another and (begun := own_draft_of(who, form_id)):
        return begun
    since = timezone.now() - timedelta(days=1)
    # a clerk at the window fills in a hundred a day for others
    if who.citizen and own_filled_forms(who).filter(created_at__gt=since).count() >= MOST_BEGUN_A_DAY:
        raise TooMany("您今天填的表单太多，请明天再填。")
    if own_drafts(who).count() >= MOST_DRAFTS:
        raise TooMany(f"您有 {MOST_DRAFTS} 份表单还没有提交，请先提交或删除几份。")
    filled = make_draft(who, hall, version, rights_at_beginning(who, definition_of(version)))
    _record(who.by, hall, filled, "begin_filling")
    return filled


def make_draft(who: FormFiller, hall: Hall, version: FormVersion, rights: Rights) -> FilledForm:
    """A row of the person's own, filled in with what is known of them as far as ``rights`` let them write it."""
    known = known_at_beginning(hall, who, version, rights)
    filled = FilledForm(
        form_id=version.form_id,
        version=version,
        owner_name="" if who.citizen else who.by.name,
        saved_at=timezone.now(),
        values=OwnedJSON(hall.pk, known.values),
        origins=known.origins,
        **who.owner,
    )
    filled.save()
    return filled


@transaction.atomic
def save_filling(
    *,
    who: FormFiller,
    hall: Hall,
    filled_id: UUID,
    posted: Mapping[str, object],
    revision: int,
    page: str = "",
    then: str = "",
    origin: str = "",
) -> SavedFilling:
    """Keep what was typed, right or wrong. ``page``: the name of the page on which it was typed, "" for the whole
    form. The person goes on, on whatever device, at ``then``, or where that is "" at what comes next; at the same page
    where something is wrong on it. ``origin``: whence it is known, in words, where the person did not type it.

    Raises Conflict where it was sent and is not opened again, or something else was saved since ``revision``; NotFound
    for another person's. The same once more changes nothing.
    """
    filled = locked_filling(who, hall, filled_id)
    before = values_of(hall, filled)
    can_change = can_still_change(filled)
    whole, context = read_filling_with_page(who, hall, filled, posted, page=page)
    result = result_of_page(whole, filled, page)
    appeared = _appeared(who, filled, posted, before, (whole, context))
    if appeared:
        offered = {name: one.value for name, one in appeared.items()}
        whole = read_posted(definition_of(filled.version), rights_of(who, filled), offered, whole.values, context)
        # what is wrong on the page stays
        result = replace(result, values=whole.values, worked=whole.worked)
    is_changed = dict(result.values) != before
    if not can_change:
        message = f"这份表单{filled.get_state_display()}，不能再改。" if is_changed else "这份表单已经提交。"
        raise Conflict(message)
    if is_changed:
        check_filled_revision(filled, revision)
        write_values(hall, filled, before, result)
        filled.origins |= {name: one.origin for name, one in appeared.items() if name in result.values}
        if origin:
            filled.origins |= {name: origin for name in posted if result.values.get(name) != before.get(name)}
    if page:
        onward = then or filling_pages(hall, who, filled, (whole, context)).after(page)
        filled.page = page if result.faults else onward
    filled.saved_at = timezone.now()
    filled.save()
    return SavedFilling(filled, result)


@transaction.atomic
def send_filling(*, who: FormFiller, hall: Hall, filled_id: UUID, revision: int) -> FilledForm:
    """Hand in what was saved. Nobody changes it any more, save the steps of a run. Sent twice, it is one.

    Raises Invalid with a fault for every field that is wrong, Conflict where something was saved since ``revision``.
    """
    filled = locked_filling(who, hall, filled_id)
    if filled.state != FilledState.DRAFT:
        return filled
    check_filled_revision(filled, revision)
    result = read_filling(who, hall, filled, {})[0]
    if result.faults:
        raise Invalid.of(result.faults, many=f"有 {len(result.faults)} 处要补充或修改，请按提示处理。")
    write_values(hall, filled, values_of(hall, filled), result)
    FILLED_TRANSITIONS.check(filled.state, FilledState.SENT)
    filled.state, filled.sent_at = FilledState.SENT, timezone.now()
    filled.save()
    keep_moment(who.by, hall, filled, SENT)
    if taker := taker_of(filled.form_id):
        taker.take(who=who, hall=hall, filled=filled)
    _record(who.by, hall, filled, "send_filling")
    return filled


@transaction.atomic
def send_again(*, who: FormFiller, hall: Hall, filled_id: UUID, label: str) -> FilledForm:
    """Hand in what was changed in a form that was sent and opened again; what it says now is kept as a moment under
    ``label``. Raises Invalid with a fault for every open field that is wrong, Conflict where it is not open."""
    filled = locked_filling(who, hall, filled_id)
    if filled.state == FilledState.DRAFT or not can_still_change(filled):
        message = f"这份表单{filled.get_state_display()}，没有要补充的。"
        raise Conflict(message)
    if faults := read_filling(who, hall, filled, {})[0].faults:
        raise Invalid.of(faults, many=f"有 {len(faults)} 处要补充或修改，请按提示处理。")
    keep_moment(who.by, hall, filled, label)
    _record(who.by, hall, filled, "send_again")
    return filled


@transaction.atomic
def drop_filling(*, who: FormFiller, hall: Hall, filled_id: UUID) -> None:
    """Delete a draft with all that was typed and uploaded. Raises Conflict for what was sent."""
    filled = locked_filling(who, hall, filled_id)
    if filled.state != FilledState.DRAFT:
        raise Conflict("已经提交的表单不能删除。")
    _record(who.by, hall, filled, "drop_filling")
    if keys := sorted(set(filled.uploads.values_list("key", flat=True))):
        emit_event(kind=FILES_DROPPED, payload=DroppedFiles(keys=keys), subject_id=filled.pk, hall_id=hall.pk)
    filled.delete()


def _appeared(
    who: FormFiller,
    filled: FilledForm,
    posted: Mapping[str, object],
    before: Mapping[str, Any],
    read: tuple[FilledResult, FillingContext],
) -> dict[str, KnownValue]:
    """What is known of a citizen for fields that an answer has just let appear: where the form was begun, nobody could
    know that they would be asked. What somebody has seen and left empty stays so."""
    result, context = read
    definition = definition_of(filled.version)
    blank = {
        name: one
        for name, one in own_values(who, definition).items()
        if name in result.worked.visible and name not in result.values and name not in posted
    }
    if not blank:
        return {}
    seen = work_through(definition.plan, before, context).visible
    return {name: one for name, one in blank.items() if name not in seen}


def can_still_change(filled: FilledForm) -> bool:
    """Whether who fills it in may change anything of a row that the caller has locked."""
    if filled.state == FilledState.DRAFT:
        return True
    return filled.state == FilledState.SENT and bool(reopened_fields(filled, is_held=True))


def check_filled_revision(filled: FilledForm, revision: int) -> None:
    """Raises Conflict, where what was read is not what is kept."""
    if filled.revision != revision:
        when = timezone.localtime(filled.saved_at)
        message = f"这份表单已在别处于 {when:%H:%M} 保存了较新的内容，您刚才填的还没有保存。"
        raise Conflict(message)


def write_values(hall: Hall, filled: FilledForm, before: Mapping[str, Any], result: FilledResult) -> None:
    """Put the values of a reading into a row that the caller has locked and saves."""
    is_changed = dict(result.values) != dict(before)
    # a draft has no moments
    if is_changed and filled.state != FilledState.DRAFT:
        keep_former(hall, filled, before)
    filled.values = OwnedJSON(hall.pk, dict(result.values))
    filled.origins = {
        name: origin for name, origin in filled.origins.items() if result.values.get(name) == before.get(name)
    }
    if is_changed:
        filled.revision += 1


def check_may_fill(who: FormFiller, hall: Hall) -> None:
    """Raises NotAllowed for staff who take part in nothing here."""
    check_inside(hall)
    if who.citizen is None:
        require_work_at(who.by, TAKE_PART, hall_id=hall.pk)


def locked_filling(who: FormFiller, hall: Hall, filled_id: UUID) -> FilledForm:
    """The person's own form, locked until the transaction ends. Raises NotFound for another person's, NotAllowed for
    staff who take part in nothing here."""
    check_may_fill(who, hall)
    filled = hold_row(own_filled_forms(who), pk=filled_id)
    if filled is None:
        raise NotFound(NO_FILLED)
    return filled


def _record(by: Actor, hall: Hall, filled: FilledForm, act: str, **facts: Any) -> None:
    record_act(by=by, act=f"workflow.{act}", object_type="filled_form", object_id=filled.pk, hall_id=hall.pk, **facts)
