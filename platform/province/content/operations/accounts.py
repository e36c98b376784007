"""Media accounts (新媒体备案): filed, changed, closed; one by one or by a table."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.crypto.fields import Personal
from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid
from foundation.masking import mask_name, mask_phone
from province.audit.operations import record_act
from province.content.models import MediaAccount, WebPushSubscription
from province.content.queries.account_facts import REQUIRED, account_faults, platform_of, unit_refusal
from province.content.queries.accounts import accounts_of_units
from province.content.states import ACCOUNT_TRANSITIONS, AccountState, DeliveryState
from province.halls.models import Hall
from province.halls.queries import division_with_code
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach, Role

declare(
    "accounts.manage",
    "管理新媒体账号",
    reach=Reach.HALL,
    roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR},
)

# what a change form may change; whose it is and where, only a new filing can
CHANGEABLE = frozenset({"name", "owner", "filing_number", "contact_name", "contact_phone", "connector", "endpoint"})


@transaction.atomic
def file_account(*, by: Actor, code: str, **facts: str) -> MediaAccount:
    """Register an account for the unit of a division. Raises Invalid with a fault for every wrong fact; Conflict where
    the platform's account is registered already."""
    division = division_with_code(code)
    hall = Hall.objects.filter(division=division).first()
    require(by, "accounts.manage", hall_id=hall.pk if hall else None, prefix=division.prefix)
    _check({**dict.fromkeys(REQUIRED - {"code"}, ""), **facts})
    facts["platform"] = platform_of(facts["platform"])
    hold_registry()
    account = MediaAccount(hall_id=hall.pk if hall else None, prefix=division.prefix, **facts)
    account.filed_on = timezone.localdate()
    _check_unit(account)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        message = f"{account.get_platform_display()}账号“{account.external_id}”已经备案。"
        raise Conflict(message) from error
    _record(by, account, "accounts.file", {name: ["", value] for name, value in facts.items() if value})
    return account


@transaction.atomic
def change_account(*, by: Actor, account: MediaAccount, **facts: str) -> MediaAccount:
    """Change some facts; the account counts as changed until ``confirm_account``. A repeat changes nothing."""
    if "owner" in facts:
        hold_registry()
    found = _locked(by, account)
    if strays := sorted(facts.keys() - CHANGEABLE):
        raise Invalid("这些内容不能变更，请注销后重新备案。", faults=[Fault(name, "不能变更。") for name in strays])
    _check({"platform": found.platform, "connector": found.connector, "endpoint": found.endpoint, **facts})
    changes = {name: [_fact(found, name), value] for name, value in facts.items() if _fact(found, name) != value}
    if not changes:
        return found
    if found.state != AccountState.CHANGED:
        ACCOUNT_TRANSITIONS.check(found.state, AccountState.CHANGED)
    for name, (_, value) in changes.items():
        setattr(found, name, value)
    if "owner" in changes:
        _check_unit(found)
    found.state = AccountState.CHANGED
    found.save(update_fields=[*changes, "state"])
    _record(by, found, "accounts.change", changes)
    return found


@transaction.atomic
def confirm_account(*, by: Actor, account: MediaAccount) -> MediaAccount:
    """changed → filed: the province has looked at the change."""
    require(by, "accounts.manage")
    found = _locked(by, account)
    _move(found, AccountState.FILED)
    _record(by, found, "accounts.confirm", {})
    return found


@transaction.atomic
def close_account(*, by: Actor, account: MediaAccount, reason: str) -> MediaAccount:
    """Close the account for good: nothing is sent to it any more, not even what already waits for it."""
    found = _locked(by, account)
    reason = clean_reason(reason, ask="请填写注销原因。")
    _move(found, AccountState.CLOSED)
    found.deliveries.filter(state=DeliveryState.WAITING).update(
        state=DeliveryState.OVERTAKEN, finished_at=timezone.now()
    )
    _record(by, found, "accounts.close", {}, reason=reason)
    return found


# a code of the plan may pass to another division in the same plan, hence one statement a table
_MOVE = """
    UPDATE {table} AS own SET prefix = left(line.new_code, length(own.prefix)) FROM halls_code_moves AS line
    WHERE line.run = %s AND line.kind = 'recode' AND rpad(own.prefix, 12, '0') = line.old_code
"""


@transaction.atomic
def move_accounts(*, run: UUID) -> None:
    """Move accounts and readers' apps to where their halls stand after a change of division codes: once a run."""
    with connection.cursor() as cursor:
        for model in (MediaAccount, WebPushSubscription):
            cursor.execute(_MOVE.format(table=model._meta.db_table), [run])


def hold_registry() -> None:
    """Lock the registry until the transaction ends: filings, changes of owner and imports happen one after the other,
    and each sees which unit has which account.

    Call it before locking any account's row, so that two of them never lock each other out.
    """
    hold_name("content.media_accounts")


def _check_unit(account: MediaAccount) -> None:
    """Raises Conflict where the unit has another account on this platform. An account that is itself registered already
    is not judged here: it is refused for that."""
    if (
        MediaAccount.objects.filter(platform=account.platform, external_id=account.external_id)
        .exclude(pk=account.pk)
        .exists()
    ):
        return
    unit = account.hall_id, account.owner, account.platform
    others = accounts_of_units([account.owner]).get(unit)
    if others is not None and others.pk != account.pk:
        raise Conflict(unit_refusal(others))


def _fact(account: MediaAccount, name: str) -> Any:
    value = getattr(account, name)
    return value.plain if isinstance(value, Personal) else value


def _check(facts: dict[str, str]) -> None:
    if faults := account_faults(facts):
        raise Invalid("账号信息填写有误。", faults=faults)


def _locked(by: Actor, account: MediaAccount) -> MediaAccount:
    found = MediaAccount.objects.select_for_update().get(pk=account.pk)
    require(by, "accounts.manage", hall_id=found.hall_id, prefix=found.prefix)
    return found


def _move(account: MediaAccount, state: AccountState) -> None:
    ACCOUNT_TRANSITIONS.check(account.state, state)
    account.state = state
    account.save(update_fields=["state"])


def _record(by: Actor, account: MediaAccount, act: str, changes: dict[str, Any], *, reason: str = "") -> None:
    record_act(
        by=by,
        act=act,
        object_type="media_account",
        object_id=account.pk,
        hall_id=account.hall_id,
        reason=reason,
        changes={name: [_for_audit(name, one) for one in sides] for name, sides in changes.items()},
    )


def _for_audit(name: str, value: Any) -> Any:
    """Entries are kept for ever: whom one calls stands in them masked."""
    masks = {"contact_name": mask_name, "contact_phone": mask_phone}
    return masks[name](value) if value and name in masks else value
