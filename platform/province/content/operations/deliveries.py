"""Deliveries to accounts outside: written for a whole audience at once, sent one by one, never after something later.

A delivery is claimed in a transaction of its own before it is sent, and noted as done afterwards. Whoever is killed in
between leaves a claim that ends by itself; the next attempt bears the same id, by which the other side knows it. So
``attempts`` = 0 means for certain that nothing was ever sent.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.outward import send_all
from province.audit.operations import record_act
from province.content.connectors import Failed, Receipt, Refused, connector_of
from province.content.models import ChannelDelivery, HallPushDecision, Push, WebPushSubscription
from province.content.queries.parcels import parcel_of
from province.content.states import DELIVERY_TRANSITIONS, DeliveryState, PushMode, PushState
from province.identity.models import Actor
from province.identity.queries.rights import require

ATTEMPTS = 12
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
# longer than a request may take (foundation.outward) with everything around it
CLAIM_LASTS = timedelta(seconds=45)
THREADS = 8
# seconds; well below YIZHAN_TASK_RETURN_SECONDS, after which the broker gives a task out again
LONGEST_RUN = 120
LONGEST_ERROR = 500

log = structlog.get_logger(__name__)

# what a push `p` means for accounts and apps: the rule of queries/pushes/matching.py, said of many halls at once
_MEANT = """
    EXISTS (
        SELECT FROM content_pushscope AS s
        WHERE s.push_id = p.id AND NOT s.is_excluded AND s.prefix = ANY (own.prefixes)
            AND (s.kinds = '{}' OR h.kind = ANY (s.kinds))
            AND NOT s.excluded_keys && own.keys)
    -- what is offered reaches the accounts of halls that adopted it
    AND (p.mode = 'direct' OR EXISTS (
        SELECT FROM content_hallpushdecision AS d
        WHERE d.push_id = p.id AND d.hall_id = h.id AND d.decision = 'adopted'))
    AND h.state IS DISTINCT FROM 'retired'
"""
_PREFIXES = """
    LEFT JOIN halls_hall AS h ON h.id = t.hall_id
    CROSS JOIN LATERAL (SELECT coalesce(h.prefixes, ARRAY(
        SELECT left(t.prefix, digits)::varchar FROM unnest(ARRAY[2, 4, 6, 9, 12]) AS digits
        WHERE digits <= length(t.prefix))) AS prefixes) AS found
    CROSS JOIN LATERAL (SELECT found.prefixes, found.prefixes || ARRAY(
        SELECT (one || '/' || h.kind)::varchar FROM unnest(found.prefixes) AS one
        WHERE h.id IS NOT NULL) AS keys) AS own
"""
_INSERT = """
    INSERT INTO content_channeldelivery
        (push_id, account_id, subscription_id, is_urgent, act, turn, step, state, attempts, next_attempt_at, last_error,
         external_ref)
"""
_NEW = "'waiting', 0, statement_timestamp(), '', ''"
_VALUES = f"%(act)s, %(turn)s, 0, {_NEW}"
_WRITE_PUSH = f"""
    {_INSERT}
    SELECT p.id, t.id, NULL::uuid, p.is_urgent, {_VALUES} FROM content_push AS p
    CROSS JOIN content_mediaaccount AS t {_PREFIXES}
    WHERE p.id = %(push)s AND t.connector <> '' AND t.state <> 'closed' AND {_MEANT}
    UNION ALL
    SELECT p.id, NULL, t.id, p.is_urgent, {_VALUES} FROM content_push AS p
    CROSS JOIN content_webpushsubscription AS t {_PREFIXES}
    WHERE p.id = %(push)s AND {_MEANT}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - only constants of ours
# whoever may have got it, also where no answer came
_WRITE_WITHDRAWAL = f"""
    {_INSERT}
    SELECT DISTINCT push_id, account_id, subscription_id, is_urgent, {_VALUES} FROM content_channeldelivery
    WHERE push_id = %(push)s AND act = 'push' AND attempts > 0 AND turn < %(turn)s
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - only constants of ours
_OVERTAKE = """
    UPDATE content_channeldelivery SET state = 'overtaken', finished_at = statement_timestamp()
    WHERE push_id = %(push)s AND state = 'waiting' AND turn < %(turn)s
"""

# what one hall's accounts and apps are still to hear after it decided: only what differs from the last that they may
# have heard, so that a repeat finds nothing to do
_OF_HALL = """
    SELECT id AS account_id, NULL::uuid AS subscription_id FROM content_mediaaccount
    WHERE hall_id = %(hall)s AND connector <> '' AND state <> 'closed'
    UNION ALL SELECT NULL, id FROM content_webpushsubscription WHERE hall_id = %(hall)s
