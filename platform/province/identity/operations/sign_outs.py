"""Tell other systems that a sign-in has ended (OpenID Connect Back-Channel Logout 1.0).

What they have yet to hear is written together with the end, and sent afterwards by a worker: claimed in a transaction
of its own, sent outside any, then noted. Whoever is killed in between leaves a claim that ends by itself, and the next
attempt bears the same ``jti``.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from foundation.outbox.operations import emit_event
from foundation.outward import Forbidden, Unreachable, post, send_all
from province.identity.models import ClientSignOut
from province.identity.operations.oidc_keys import signed
from province.identity.queries.hosts import province_address

# somebody's sign-in ended, and clients are to be told
SIGNED_OUT = "identity.signed_out"

ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
# longer than a request may take (foundation.outward) with everything around it
CLAIM_LASTS = timedelta(seconds=45)
THREADS = 4
# seconds; well below YIZHAN_TASK_RETURN_SECONDS, after which the broker gives a task out again
LONGEST_RUN = 120
TOKEN_SECONDS = 120
EVENT = "http://schemas.openid.net/event/backchannel-logout"

log = structlog.get_logger(__name__)

_WRITE = """
    INSERT INTO identity_clientsignout (client_id, session_id, state, attempts, last_error)
    SELECT DISTINCT client.id, held.session_id, 'waiting', 0, '' FROM identity_oidcgrant AS held
    JOIN identity_oidcclient AS client ON client.client_id = held.client_id
    WHERE held.session_id = ANY (%s) AND held.redeemed_at IS NOT NULL
        AND client.revoked_at IS NULL AND client.backchannel_logout_uri <> ''
    ON CONFLICT DO NOTHING
"""
_CLAIM = """
    UPDATE identity_clientsignout SET attempts = attempts + 1, claimed_until = statement_timestamp() + %(lasts)s
    WHERE id = (
        SELECT id FROM identity_clientsignout
        WHERE state = 'waiting' AND next_attempt_at <= statement_timestamp()
            AND (claimed_until IS NULL OR claimed_until < statement_timestamp())
        ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


@transaction.atomic
def notify_clients(session_ids: Sequence[UUID]) -> int:
    """In the transaction that ends these sign-ins: what every client that let somebody in by one is to hear; returns
    how many. The sign-ins' rows are locked, so no code of theirs is exchanged meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(session_ids)])
        written: int = cursor.rowcount
    if written:
        emit_event(kind=SIGNED_OUT, is_urgent=True)
    return written


def send_sign_outs(*, for_seconds: float = LONGEST_RUN) -> int:
    """All that waits, until the time is over; returns how many were tried."""
    return send_all(send_next_sign_out, threads=THREADS, for_seconds=for_seconds)


def send_next_sign_out() -> bool:
    """Claim one, send it, note what came of it; False where none may go now."""
    parameters: dict[str, Any] = {"lasts": CLAIM_LASTS}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, parameters)
        claimed = cursor.fetchone()
    if claimed is None:
        return False
    told = ClientSignOut.objects.select_related("client", "session").get(pk=claimed[0])
    try:
        answer = post(
            told.client.backchannel_logout_uri,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "Yizhan",
                "Idempotency-Key": str(told.pk),
            },
            body=urlencode({"logout_token": _logout_token(told)}).encode(),
        )
    except Forbidden as refusal:
        _give_up(told, f"不允许发送：{refusal}。")
    except Unreachable as failure:
        _try_later(told, f"{failure}。")
    except Exception:
        log.exception("sign_out_broke", sign_out_id=str(told.pk))
        _try_later(told, "发送时出现意外错误。")
    else:
        message = f"对方答复 {answer.status}。"
        if answer.is_good:
            _end(told, ClientSignOut.State.DONE, "")
        elif answer.is_passing:
            _try_later(told, message, answer.retry_after)
        else:
            _give_up(told, message)
    return True


def _logout_token(told: ClientSignOut) -> str:
    """Issued anew at every attempt: a client refuses an old one."""
    now = int(time.time())
    return signed(
        {
            "iss": province_address(),
            "aud": told.client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": str(told.pk),
            "sub": str(told.session.account_id),
            "sid": str(told.session_id),
            "events": {EVENT: {}},
        },
        kind="logout+jwt",
    )


def _try_later(told: ClientSignOut, reason: str, asked: timedelta | None = None) -> None:
    if told.attempts >= ATTEMPTS:
        _give_up(told, f"试了 {told.attempts} 次都没有成功：{reason}")
        return
    wait = min(max(FIRST_WAIT * 2 ** (told.attempts - 1), asked or FIRST_WAIT), LONGEST_WAIT)
    ClientSignOut.objects.filter(pk=told.pk).update(
        claimed_until=None, next_attempt_at=timezone.now() + wait, last_error=reason[:200]
    )


def _give_up(told: ClientSignOut, reason: str) -> None:
    log.warning("sign_out_given_up", sign_out_id=str(told.pk), client_id=told.client.client_id)
    _end(told, ClientSignOut.State.DEAD, reason)


def _end(told: ClientSignOut, state: ClientSignOut.State, reason: str) -> None:
    ClientSignOut.objects.filter(pk=told.pk, state=ClientSignOut.State.WAITING).update(
        state=state, claimed_until=None, last_error=reason[:200], finished_at=timezone.now()
    )
