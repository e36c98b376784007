"""Take somebody in: an account, a first position and the code with which the owner sets a password."""

from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.errors import Fault, Invalid, NotFound
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import Account, Unit
from province.people.models.roles import AnyRole
from province.people.operations.activation import draw_activation_codes
from province.people.operations.positions import give_position
from province.people.queries.people import USERNAME
from province.rights.actors import Actor
from province.rights.queries import require
from province.rights.roles import Reach

LONGEST_NAME = 40


@transaction.atomic
def admit_person(  # noqa: PLR0913 - an account and a position
    *,
    by: Actor,
    username: str,
    name: str,
    role: AnyRole,
    hall_id: UUID | None = None,
    prefix: str = "",
    reach: Reach | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> tuple[Account, str]:
    """The new account, and its activation code: this is the only time it can be seen. (A program's account never uses
    it, and gets a token.) ``prefix``: of the hall's division.

    Raises Invalid for a taken or wrong user name, and as ``give_position`` does.
    """
    require(by, "people.manage", hall_id=hall_id, prefix=prefix or None, unit_id=unit.pk if unit else None)
    account = Account(username=_checked_username(username), name=_checked_name(name))
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        # somebody else made it a moment ago
        raise _taken(username) from error
    record_act(by=by, act="people.create_account", object_type="account", object_id=account.pk, hall_id=hall_id)
    give_position(
        by=by, account=account, role=role, hall_id=hall_id, reach_prefix=prefix, reach=reach, unit=unit, title=title
    )
    return account, draw_activation_codes(by, [account])[account.pk]


@transaction.atomic
def appoint_person(  # noqa: PLR0913 - an account and a position
    *,
    by: Actor,
    username: str,
    name: str,
    role: AnyRole,
    hall_id: UUID | None = None,
    prefix: str = "",
    reach: Reach | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> Account:
    """The first position of somebody who has an account already and no position anywhere. User name and name must both
    be right: somebody who does not know the person learns nothing. ``prefix``: of the hall's division.

    Raises NotFound in the same words for an account that is not there, is closed, has another name, or works elsewhere;
    else as ``give_position`` does.
    """
    require(by, "people.manage", hall_id=hall_id, prefix=prefix or None, unit_id=unit.pk if unit else None)
    named = Account.objects.filter(username=username.strip(), name=name.strip(), is_active=True)
    # of two who take somebody in at once, the later sees the earlier's position
    account = named.select_for_update().first()
    if account is None or account.positions.exists():
        message = "没有找到可以安排的账号。账号和姓名都要填对，账号没有停用，并且现在没有任何岗位；否则请上级办理。"
        raise NotFound(message, faults=[Fault("username", message)])
    give_position(
        by=by, account=account, role=role, hall_id=hall_id, reach_prefix=prefix, reach=reach, unit=unit, title=title
    )
    return account


def _checked_username(username: str) -> str:
    username = username.strip()
    if not USERNAME.match(username):
        message = "账号须以小写字母开头，只能用小写字母、数字、点和横线。"
        raise Invalid(message, faults=[Fault("username", message)])
    if Account.objects.filter(username=username).exists():
        raise _taken(username)
    return username


def _taken(username: str) -> Invalid:
    message = f"账号“{username}”已被使用，请换一个。"
    return Invalid(message, faults=[Fault("username", message)])


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not is_plain(name):
        message = f"请填写姓名，不超过 {LONGEST_NAME} 个字。"
        raise Invalid(message, faults=[Fault("name", message)])
    return name