"""
_SAME = "d.push_id = p.id AND (d.account_id = t.account_id OR d.subscription_id = t.subscription_id)"
_OVERTAKE_OF_HALL = f"""
    UPDATE content_channeldelivery AS d SET state = 'overtaken', finished_at = statement_timestamp()
    FROM content_push AS p, ({_OF_HALL}) AS t
    WHERE p.id = %(push)s AND {_SAME} AND d.state = 'waiting' AND d.turn = p.turn AND d.act <> %(act)s
"""  # noqa: S608 - only constants of ours
_WRITE_OF_HALL = f"""
    {_INSERT}
    SELECT p.id, t.account_id, t.subscription_id, p.is_urgent, %(act)s, p.turn, (
        SELECT coalesce(max(d.step) + 1, 0) FROM content_channeldelivery AS d WHERE {_SAME} AND d.turn = p.turn), {_NEW}
    FROM content_push AS p CROSS JOIN ({_OF_HALL}) AS t
    LEFT JOIN LATERAL (
        SELECT d.act, d.turn, d.state FROM content_channeldelivery AS d
        WHERE {_SAME} AND (d.attempts > 0 OR d.state = 'waiting')
        ORDER BY d.turn DESC, d.step DESC LIMIT 1) AS heard ON true
    WHERE p.id = %(push)s AND NOT coalesce(
        heard.act = %(act)s AND heard.state <> 'overtaken' AND (heard.turn = p.turn OR heard.act = 'withdraw'),
        %(act)s = 'withdraw')
"""  # noqa: S608 - only constants of ours


@transaction.atomic
def write_deliveries(*, push_id: UUID, turn: int, act: str) -> int:
    """Every delivery of one turn of a push, in one statement; returns how many. A repeat, or a turn that is over,
    writes nothing.

    Turns of one push are written one after the other: a later one sees, and overtakes, what an earlier one wrote.
    """
    _hold_deliveries(push_id)
    with connection.cursor() as cursor:
        if not Push.objects.filter(pk=push_id, turn=turn).exists():
            return 0
        parameters: dict[str, Any] = {"push": push_id, "turn": turn, "act": act}
        cursor.execute(_OVERTAKE, parameters)
        cursor.execute(_WRITE_PUSH if act == ChannelDelivery.Act.PUSH else _WRITE_WITHDRAWAL, parameters)
        written: int = cursor.rowcount
    return written


@transaction.atomic
def write_deliveries_of_hall(*, push_id: UUID, hall_id: UUID) -> int:
    """Bring the accounts and apps of one hall in line with what it decided about an offered push, as it stands now;
    returns how many deliveries were written. Once the push is withdrawn or over, that alone holds."""
    _hold_deliveries(push_id)
    if not Push.objects.filter(pk=push_id, mode=PushMode.OFFERED, state=PushState.LIVE).exists():
        return 0
    adopted = HallPushDecision.objects.filter(
        push_id=push_id, hall_id=hall_id, decision=HallPushDecision.Decision.ADOPTED
    )
    act = ChannelDelivery.Act.PUSH if adopted.exists() else ChannelDelivery.Act.WITHDRAW
    parameters: dict[str, Any] = {"push": push_id, "hall": hall_id, "act": act}
    with connection.cursor() as cursor:
        cursor.execute(_OVERTAKE_OF_HALL, parameters)
        cursor.execute(_WRITE_OF_HALL, parameters)
        written: int = cursor.rowcount
    return written


def _hold_deliveries(push_id: UUID) -> None:
    """What changes the deliveries of one push happens one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"deliveries {push_id}"])


# what is urgent, then the oldest that may go now: not of a turn that is over, not while an earlier one of the same
# account is on its way
_CLAIM = """
    UPDATE content_channeldelivery SET attempts = attempts + 1, claimed_until = statement_timestamp() + %(lasts)s
    WHERE id = (
        SELECT d.id FROM content_channeldelivery AS d JOIN content_push AS p ON p.id = d.push_id AND p.turn = d.turn
        WHERE d.state = 'waiting' AND d.next_attempt_at <= statement_timestamp()
            AND (d.claimed_until IS NULL OR d.claimed_until < statement_timestamp())
            AND NOT EXISTS (
                SELECT FROM content_channeldelivery AS earlier
                WHERE earlier.push_id = d.push_id AND (earlier.turn, earlier.step) < (d.turn, d.step)
                    AND earlier.claimed_until IS NOT NULL AND earlier.claimed_until > statement_timestamp()
                    AND (earlier.account_id = d.account_id OR earlier.subscription_id = d.subscription_id))
        ORDER BY d.is_urgent DESC, d.next_attempt_at LIMIT 1
        FOR UPDATE OF d SKIP LOCKED)
    RETURNING id
"""


