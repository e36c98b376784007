from typing import Any

from django.db import IntegrityError, transaction

from foundation.idempotency.models import IdempotencyKey


def claim_key(*, owner: str, key: str, request_digest: str) -> tuple[IdempotencyKey, bool]:
    """The key's row, locked until the caller's transaction ends, and whether this request is the first to send it.

    A second request with the same key waits here until the first has committed.
    """
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(owner=owner, key=key, request_digest=request_digest), True
    except IntegrityError:
        return IdempotencyKey.objects.select_for_update().get(owner=owner, key=key), False


def keep_answer(row: IdempotencyKey, *, status: int, body: Any) -> None:
    """Note how the write was answered, in the transaction of the write."""
    row.status, row.body = status, body
    row.save(update_fields=["status", "body"])
