"""Change one's password; set the first one by an activation code."""

from django.db import transaction

from foundation.errors import Fault, Invalid, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.people.operations.activation import use_activation_code
from province.people.operations.passwords import set_password
from province.rights.actors import Actor
from province.sign_in.models import Passkey, RecoveryCode, SignInSession, SignInTry, TotpKey
from province.sign_in.operations.endings import end_with_account
from province.sign_in.operations.sessions import end_sign_ins_of
from province.sign_in.operations.throttling import count_try, forgive_tries


def change_password(
    *, by: Actor, account: Account, present: str, new: str, address: str, kept: SignInSession | None
) -> None:
    """Somebody's own password. All other sign-ins of the account end with it; ``kept`` goes on.

    Raises Invalid for a wrong present password or a weak new one, NotAllowed after too many wrong ones.
    """
    if not by.is_in_person(account.pk):
        raise NotAllowed("只能修改自己的密码。")
    step = SignInTry.Step.PASSWORD
    count_try(step=step, username=account.username, address=address, is_known_device=True)
    if not account.check_password(present):
        message = "当前密码不正确。"
        raise Invalid(message, faults=[Fault("present", message)])
    forgive_tries(step=step, username=account.username, address=address)
    with transaction.atomic():
        set_password(account=account, password=new, field="new")
        if kept:
            SignInSession.objects.filter(pk=kept.pk).update(auth_hash=account.get_session_auth_hash())
        end_sign_ins_of(account, kept=kept)
        record_act(by=by, act="sign_in.change_password", object_type="account", object_id=account.id)


def activate_account(*, username: str, code: str, password: str, address: str) -> Account:
    """Set the password by an activation code. Former second factors, sign-ins and keys of the account end.

    Raises Invalid, in the same words for an unknown name and a wrong, used or old code; NotAllowed after too many.
    """
    step = SignInTry.Step.ACTIVATION
    count_try(step=step, username=username, address=address)
    with transaction.atomic():
        account = use_activation_code(username=username, code=code)
        if account is None:
            message = "账号或激活码不正确，或者激活码已经用过、已过期。请核对后再试，或向管理员要一个新的。"
            raise Invalid(message, faults=[Fault("code", message)])
        set_password(account=account, password=password, field="new")
        TotpKey.objects.filter(account=account).delete()
        Passkey.objects.filter(account=account).delete()
        RecoveryCode.objects.filter(account=account).delete()
        by, ended = Actor(account.id, account.name, ()), end_with_account(account)
        record_act(by=by, act="sign_in.activate", object_type="account", object_id=account.id, changes=ended)
    forgive_tries(step=step, username=username, address=address)
    return account
