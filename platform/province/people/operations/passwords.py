"""The password of an account."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from foundation.errors import Fault, Invalid
from province.people.models import Account

# shorter account names are part of many an innocent word
_SHORTEST_WORD = 4


def set_password(*, account: Account, password: str, field: str) -> None:
    """In the caller's transaction. Raises Invalid for a weak one, with the faults at this ``field`` of the caller's
    form."""
    try:
        validate_password(password, account)
        _check_names_apart(account, password)
    except ValidationError as error:
        message = "密码不符合要求。"
        raise Invalid(message, faults=[Fault(field, text) for text in error.messages]) from error
    account.set_password(password)
    account.save()


def _check_names_apart(account: Account, password: str) -> None:
    for word, least in ((account.username, _SHORTEST_WORD), (account.name, 2)):
        if len(word) >= least and word.casefold() in password.casefold():
            raise ValidationError("密码里不能含有您的账号或姓名。")
