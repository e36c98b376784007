"""Look around as somebody else, without the power to act (以他人身份查看)."""

from django.db import transaction

from foundation.errors import Conflict, NotAllowed
from province.audit.operations import record_act
from province.people.models import Account
from province.people.queries.people import is_administrator, require_over
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role

declare(
    "people.preview",
    "以他人身份查看",
    reach=Reach.HALL,
    roles={Role.PROVINCE_OPERATOR, Role.HALL_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR},
)


@transaction.atomic
def start_preview(*, by: Actor, account: Account) -> None:
    """Start a preview: from now on the administrator sees what this person would see; nothing can be changed meanwhile.

    Raises NotAllowed for somebody with a position beyond the actor's reach, for oneself and for the three
    administrators; Conflict for a closed account.
    """
    require_over(by, "people.preview", account)
    if by.id == account.pk:
        raise NotAllowed("不能以自己的身份查看。")
    if is_administrator(account):
        raise NotAllowed("不能以系统、安全、审计管理员的身份查看。")
    if not account.is_active:
        raise Conflict("这个账号已停用。")
    record_act(by=by, act="people.start_preview", object_type="account", object_id=account.pk, person_id=account.pk)


@transaction.atomic
def end_preview(*, by: Actor, account: Account) -> None:
    """End the preview. Needs no permission: a person in a preview may always do so."""
    record_act(by=by, act="people.end_preview", object_type="account", object_id=account.pk, person_id=account.pk)
