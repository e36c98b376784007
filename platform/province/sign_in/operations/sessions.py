"""Begin, see and end sign-ins."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.rights.actors import Actor
from province.sign_in.models import Factor, OidcGrant, SignInSession
from province.sign_in.operations.sign_outs import notify_clients
from province.sign_in.queries.sessions import KEY, idle_minutes_of, is_valid

_SEEN_EVERY = timedelta(minutes=1)
_GRANTS_KEPT = timedelta(days=1)
_SIGN_INS_KEPT = timedelta(days=183)


@transaction.atomic
def begin_session(*, account: Account, factor: Factor, address: str, agent: str) -> SignInSession:
    """Sign in the person who proved a moment ago to own the account. Raises Invalid where it was closed since."""
    found = Account.objects.select_for_update().get(pk=account.pk)
    if not found.is_active:
        raise Invalid("账号或密码不正确。")
    now = timezone.now()
    session = SignInSession.objects.create(
        account=found,
        factor=factor,
        proved_at=now,
        last_seen_at=now,
        idle_minutes=idle_minutes_of(found),
        address=address,
        agent=agent[:200],
        auth_hash=found.get_session_auth_hash(),
    )
    record_act(
        by=Actor(found.id, found.name, ()),
        act="sign_in.sign_in",
        object_type="account",
        object_id=found.id,
        changes={"factor": [None, str(factor)]},
    )
    return session


def seen_session(kept: SessionBase) -> SignInSession | None:
    """The sign-in that a host's session names, with its account, if it is still open: one query, and once a minute two
    more, which note when it was last seen and how long it may lie unused by the positions of today."""
    named = kept.get(KEY)
    if named is None:
        return None
    session = SignInSession.objects.select_related("account").filter(pk=named, ended_at=None).first()
    if session is None or not is_valid(session):
        return None
    now = timezone.now()
    if session.last_seen_at < now - _SEEN_EVERY:
        SignInSession.objects.filter(pk=session.pk, last_seen_at__lt=now - _SEEN_EVERY).update(
            last_seen_at=now, idle_minutes=idle_minutes_of(session.account)
        )
    return session


@transaction.atomic
def end_session(*, by: Actor, session: SignInSession) -> None:
    """End the sign-in: on the province's host and on all halls' hosts, from the next request on. A repeat changes
    nothing."""
    if not by.is_in_person(session.account_id):
        raise NotAllowed("只能退出自己的登录。")
    if end_sign_ins(SignInSession.objects.filter(pk=session.pk)):
        record_act(by=by, act="sign_in.sign_out", object_type="account", object_id=session.account_id)


@transaction.atomic
def end_other_sessions(*, by: Actor, account: Account, kept_id: UUID | None) -> int:
    """End all sign-ins of the account but one (None: all). Returns how many there were."""
    if not by.is_in_person(account.pk):
        raise NotAllowed("只能退出自己的登录。")
    mine = SignInSession.objects.filter(account=account)
    ended = end_sign_ins(mine.exclude(pk=kept_id) if kept_id else mine)
    if ended:
        record_act(
            by=by,
            act="sign_in.sign_out_others",
            object_type="account",
            object_id=account.id,
            changes={"sessions": [ended, 0]},
        )
    return ended


def end_sign_ins_of(account: Account, *, kept: SignInSession | None = None) -> int:
    """End all of the account's sign-ins but the one that is kept, in the caller's transaction; returns how many."""
    mine = SignInSession.objects.filter(account=account)
    return end_sign_ins(mine.exclude(pk=kept.pk) if kept else mine)


def end_sign_ins(which: QuerySet[SignInSession]) -> int:
    """End those of them that are open, in the caller's transaction; returns how many. Every client that let somebody in
    by one of them will be told."""
    found = which.filter(ended_at=None).select_for_update().order_by("pk")
    ending = list(found.values_list("pk", flat=True))
    ended = SignInSession.objects.filter(pk__in=ending).update(ended_at=timezone.now())
    if ended:
        notify_clients(ending)
    return ended


def forget_old_sign_ins() -> None:
    """Delete what nobody asks about any more: hosts' sessions and codes that have ended, and sign-ins of half a year
    ago."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    OidcGrant.objects.filter(code_expires_at__lt=now - _GRANTS_KEPT).delete()
    SignInSession.objects.filter(created_at__lt=now - _SIGN_INS_KEPT).delete()
