"""Work that a stranger's browser does before what it asks for costs somebody something: ALTCHA's, version 2.

It costs one person a second and a sender of a million requests a fortnight, follows nobody, and needs no service
elsewhere. The browser's part is the island ``proof``.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from altcha import Payload, create_challenge, verify_solution
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from foundation.errors import Fault, Invalid

# what a field of a form is called that carries a solution
FIELD = "altcha"
LASTS = timedelta(minutes=20)
# iterations of one attempt; 256 attempts in the mean, some half a million iterations
_COST = 2_000
# longer than any solution of ours; what is longer is not read
_LONGEST = 4_000

log = structlog.get_logger(__name__)


def make_challenge() -> dict[str, Any]:
    """What the element <altcha-widget> is given to solve, signed; holds for ``LASTS`` and nothing is kept of it."""
    challenge = create_challenge("PBKDF2/SHA-256", _COST, expires_at=datetime.now(UTC) + LASTS, hmac_secret=_secret())
    return challenge.to_dict()


def use_solution(text: str) -> None:
    """The work was done, for a challenge of ours, lately, and is used up now. Raises Invalid otherwise.

    Where Valkey is away a solution can be used more than once until it ends (see foundation/limits.py).
    """
    if len(text) > _LONGEST or not verify_solution(text, hmac_secret=_secret()).verified:
        message = "请先等“我不是机器人”验证完成，再提交。"
        raise Invalid(message, faults=[Fault(FIELD, message)])
    if not _is_first_use(str(Payload.from_base64(text).challenge.signature)):
        message = "这次验证已经用过，请重新验证后再提交。"
        raise Invalid(message, faults=[Fault(FIELD, message)])


def _is_first_use(signature: str) -> bool:
    try:
        return cache.add(f"proof:{signature}", 1, timeout=LASTS.total_seconds())
    except (RedisError, OSError) as error:
        log.warning("proofs_not_counted", error=str(error))
        return True


def _secret() -> bytes:
    return salted_hmac("foundation.proof_of_work", "challenge", algorithm="sha256").digest()
