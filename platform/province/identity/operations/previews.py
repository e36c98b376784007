"""Look around as somebody else, without the power to act (以他人身份查看)."""

from django.db import transaction

from foundation.errors import Conflict, NotAllowed
from province.audit.operations import record_act
from province.identity.models import Account, Actor, Reach
from province.identity.queries.people import is_administrator, require_over
from province.identity.queries.permissions import declare

declare("people.preview", "以他人身份查看", reach=Reach.HALL)


@transaction.atomic
def start_preview(*, by: Actor, account: Account) -> None:
    """From now on the administrator sees what this person would see; nothing can be changed meanwhile.

    Raises NotAllowed for somebody with a post beyond the actor's reach, for oneself and for the three administrators;
    Conflict for a closed account.
    """
    require_over(by, "people.preview", account)
    if by.id == account.pk:
        raise NotAllowed("不能以自己的身份查看。")
    if is_administrator(account):
        raise NotAllowed("不能以系统、安全、审计管理员的身份查看。")
    if not account.is_active:
        raise Conflict("这个账号已停用。")
    record_act(by=by, act="identity.start_preview", object_type="account", object_id=account.pk, person_id=account.pk)


@transaction.atomic
def end_preview(*, by: Actor, account: Account) -> None:
    """Needs no permission: whoever looks around may always stop."""
    record_act(by=by, act="identity.end_preview", object_type="account", object_id=account.pk, person_id=account.pk)
