"""What ends together with an account, or where its owner takes it back."""

from django.utils import timezone

from province.people.models import Account
from province.sign_in.models import ApiToken
from province.sign_in.operations.sessions import end_sign_ins_of


def end_with_account(account: Account) -> dict[str, object]:
    """End every sign-in and revoke every key, in the transaction that closes the account or opens it anew. Returns what
    the audit says of it."""
    end_sign_ins_of(account)
    revoked = ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=timezone.now())
    return {"tokens_revoked": revoked}
