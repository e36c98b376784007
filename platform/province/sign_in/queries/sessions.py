"""Which sign-ins are open."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from province.people.models import Account
from province.sign_in.models import Factor, SignInSession

# under which the session of a host (django.contrib.sessions) names the sign-in that it belongs to
KEY = "sign_in"


def is_valid(session: SignInSession) -> bool:
    """Whether it still lets in: not ended, not too old, the account open, its password and round as they were, and a
    second factor given where one is asked for."""
    account = session.account
    return (
        session.ended_at is None
        and account.is_active
        and session.created_at > _oldest()
        and constant_time_compare(session.auth_hash, account.get_session_auth_hash())
        and is_enough(Factor(session.factor))
    )


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


def _oldest() -> datetime:
    return timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
