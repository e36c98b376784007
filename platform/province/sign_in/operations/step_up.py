"""Dangerous acts ask once more who it is."""

from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.audit.operations import record_act
from province.people.models import Account
from province.rights.actors import Actor
from province.sign_in.models import Factor, SignInSession, SignInTry
from province.sign_in.operations.throttling import count_try, forgive_tries


def renew_by_password(*, session: SignInSession, password: str, address: str) -> None:
    """Renew the proof by the password, for accounts that have no second factor. Raises Invalid, and NotAllowed after
    too many wrong ones."""
    account = session.account
    step = SignInTry.Step.PASSWORD
    count_try(step=step, username=account.username, address=address, is_known_device=True)
    if not account.check_password(password):
        raise Invalid("密码不正确。", faults=[Fault("password", "密码不正确。")])
    forgive_tries(step=step, username=account.username, address=address)
    renew_proof(session=session, factor=Factor(session.factor))


@transaction.atomic
def renew_proof(*, session: SignInSession, factor: Factor) -> None:
    """Note that the person has just proved who they are; it counts for the sign-in on all hosts."""
    SignInSession.objects.filter(pk=session.pk, ended_at=None).update(proved_at=timezone.now(), factor=factor)
    account: Account = session.account
    record_act(
        by=Actor(account.id, account.name, ()),
        act="sign_in.renew_proof",
        object_type="account",
        object_id=account.id,
        changes={"factor": [None, str(factor)]},
    )
