"""公布: from when on a version holds. It costs the same for one hall and for 29,000."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import clear_due_time, emit_event, set_due_time
from province.audit.operations import record_act
from province.catalogue.events import ITEM_ENDS, VERSION_BEGINS, VERSION_DECIDED, VERSION_REQUIRED, VersionDecision
from province.catalogue.models import ItemChange, ItemVersion
from province.catalogue.operations.changes import record_change, record_changes
from province.catalogue.operations.codes import follow_version, give_codes, take_back_code
from province.catalogue.operations.drafts import check_not_ended, lock_any_item, lock_item
from province.catalogue.operations.planned_ends import end_of, plan_end
from province.catalogue.queries.codes import is_given
from province.catalogue.queries.desks import check_version_in_sight
from province.catalogue.queries.successions import check_begins_before_succession
from province.catalogue.states import VERSION_TRANSITIONS, VersionState
from province.content.operations.generations import count_up_generation
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, system_actor
from province.rights.roles import Reach, Role

declare("catalogue.publish", "公布、暂停和恢复事项", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})


@transaction.atomic
def publish_version(
    *, by: Actor, version: ItemVersion, valid_from: datetime | None = None, required_from: datetime | None = None
) -> ItemVersion:
    """Put the version in force from ``valid_from`` on (None: now). A hall that has adopted the item shows the version
    before it until it accepts this one, and at the longest until ``required_from`` (None: not at all).

    Raises Invalid for a time that has passed; Conflict for a version that is not approved, that is older than the one
    published last, or that would begin before it.
    """
    require(by, "catalogue.publish")
    check_version_in_sight(by, version.pk)
    item = lock_item(by, version.item)
    check_not_ended(item)
    now = timezone.now()
    if valid_from is not None and valid_from < now:
        message = f"生效时间不能早于现在（{timezone.localtime(now):%Y-%m-%d %H:%M}）。要立即生效，请不填生效时间。"
        raise Invalid(message, faults=[Fault("valid_from", message)])
    begins_at = valid_from or now
    required_at = required_from or begins_at
    if required_at < begins_at:
        message = "各服务厅最迟换用的时间不能早于生效时间。"
        raise Invalid(message, faults=[Fault("required_from", message)])
    locked = item.versions.select_related("department").get(pk=version.pk)
    if required_at > begins_at and locked.values["basic_code"] != item.basic_code and is_given(item):
        message = "这一版变更了基本编码，各服务厅须同时换用，不能另定最迟换用的时间。"
        raise Invalid(message, faults=[Fault("required_from", message), Fault("grace_days", message)])
    if locked.state == VersionState.PUBLISHED:
        raise Conflict("这一版已经公布。")
    VERSION_TRANSITIONS.check(locked.state, VersionState.PUBLISHED)
    check_begins_before_succession(item, begins_at)
    if (ends_at := end_of(locked)) is not None and ends_at <= begins_at:
        message = f"这一版的计划取消日期是 {locked.ends_on:%Y-%m-%d}，应在施行时间之后。请修改后重新报送。"
        raise Conflict(message)
    before = item.versions.filter(state=VersionState.PUBLISHED).order_by("-valid_from").first()
    if before is not None:
        _check_follows(before, locked, begins_at)
        before.valid_to = begins_at
        before.save(update_fields=["valid_to"])
    locked.state, locked.valid_from, locked.published_by_name = VersionState.PUBLISHED, begins_at, by.name
    locked.required_from = required_at
    locked.public_number = (item.versions.aggregate(last=Max("public_number"))["last"] or 0) + 1
    locked.save(update_fields=["state", "public_number", "valid_from", "required_from", "published_by_name"])
    plan_end(locked, before)
    if begins_at > now:
        set_due_time(kind=VERSION_BEGINS, subject_id=locked.pk, due_at=begins_at)
    if required_at > begins_at:
        set_due_time(kind=VERSION_REQUIRED, subject_id=locked.pk, due_at=required_at)
    give_codes([locked])
    changes = {
        "version": [before.number if before else None, locked.number],
        "valid_from": [None, _shown(begins_at)],
        "required_from": [None, _shown(required_at)],
    }
    record_act(by=by, act="catalogue.publish_version", object_type="item", object_id=item.pk, changes=changes)
    decided = VersionDecision(state=VersionState.PUBLISHED, by_id=by.id)
    emit_event(kind=VERSION_DECIDED, subject_id=locked.pk, payload=decided)
    published = ItemChange(kind=ItemChange.Kind.PUBLISHED, item=item, version=locked, happened_at=now)
    record_changes([published, *(follow_version(item, locked, by) if begins_at <= now else [])])
    return locked


@transaction.atomic
def withdraw_version(*, by: Actor, version: ItemVersion) -> ItemVersion:
    """Undo a publication whose day has not come: the version before it goes on. Afterwards it can be published anew.

    What is in force already is suspended or abolished instead: cases may refer to it.
    """
    require(by, "catalogue.publish")
    check_version_in_sight(by, version.pk)
    item = lock_item(by, version.item)
    locked = item.versions.get(pk=version.pk)
    if locked.state != VersionState.PUBLISHED:
        message = f"这一版{VersionState(locked.state).label}，没有可以撤回的公布。"
        raise Conflict(message)
    VERSION_TRANSITIONS.check(locked.state, VersionState.APPROVED)
    begins_at = _begins_at(locked)
    if begins_at <= timezone.now():
        raise Conflict("这一版已经生效，不能撤回公布。请改用暂停或废止，或公布新的一版。")
    if item.versions.filter(state=VersionState.PUBLISHED, valid_from__gt=begins_at).exists():
        raise Conflict("后面还有一版已公布待生效，请先撤回那一版。")
    take_back_code(locked)
    locked.state, locked.published_by_name = VersionState.APPROVED, ""
    locked.public_number = locked.valid_from = locked.valid_to = locked.required_from = None
    fields = ["state", "public_number", "valid_from", "valid_to", "required_from", "published_by_name"]
    locked.save(update_fields=fields)
    before = item.versions.filter(state=VersionState.PUBLISHED).order_by("-valid_from").first()
    if before is not None:
        before.valid_to = None
        before.save(update_fields=["valid_to"])
        plan_end(before, locked)
    clear_due_time(kind=ITEM_ENDS, subject_id=locked.pk)
    clear_due_time(kind=VERSION_BEGINS, subject_id=locked.pk)
    clear_due_time(kind=VERSION_REQUIRED, subject_id=locked.pk)
    changes = {
        "version": [locked.number, before.number if before else None],
        "valid_from": [_shown(begins_at), None],
    }
    record_act(by=by, act="catalogue.withdraw_version", object_type="item", object_id=item.pk, changes=changes)
    record_change(ItemChange.Kind.RECALLED, item, locked)
    return locked


@transaction.atomic
def begin_version(*, version_id: UUID) -> None:
    """Announce, by the clock, that the version is in force: pages and other systems learn of it. A repeat does
    nothing, and neither does a version whose publication was withdrawn meanwhile."""
    version = ItemVersion.objects.select_related("item").get(pk=version_id)
    item = lock_any_item(version.item)
    version = item.versions.get(pk=version_id)
    if version.state != VersionState.PUBLISHED or _begins_at(version) > timezone.now():
        return
    if version.changes.filter(kind=ItemChange.Kind.BEGAN).exists():
        return
    record_act(
        by=system_actor(),
        act="catalogue.begin_version",
        object_type="item",
        object_id=item.pk,
        changes={"version": [None, version.number]},
    )
    began = ItemChange(kind=ItemChange.Kind.BEGAN, item=item, version=version, happened_at=_begins_at(version))
    # of two whose day has come, the clock may announce the later one first
    holds = version.valid_to is None or version.valid_to > timezone.now()
    record_changes([began, *(follow_version(item, version, system_actor()) if holds else [])])


@transaction.atomic
def require_version(*, version_id: UUID) -> None:
    """Announce, by the clock, that halls that have not accepted the version show it from now on. A repeat makes
    pages stale once more, and nothing else."""
    version = ItemVersion.objects.get(pk=version_id)
    if version.state != VersionState.PUBLISHED or (version.required_from or timezone.now()) > timezone.now():
        return
    record_act(
        by=system_actor(),
        act="catalogue.require_version",
        object_type="item",
        object_id=version.item_id,
        changes={"version": [None, version.number]},
    )
    count_up_generation(settings.PROVINCE_CODE)


def _check_follows(before: ItemVersion, version: ItemVersion, begins_at: datetime) -> None:
    if before.number > version.number:
        message = f"{before.called}已经公布，不能再公布较早的{version.called}。"
        raise Conflict(message)
    if _begins_at(before) >= begins_at:
        message = (
            f"{before.called}已定于 {timezone.localtime(before.valid_from):%Y-%m-%d %H:%M} 生效，"
            "新版应在它之后生效；如不再需要那一版，请先撤回它的公布。"
        )
        raise Conflict(message)


def _begins_at(version: ItemVersion) -> datetime:
    assert version.valid_from is not None  # noqa: S101 - the database says so of every published version
    return version.valid_from


def _shown(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
