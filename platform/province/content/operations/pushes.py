"""Push, replace, withdraw, restore, stop: each costs the same for one hall and for thirty thousand."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.events.operations import clear_due_time, emit_event, set_due_time
from province.audit.operations import record_act
from province.content.events import PUSH_BEGINS, PUSH_CHANGED, PUSH_EXPIRES, PushChanged
from province.content.models import ChannelDelivery, ManuscriptVersion, Push, PushScope
from province.content.operations.generations import count_up_generations
from province.content.operations.notices import tell_pushed
from province.content.queries.audiences import MOST_SCOPES, Audience, audience_of_push, halls_of
from province.content.queries.desks import may_at_desk
from province.content.states import PUSH_TRANSITIONS, PushMode, PushState, ReviewState, WithdrawalKind
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, system_actor
from province.rights.roles import HALL_EDITORS, Reach, Role

declare("content.push", "推稿与撤稿", reach=Reach.HALL, roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR})

URL_LENGTH = 500
_COLUMN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
_Act = ChannelDelivery.Act
_UNDER_WAY = (PushState.SCHEDULED, PushState.LIVE)


@transaction.atomic
def push_version(  # noqa: PLR0913 - the fields of the push dialog
    *,
    by: Actor,
    version: ManuscriptVersion,
    audience: Audience,
    column: str,
    mode: PushMode = PushMode.DIRECT,
    is_pinned: bool = False,
    is_urgent: bool = False,
    sends_message: bool = False,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Push:
    """Show an approved version on every hall of the audience: at once, or when ``starts_at`` comes.

    ``sends_message``: readers' installed apps hear of it, too.

    Raises NotAllowed for a scope beyond the actor's reach; NotFound for another desk's text; Invalid for a push to
    nobody; Conflict for a version that is not approved, or is already pushed to the same halls in the same column.
    """
    for scope in audience.scopes:
        require(by, "content.push", prefix=scope.prefix)
    now = timezone.now()
    _check_placing(audience, column)
    _check_times(now, starts_at, expires_at)
    text = _approved(by, version)
    _check_not_pushed_yet(text, audience, column)
    begins_at = max(starts_at or now, now)
    is_live = begins_at == now
    push = Push.objects.create(
        version=text,
        shown=text,
        desk_prefix=text.manuscript.desk_prefix,
        column=column,
        mode=mode,
        is_pinned=is_pinned,
        is_urgent=is_urgent,
        sends_message=sends_message,
        state=PushState.LIVE if is_live else PushState.SCHEDULED,
        turn=1 if is_live else 0,
        starts_at=begins_at,
        expires_at=expires_at,
        published_at=now if is_live else None,
        created_by_id=by.id,
        created_by_name=by.name,
    )
    _write_scopes(push, audience)
    _record(push, by=by, act="content.push" if is_live else "content.schedule", changes={"state": [None, push.state]})
    _set_clock(push)
    if is_live:
        _announce(push, act=_Act.PUSH)
        tell_pushed(push)
    return push


@transaction.atomic
def replace_version(*, by: Actor, push: Push, version: ManuscriptVersion) -> Push:
    """Put another version of the manuscript in place of the pushed one, at its address. A repeat changes nothing."""
    require(by, "content.push", prefix=push.desk_prefix)
    push = _locked(push.pk)
    text = _approved(by, version)
    if push.state not in _UNDER_WAY:
        message = f"推稿{PushState(push.state).label}，不能换版。"
        raise Conflict(message)
    if text.manuscript_id != push.version.manuscript_id:
        raise Invalid("只能换成同一稿件的另一个版本。如要换成别的稿件，请撤稿并选择“换成另一版本”。")
    if text.pk == push.version_id:
        return push
    changes = {"version": [str(push.version_id), str(text.pk)]}
    push.version = push.shown = text
    if push.state == PushState.LIVE:
        _change_pages(push)
    else:
        push.save(update_fields=["version", "shown"])
    _record(push, by=by, act="content.replace", changes=changes)
    if push.state == PushState.LIVE:
        _announce(push, act=_Act.PUSH)
    return push


@transaction.atomic
def withdraw_push(
    *,
    by: Actor,
    push: Push,
    kind: WithdrawalKind,
    reason: str,
    redirect_url: str = "",
    substitute: ManuscriptVersion | None = None,
) -> Push:
    """Take the push off every site at commit, in one of five ways. Withdrawing it again in another way changes the way;
    a repeat changes nothing.

    Raises Invalid without a reason, and without what the kind needs: a ``redirect_url`` (a path of the hall's own site
    or https), or a ``substitute`` that is approved.
    """
    require(by, "content.push", prefix=push.desk_prefix)
    reason = clean_reason(reason, ask="请填写撤稿原因。", is_line=True)
    push = _locked(push.pk)
    PUSH_TRANSITIONS.check(push.state, PushState.WITHDRAWN)
    redirect_url = _safe_redirect(push, redirect_url) if kind == WithdrawalKind.REDIRECT else ""
    in_its_place = _substitute(by, push, substitute) if kind == WithdrawalKind.SUBSTITUTE else None
    facts = {
        "state": PushState.WITHDRAWN,
        "withdrawal_kind": kind,
        "withdrawal_reason": reason,
        "redirect_url": redirect_url,
        "substitute_id": in_its_place.pk if in_its_place else None,
    }
    changes = _changes(push, facts)
    if not changes:
        return push
    for name, value in facts.items():
        setattr(push, name, value)
    push.shown = in_its_place or push.version
    push.withdrawn_at = timezone.now()
    _change_pages(push)
    _record(push, by=by, act="content.withdraw", reason=reason, changes=changes)
    # the text itself must go from accounts outside, whatever stays on our own sites
    _announce(push, act=_Act.WITHDRAW)
    return push


@transaction.atomic
def restore_push(*, by: Actor, push: Push) -> Push:
    """Undo a withdrawal: the pushed version shows again where it stood. Raises Conflict once its time is over."""
    require(by, "content.push", prefix=push.desk_prefix)
    push = _locked(push.pk)
    if push.state != PushState.WITHDRAWN:
        message = f"推稿{PushState(push.state).label}，没有可以撤销的撤稿。"
        raise Conflict(message)
    _check_not_over(push)
    facts = {
        "state": PushState.LIVE,
        "withdrawal_kind": "",
        "withdrawal_reason": "",
        "redirect_url": "",
        "substitute_id": None,
    }
    changes = _changes(push, facts)
    for name, value in facts.items():
        setattr(push, name, value)
    push.shown = push.version
    push.withdrawn_at = None
    _change_pages(push)
    _record(push, by=by, act="content.restore", changes=changes)
    _announce(push, act=_Act.PUSH)
    return push


@transaction.atomic
def stop_push(*, by: Actor, push: Push) -> Push:
    """Keep a scheduled push from beginning. Raises Conflict for one that has begun: ``withdraw_push`` is for that."""
    require(by, "content.push", prefix=push.desk_prefix)
    push = _locked(push.pk)
    PUSH_TRANSITIONS.check(push.state, PushState.STOPPED)
    push.state = PushState.STOPPED
    push.save(update_fields=["state"])
    clear_due_time(kind=PUSH_BEGINS, subject_id=push.pk)
    _record(push, by=by, act="content.stop", changes={"state": [PushState.SCHEDULED, PushState.STOPPED]})
    return push


@transaction.atomic
def resume_push(*, by: Actor, push: Push) -> Push:
    """Undo a stop: it begins when it was to begin, or at once where that time has passed."""
    require(by, "content.push", prefix=push.desk_prefix)
    push = _locked(push.pk)
    if push.state != PushState.STOPPED:
        message = f"推稿{PushState(push.state).label}，没有可以撤销的取消。"
        raise Conflict(message)
    _check_not_over(push)
    if push.starts_at > timezone.now():
        push.state = PushState.SCHEDULED
        push.save(update_fields=["state"])
        _set_clock(push)
        _record(push, by=by, act="content.resume", changes={"state": [PushState.STOPPED, PushState.SCHEDULED]})
    else:
        _go_live(push, by=by, act="content.resume")
    return push


@transaction.atomic
def begin_push(*, push_id: UUID) -> None:
    """Begin the push, by the clock. Does nothing where it was stopped or put off meanwhile, or has begun already."""
    push = _locked(push_id)
    if push.state == PushState.SCHEDULED and push.starts_at <= timezone.now():
        _go_live(push, by=system_actor(), act="content.begin")


@transaction.atomic
def expire_push(*, push_id: UUID) -> None:
    """End the push, by the clock: its pages answer 410 from now on. A push that readers no longer see stays as it was
    withdrawn."""
    push = _locked(push_id)
    if not push.is_listed or push.expires_at is None or push.expires_at > timezone.now():
        return
    before = push.state
    PUSH_TRANSITIONS.check(before, PushState.EXPIRED)
    push.state = PushState.EXPIRED
    _change_pages(push)
    _record(push, by=system_actor(), act="content.expire", changes={"state": [before, PushState.EXPIRED]})
    _announce(push, act=_Act.WITHDRAW)


def _locked(push_id: UUID) -> Push:
    """The push as it stands, held until the transaction ends: what is done to one push happens one after the other."""
    push = (
        Push.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version__manuscript")
        .filter(pk=push_id)
        .first()
    )
    if push is None:
        raise NotFound("没有这次推稿。")
    return push


def _approved(by: Actor, version: ManuscriptVersion) -> ManuscriptVersion:
    """The version as it stands, held so that two who push it at once learn of each other."""
    text = (
        ManuscriptVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("manuscript")
        .filter(pk=version.pk)
        .first()
    )
    if text is None or not may_at_desk(by, "content.push", text.manuscript):
        raise NotFound("没有这个稿件版本。")
    if text.state != ReviewState.APPROVED:
        message = f"这个版本{ReviewState(text.state).label}，只有通过三审的版本才能发布。"
        raise Conflict(message)
    return text


def _check_placing(audience: Audience, column: str) -> None:
    if not _COLUMN.match(column):
        message = "请选择栏目。栏目代码由小写字母、数字和连字符组成。"
        raise Invalid(message, faults=[Fault("column", message)])
    if len(audience.scopes) + len(audience.exclusions) > MOST_SCOPES:
        message = f"推送范围最多 {MOST_SCOPES} 项，请改选上级区划。"
        raise Invalid(message, faults=[Fault("audience", message)])
    if not halls_of(audience).exclude(state=HallState.RETIRED).exists():
        message = "这个范围内没有服务厅，没有可以推送的对象。请检查区划、类型和排除项。"
        raise Invalid(message, faults=[Fault("audience", message)])


def _check_times(now: datetime, starts_at: datetime | None, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= max(starts_at or now, now):
        message = "到期时间应晚于发布时间。"
        raise Invalid(message, faults=[Fault("expires_at", message)])


def _check_not_pushed_yet(version: ManuscriptVersion, audience: Audience, column: str) -> None:
    others = Push.objects.filter(version=version, column=column, state__in=_UNDER_WAY)
    for other in others.prefetch_related("scopes"):
        if audience_of_push(other) == audience:
            raise Conflict("这个版本已经推送到同样的范围和栏目，不必重复推送。")


def _check_not_over(push: Push) -> None:
    if push.expires_at is not None and push.expires_at <= timezone.now():
        raise Conflict("展示期限已过，请重新推送。")


def _safe_redirect(push: Push, url: str) -> str:
    """A path of the hall's own site, or an https address: nothing that leaves the site unseen, and no way back here."""
    message = "请填写要转到的地址：本站路径（以 / 开头）或以 https:// 开头的网址。"
    refusal = Invalid(message, faults=[Fault("redirect_url", message)])
    # browsers drop control characters and read a backslash as a slash
    if not url or len(url) > URL_LENGTH or "\\" in url or not url.isprintable() or " " in url:
        raise refusal
    try:
        parts = urlsplit(url)
        is_https = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError as error:
        raise refusal from error
    is_own_path = url.startswith("/") and not parts.scheme and not parts.netloc and not url.startswith("//")
    if not (is_own_path or is_https):
        raise refusal
    if is_own_path and unquote(parts.path).rstrip("/") == f"/p/{push.pk}":
        message = "不能转到被撤下的页面本身。"
        raise Invalid(message, faults=[Fault("redirect_url", message)])
    return url


