"""Media accounts as one hall's desk sees them: its own and those of the halls below it."""

from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.content.models import MediaAccount
from province.content.queries.accounts import account_with_id, accounts_table
from tenants.shell.slots import Desk


def accounts_at_desk(desk: Desk, *, search: str = "") -> QuerySet[MediaAccount]:
    return accounts_table(by=desk.by, search=search, under=desk.hall.prefixes[-1])


def account_at_desk(desk: Desk, account_id: UUID) -> MediaAccount:
    """Raises NotFound, also where another position of the actor would reach it."""
    account = account_with_id(desk.by, account_id)
    if not account.prefix.startswith(desk.hall.prefixes[-1]):
        raise NotFound("没有这个账号。")
    return account
