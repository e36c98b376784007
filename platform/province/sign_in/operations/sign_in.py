"""Name and password."""

from django.contrib.auth import authenticate

from foundation.errors import Invalid
from province.people.models import Account
from province.sign_in.models import SignInTry
from province.sign_in.operations.throttling import count_try, forgive_tries


def check_password(*, username: str, password: str, address: str, is_known_device: bool = False) -> Account:
    """The account behind a name and password. Raises Invalid, in the same words and after the same time for an unknown
    name, a wrong password and a closed account (Django hashes in each case); NotAllowed after too many wrong tries.
    """
    step = SignInTry.Step.PASSWORD
    count_try(step=step, username=username, address=address, is_known_device=is_known_device)
    account = authenticate(None, username=username, password=password)
    if not isinstance(account, Account):
        raise Invalid("账号或密码不正确。")
    forgive_tries(step=step, username=username, address=address)
    return account
