"""Tell other systems that a sign-in has ended (OpenID Connect Back-Channel Logout 1.0).

What they have yet to hear is written together with the end, and sent afterwards by a worker
(``foundation.events.outgoing``); every attempt bears the same ``jti``.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection, transaction

from foundation.events.operations import emit_event
from foundation.events.outgoing import LONGEST_RUN, post_message, send_all, send_next
from province.console.addresses import province_address
from province.sign_in.events import SIGNED_OUT
from province.sign_in.models import ClientSignOut
from province.sign_in.operations.oidc_keys import signed

FIRST_WAIT = timedelta(seconds=5)
THREADS = 4
TOKEN_SECONDS = 120
EVENT = "http://schemas.openid.net/event/backchannel-logout"

_WRITE = """
    INSERT INTO sign_in_clientsignout (client_id, session_id, state, attempts, last_error)
    SELECT DISTINCT client.id, held.session_id, 'waiting', 0, '' FROM sign_in_oidcgrant AS held
    JOIN sign_in_oidcclient AS client ON client.client_id = held.client_id
    WHERE held.session_id = ANY (%s) AND held.redeemed_at IS NOT NULL
        AND client.revoked_at IS NULL AND client.backchannel_logout_uri <> ''
    ON CONFLICT DO NOTHING
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
    """Send all that waits, until the time is over; return how many were tried."""
    return send_all(send_next_sign_out, threads=THREADS, for_seconds=for_seconds)


def send_next_sign_out() -> bool:
    """Claim one notice, send it, note what came of it; False where none may go now."""
    waiting = ClientSignOut.objects.select_related("client", "session").order_by("next_attempt_at")
    return send_next(waiting, _send, first_wait=FIRST_WAIT)


def _send(told: ClientSignOut) -> dict[str, str]:
    post_message(
        told.client.backchannel_logout_uri,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Yizhan",
            "Idempotency-Key": str(told.pk),
        },
        body=urlencode({"logout_token": _logout_token(told)}).encode(),
    )
    return {}


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
