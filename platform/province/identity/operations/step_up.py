"""Dangerous acts ask once more who it is."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from foundation.errors import DomainError, Fault, Invalid
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Factor, SignInSession, SignInTry
from province.identity.operations.tries import count_try, forgive_tries
from province.identity.queries.citizens import citizen_proved_at
from province.identity.queries.sessions import sign_in_of

FRESH_FOR = timedelta(minutes=10)


class ProofNeeded(DomainError):
    """It is too long ago that this person proved who they are. Pages ask for it and then do what was asked for."""

    status = 403
    code = "proof-needed"
    title = "请再确认一次身份"


def require_fresh(request: HttpRequest) -> None:
    """Raises ProofNeeded where the last proof is older than ten minutes.

    Called by the view, before it opens a dangerous form or carries it out; a program with a token has no sign-in and
    is not asked. The page that asks keeps what was typed (config/middleware.py).
    """
    session = sign_in_of(request)
    if session and session.proved_at < timezone.now() - FRESH_FOR:
        raise ProofNeeded("这一步影响较大，需要再确认一次是您本人。已填写的内容会保留。")


def require_fresh_citizen(request: HttpRequest) -> None:
    """The same for a citizen's own page, which sends on to the question (tenants/portal/views/citizen_frame.py)."""
    if citizen_proved_at(request) < timezone.now() - FRESH_FOR:
        raise ProofNeeded("为保护您的资料，这一步需要再确认一次是您本人。")


def renew_by_password(*, session: SignInSession, password: str, address: str) -> None:
    """For accounts that have no second factor. Raises Invalid, and NotAllowed after too many wrong ones."""
    account = session.account
    step = SignInTry.Step.PASSWORD
    count_try(step=step, username=account.username, address=address, is_known_device=True)
    if not account.check_password(password):
        raise Invalid("密码不正确。", faults=[Fault("password", "密码不正确。")])
    forgive_tries(step=step, username=account.username, address=address)
    renew_proof(session=session, factor=Factor(session.factor))


@transaction.atomic
def renew_proof(*, session: SignInSession, factor: Factor) -> None:
    """The person has just proved who they are: for the sign-in on all hosts."""
    SignInSession.objects.filter(pk=session.pk, ended_at=None).update(proved_at=timezone.now(), factor=factor)
    account: Account = session.account
    record_act(
        by=Actor(account.id, account.name, ()),
        act="identity.renew_proof",
        object_type="account",
        object_id=account.id,
        changes={"factor": [None, str(factor)]},
    )
