"""Which sign-ins are open."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from foundation.errors import NotAllowed, NotFound
from province.people.models import Account
from province.people.queries.accounts import account_with_id
from province.rights.actors import Actor
from province.rights.roles import ADMINISTRATORS
from province.sign_in.models import Factor, SignInSession

# under which the session of a host (django.contrib.sessions) names the sign-in that it belongs to
KEY = "sign_in"
# how long a sign-in may lie unused (GB/T 22239-2019, 8.1.4.1 d; OWASP ASVS 7.3.1): at a hall's window people come and
# go all day, at the province a desk left open rules every hall
IDLE_MINUTES, IDLE_MINUTES_OF_PROVINCE, IDLE_MINUTES_OF_ADMINISTRATORS = 60, 30, 15


def is_valid(session: SignInSession) -> bool:
    """Whether it still lets in: not ended, not too old, used within its idle time, the account open, its password and
    round as they were, and a second factor given where one is asked for."""
    account = session.account
    return (
        session.ended_at is None
        and account.is_active
        and session.created_at > _oldest()
        and session.last_seen_at > timezone.now() - timedelta(minutes=session.idle_minutes)
        and constant_time_compare(session.auth_hash, account.get_session_auth_hash())
        and is_enough(Factor(session.factor))
    )


def idle_minutes_of(account: Account) -> int:
    """How long a sign-in of this account may lie unused, by the most powerful of its positions at the time."""
    held = list(account.positions.values_list("role", "hall_id"))
    if any(role in ADMINISTRATORS for role, _ in held):
        return IDLE_MINUTES_OF_ADMINISTRATORS
    return IDLE_MINUTES_OF_PROVINCE if any(hall_id is None for _, hall_id in held) else IDLE_MINUTES


def is_enough(factor: Factor) -> bool:
    if factor is Factor.PASSWORD:
        return not settings.SECOND_FACTOR_REQUIRED
    return factor is not Factor.DEMO or settings.DEMO


def valid_session(session_id: UUID | str) -> SignInSession | None:
    """The sign-in with its account, if it still lets in: one query."""
    found = SignInSession.objects.select_related("account").filter(pk=session_id).first()
    return found if found and is_valid(found) else None


def open_sessions(account: Account) -> QuerySet[SignInSession]:
    """Where the account is signed in, the last seen first."""
    mine = SignInSession.objects.filter(account=account, ended_at=None, created_at__gt=_oldest())
    return mine.filter(auth_hash=account.get_session_auth_hash()).order_by("-last_seen_at", "-pk")


def own_open_sessions(*, by: Actor) -> QuerySet[SignInSession]:
    """Where the person themselves is signed in. Raises NotAllowed for a program's key: it has no sign-ins."""
    _require_in_person(by)
    return open_sessions(account_with_id(by.id))


def own_session(*, by: Actor, session_id: UUID) -> SignInSession:
    """A sign-in of the person themselves, ended ones among them. Raises NotAllowed for a program's key, NotFound for
    somebody else's."""
    _require_in_person(by)
    if found := SignInSession.objects.filter(pk=session_id, account=account_with_id(by.id)).first():
        return found
    raise NotFound("没有找到这次登录。")


def _require_in_person(by: Actor) -> None:
    if not by.is_in_person(by.id):
        raise NotAllowed("登录是本人自己的事，请本人登录后查看和退出；访问令牌不能代办。")


def _oldest() -> datetime:
    return timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