def _substitute(by: Actor, push: Push, version: ManuscriptVersion | None) -> ManuscriptVersion:
    message = "请选择替换用的版本。" if version is None else "替换用的版本不能是被撤下的版本本身。"
    if version is None or version.pk == push.version_id:
        raise Invalid(message, faults=[Fault("substitute", message)])
    _check_not_over(push)
    return _approved(by, version)


def _write_scopes(push: Push, audience: Audience) -> None:
    common = {
        "push": push,
        "is_listed": push.is_listed,
        "published_at": push.published_at,
        "excluded_keys": audience.excluded_keys,
        "column": push.column,
        "mode": push.mode,
        "is_pinned": push.is_pinned,
        "is_urgent": push.is_urgent,
    }
    PushScope.objects.bulk_create(
        PushScope(prefix=scope.prefix, kinds=list(scope.kinds), is_excluded=is_excluded, **common)
        for is_excluded, scopes in ((False, audience.scopes), (True, audience.exclusions))
        for scope in scopes
    )


def _go_live(push: Push, *, by: Actor, act: str) -> None:
    before = push.state
    PUSH_TRANSITIONS.check(before, PushState.LIVE)
    push.state = PushState.LIVE
    push.published_at = timezone.now()
    _change_pages(push)
    _set_clock(push)
    _record(push, by=by, act=act, changes={"state": [before, PushState.LIVE]})
    _announce(push, act=_Act.PUSH)
    tell_pushed(push)


