"""Whom one calls about a media account, in full: shown and taken away only with an entry that says so."""

from uuid import uuid4

from django.db import transaction

from province.audit.operations import record_act
from province.content.models import MediaAccount
from province.content.queries.accounts import accounts_table
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, require_anywhere
from province.rights.roles import HALL_EDITORS, Reach, Role

declare(
    "accounts.read_contacts",
    "查看新媒体账号负责人的完整联系方式",
    reach=Reach.HALL,
    roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR},
)

type Contact = tuple[str, str]


@transaction.atomic
def reveal_contact(*, by: Actor, account: MediaAccount) -> Contact:
    """Return name and phone of the account's contact in plain text."""
    require(by, "accounts.read_contacts", hall_id=account.hall_id, prefix=account.prefix)
    record_act(
        by=by,
        act="accounts.reveal_contact",
        object_type="media_account",
        object_id=account.pk,
        hall_id=account.hall_id,
    )
    return account.contact_name.plain, account.contact_phone.plain


@transaction.atomic
def export_contacts(
    *, by: Actor, search: str = "", platform: str = "", state: str = ""
) -> list[tuple[MediaAccount, Contact]]:
    """Return the accounts of a list that the actor may see in full, each with name and phone in plain text."""
    require_anywhere(by, "accounts.read_contacts")
    accounts = list(
        accounts_table(by=by, search=search, platform=platform, state=state, permission="accounts.read_contacts")
    )
    record_act(
        by=by,
        act="accounts.export_contacts",
        object_type="account_export",
        object_id=uuid4(),
        changes={"accounts": len(accounts)},
    )
    return [(account, (account.contact_name.plain, account.contact_phone.plain)) for account in accounts]
