"""Which sign-ins of citizens are open."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.citizens.models import Citizen, CitizenSignIn


def is_open_sign_in(sign_in: CitizenSignIn) -> bool:
    """Whether it still lets in: not ended, not too old, the account open and its round as it was."""
    citizen = sign_in.citizen
    return (
        sign_in.ended_at is None
        and citizen.ended_at is None
        and sign_in.round == citizen.session_round
        and sign_in.created_at > _oldest()
        and (sign_in.way != CitizenSignIn.Way.DEMO or settings.DEMO)
    )


def open_sign_in(sign_in_id: UUID | str) -> CitizenSignIn | None:
    """The sign-in with its citizen, if it still lets in: one query."""
    found = CitizenSignIn.objects.select_related("citizen").filter(pk=sign_in_id).first()
    return found if found and is_open_sign_in(found) else None


def sign_ins_of(citizen: Citizen) -> QuerySet[CitizenSignIn]:
    """Where the citizen is signed in, the last seen first."""
    mine = CitizenSignIn.objects.filter(citizen=citizen, ended_at=None, created_at__gt=_oldest())
    return mine.filter(round=citizen.session_round).order_by("-last_seen_at", "-pk")


def sign_in_of_citizen(citizen: Citizen, sign_in_id: str) -> CitizenSignIn:
    """Raises NotFound, also for what is no id, and for one that has ended."""
    try:
        found = sign_ins_of(citizen).filter(pk=UUID(sign_in_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("没有这次登录，或者它已经退出。")
    return found


def _oldest() -> datetime:
    return timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