def send_deliveries(*, for_seconds: float = LONGEST_RUN) -> int:
    """All that waits, until the time is over; returns how many were tried."""
    return send_all(send_next_delivery, threads=THREADS, for_seconds=for_seconds)


def send_next_delivery() -> bool:
    """Claim one delivery, send it, note what came of it; False where none may go now."""
    parameters: dict[str, Any] = {"lasts": CLAIM_LASTS}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, parameters)
        claimed = cursor.fetchone()
    if claimed is None:
        return False
    delivery = ChannelDelivery.objects.select_related("push__shown", "account", "subscription").get(pk=claimed[0])
    try:
        parcel = parcel_of(delivery)
        receipt = connector_of(parcel).deliver(parcel)
    except Failed as failure:
        _note_failure(delivery, failure)
    except Refused as refusal:
        _note_refusal(delivery, refusal)
    except Exception:
        log.exception("delivery_broke", delivery_id=str(delivery.pk))
        _note_failure(delivery, Failed("发送时出现意外错误。"))
    else:
        _note_receipt(delivery, receipt)
    return True


def _note_receipt(delivery: ChannelDelivery, receipt: Receipt) -> None:
    """Also where something later has overtaken it meanwhile: it did arrive."""
    ChannelDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.DEAD).update(
        state=DeliveryState.DONE,
        claimed_until=None,
        external_ref=receipt.reference,
        last_error="",
        finished_at=timezone.now(),
    )


def _note_failure(delivery: ChannelDelivery, failure: Failed) -> None:
    if delivery.attempts >= ATTEMPTS:
        _give_up(delivery, f"试了 {delivery.attempts} 次都没有成功：{failure.message}")
        return
    wait = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    ChannelDelivery.objects.filter(pk=delivery.pk).update(
        claimed_until=None,
        next_attempt_at=timezone.now() + max(wait, failure.retry_after or wait),
        last_error=failure.message[:LONGEST_ERROR],
    )


def _note_refusal(delivery: ChannelDelivery, refusal: Refused) -> None:
    if delivery.subscription_id and refusal.is_gone:
        # the reader has removed the app, and with it every delivery to it
        WebPushSubscription.objects.filter(pk=delivery.subscription_id).delete()
        return
    _give_up(delivery, refusal.message)


def _give_up(delivery: ChannelDelivery, reason: str) -> None:
    own = ChannelDelivery.objects.filter(pk=delivery.pk)
    own.update(claimed_until=None, last_error=reason[:LONGEST_ERROR])
    own.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DEAD, finished_at=timezone.now())


@transaction.atomic
def retry_delivery(*, by: Actor, delivery: ChannelDelivery) -> ChannelDelivery:
    """A dead letter is tried again, as if for the first time. Raises Conflict where it is not dead, or something later
    was done to the push."""
    _hold_deliveries(delivery.push_id)
    found = (
        ChannelDelivery.objects.select_for_update(of=("self",)).select_related("push", "account").get(pk=delivery.pk)
    )
    account = found.account
    require(
        by, "accounts.manage", hall_id=account.hall_id if account else None, prefix=account.prefix if account else None
    )
    DELIVERY_TRANSITIONS.check(found.state, DeliveryState.WAITING)
    since = ChannelDelivery.objects.filter(
        push_id=found.push_id, account_id=found.account_id, subscription_id=found.subscription_id
    ).filter(turn=found.turn, step__gt=found.step)
    if found.turn != found.push.turn or since.exists():
        raise Conflict("推稿之后又有变化，这次投递已经不需要了。")
    # attempts stay above 0: it may have arrived, and a withdrawal must know
    found.state, found.attempts, found.next_attempt_at, found.finished_at = (
        DeliveryState.WAITING,
        1,
        timezone.now(),
        None,
    )
    found.save(update_fields=["state", "attempts", "next_attempt_at", "finished_at"])
    record_act(
        by=by,
        act="accounts.retry_delivery",
        object_type="delivery",
        object_id=found.pk,
        hall_id=account.hall_id if account else None,
    )
    return found