def _set_clock(push: Push) -> None:
    """What must happen next by the clock. An end comes due only after the beginning did."""
    if push.state == PushState.SCHEDULED:
        set_due_time(kind=PUSH_BEGINS, subject_id=push.pk, due_at=push.starts_at)
    elif push.expires_at is not None:
        set_due_time(kind=PUSH_EXPIRES, subject_id=push.pk, due_at=push.expires_at)


def _change_pages(push: Push) -> None:
    """Write what readers see differently from now on."""
    push.turn += 1
    push.save()
    PushScope.objects.filter(push=push, is_excluded=False).update(
        is_listed=push.is_listed, published_at=push.published_at
    )


def _record(push: Push, *, by: Actor, act: str, reason: str = "", changes: dict[str, Any] | None = None) -> None:
    record_act(by=by, act=act, object_type="push", object_id=push.pk, reason=reason, changes=changes)


def _announce(push: Push, *, act: _Act) -> None:
    """Accounts outside and the proof follow by the event; sites follow at commit, by the generations."""
    changed = PushChanged(turn=push.turn, act=act)
    emit_event(kind=PUSH_CHANGED, subject_id=push.pk, payload=changed, is_urgent=push.is_urgent)
    count_up_generations(push.pk)


def _changes(push: Push, facts: dict[str, Any]) -> dict[str, list[Any]]:
    """Before and after of each of these fields that differs."""
    before = {name: getattr(push, name) for name in facts}
    return {name: [_plain(before[name]), _plain(value)] for name, value in facts.items() if before[name] != value}


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
