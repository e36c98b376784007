"""Credentials of media accounts, and the tokens that platforms give for them: sealed, one for all workers."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.content.connectors import ACCOUNT_CONNECTORS
from province.content.models import AccountCredential, MediaAccount
from province.content.queries.accounts import credential_of
from province.rights.actors import Actor
from province.rights.queries import require

LONGEST_NAME = 80
LONGEST_SECRET = 500
# a token is taken for over so long before it is: a call under way must not meet its end
_EARLY = timedelta(minutes=5)


@transaction.atomic
def set_credential(
    *, by: Actor, account: MediaAccount, name: str = "", secret: str = "", may_delete: bool = False
) -> AccountCredential:
    """Set by what the account's platform lets us act for it. An empty secret leaves the one that is there. Raises
    Invalid with a fault for what is missing or no line of text, and where the connector takes no credential."""
    found = MediaAccount.objects.select_for_update().get(pk=account.pk)
    require(by, "accounts.manage", hall_id=found.hall_id, prefix=found.prefix)
    kept = credential_of(found) or AccountCredential(account=found)
    if faults := _faults(found, name, secret, is_kept=bool(kept.secret)):
        raise Invalid("接口凭据填写有误。", faults=faults)
    changes: dict[str, list[object]] = {}
    if kept.name != name:
        changes["credential_name"] = [kept.name, name]
    if kept.may_delete != may_delete:
        changes["may_delete"] = [kept.may_delete, may_delete]
    if secret and kept.secret.plain != secret:
        # that it was changed, and nothing of what it is
        changes["secret"] = ["已设置" if kept.secret else "", "已更换" if kept.secret else "已设置"]
        kept.secret = secret
    if not changes:
        return kept
    kept.name, kept.may_delete = name, may_delete
    # a token belongs to the credential that asked for it
    kept.token, kept.token_expires_at = "", None
    kept.save()
    record_act(
        by=by,
        act="accounts.set_credential",
        object_type="media_account",
        object_id=found.pk,
        hall_id=found.hall_id,
        changes=changes,
    )
    return kept


def _faults(account: MediaAccount, name: str, secret: str, *, is_kept: bool) -> list[Fault]:
    connector = ACCOUNT_CONNECTORS.get(account.connector)
    if connector is None or not connector.key_label:
        return [Fault("secret", "这个账号的接口不需要凭据。")]
    faults = []
    if connector.name_label and not name:
        faults.append(Fault("name", f"请填写{connector.name_label}。"))
    if not secret and not is_kept:
        faults.append(Fault("secret", f"请填写{connector.key_label}。"))
    for field, text, longest in (("name", name, LONGEST_NAME), ("secret", secret, LONGEST_SECRET)):
        if not is_plain(text) or len(text) > longest:
            faults.append(Fault(field, f"不能含有换行，最多 {longest} 个字。"))
    return faults


class AccountKey:
    """One account's credential as connectors use it."""

    def __init__(self, kept: AccountCredential) -> None:
        self._kept = kept
        self.name = kept.name
        self.may_delete = kept.may_delete

    @property
    def secret(self) -> str:
        plain: str = self._kept.secret.plain
        return plain

    @transaction.atomic
    def token(self, *, refused: str, fetch: Callable[[], tuple[str, int]]) -> str:
        """The token that is kept, or a new one where that is over or refused.

        The row is locked while one is fetched: who waited for it finds the new one, so that of many workers whose
        token was refused one asks, and none makes another's new token worthless.
        """
        kept = self._kept
        if refused or not _is_good(kept):
            kept = self._kept = AccountCredential.objects.select_for_update().get(pk=kept.pk)
            if not _is_good(kept) or kept.token.plain == refused:
                token, seconds = fetch()
                kept.token, kept.token_expires_at = token, timezone.now() + timedelta(seconds=seconds)
                kept.save(update_fields=["token", "token_expires_at"])
        plain: str = kept.token.plain
        return plain


def credential_for(account: MediaAccount | None) -> AccountKey | None:
    """None where the account has none."""
    kept = credential_of(account) if account else None
    return AccountKey(kept) if kept else None


def _is_good(kept: AccountCredential) -> bool:
    return bool(kept.token) and kept.token_expires_at is not None and kept.token_expires_at - _EARLY > timezone.now()
