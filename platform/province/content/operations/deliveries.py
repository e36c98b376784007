"""Deliveries to accounts outside: written for a whole audience at once, sent one by one, never after something later.

``foundation.events.outgoing`` claims and notes each; what a push means for whom, and in which order, is said here.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict
from foundation.events.outgoing import LONGEST_RUN, Refused, keep_claim, revive_dead, send_all, send_next
from province.audit.operations import record_act
from province.content.connectors import connector_of
from province.content.connectors.parcels import Journal
from province.content.models import ChannelDelivery, HallPushDecision, Push, WebPushSubscription
from province.content.operations.credentials import credential_for
from province.content.queries.parcels import parcel_of
from province.content.states import DELIVERY_TRANSITIONS, DeliveryState, PushMode, PushState
from province.rights.actors import Actor
from province.rights.queries import require

FIRST_WAIT = timedelta(seconds=15)
THREADS = 8

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
    LEFT JOIN halls_directory AS h ON h.id = t.hall_id
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
         external_ref, progress)
"""
_NEW = "'waiting', 0, statement_timestamp(), '', '', '{}'::jsonb"
_VALUES = f"%(act)s, %(turn)s, 0, {_NEW}"
_WRITE_PUSH = f"""
    {_INSERT}
    SELECT p.id, t.id, NULL::uuid, p.is_urgent, {_VALUES} FROM content_push AS p
    CROSS JOIN content_mediaaccount AS t {_PREFIXES}
    WHERE p.id = %(push)s AND t.connector <> '' AND t.state <> 'closed' AND {_MEANT}
    UNION ALL
    SELECT p.id, NULL, t.id, p.is_urgent, {_VALUES} FROM content_push AS p
    CROSS JOIN content_webpushsubscription AS t {_PREFIXES}
    WHERE p.id = %(push)s AND p.sends_message AND {_MEANT}
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - only constants of ours
# everyone who may have got it, also where no answer came
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
    WHERE p.id = %(push)s AND (t.subscription_id IS NULL OR p.sends_message) AND NOT coalesce(
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
    """Lock the deliveries of one push until the transaction ends: changes of them happen one after the other."""
    hold_name(f"deliveries {push_id}")


def send_deliveries(*, for_seconds: float = LONGEST_RUN) -> int:
    """Send all that waits, until the time is over; return how many were tried."""
    return send_all(send_next_delivery, threads=THREADS, for_seconds=for_seconds)


def send_next_delivery() -> bool:
    """Claim one delivery, send it, note what came of it; False where none may go now."""
    return send_next(_sendable_deliveries(), _send, first_wait=FIRST_WAIT)


def _sendable_deliveries() -> QuerySet[ChannelDelivery]:
    """What is urgent, then the oldest: not of a turn that is over, not while an earlier one of the same account is on
    its way."""
    is_earlier = Q(turn__lt=OuterRef("turn")) | Q(turn=OuterRef("turn"), step__lt=OuterRef("step"))
    goes_there = Q(account=OuterRef("account")) | Q(subscription=OuterRef("subscription"))
    on_its_way = ChannelDelivery.objects.filter(is_earlier, goes_there, push=OuterRef("push"), claimed_until__gt=Now())
    deliveries = ChannelDelivery.objects.filter(~Exists(on_its_way), turn=F("push__turn"))
    return deliveries.select_related("push__shown", "account", "subscription").order_by("-is_urgent", "next_attempt_at")


def _send(delivery: ChannelDelivery) -> dict[str, str]:
    journal = Journal(str(delivery.pk), delivery.progress, partial(_keep, delivery, delivery))
    parcel = parcel_of(
        delivery, journal=journal, earlier=_earlier_journals(delivery), credential=credential_for(delivery.account)
    )
    try:
        receipt = connector_of(parcel).deliver(parcel)
    except Refused as refusal:
        if delivery.subscription_id and refusal.is_gone:
            # the reader has removed the app, and with it every delivery to it
            WebPushSubscription.objects.filter(pk=delivery.subscription_id).delete()
        raise
    facts = {"external_ref": receipt.reference}
    return facts | {"state": DeliveryState.BY_HAND, "last_error": receipt.by_hand} if receipt.by_hand else facts


def _earlier_journals(delivery: ChannelDelivery) -> list[Journal]:
    """What the account may have been sent of this push before, the oldest first."""
    if delivery.account_id is None:
        return []
    is_earlier = Q(turn__lt=delivery.turn) | Q(turn=delivery.turn, step__lt=delivery.step)
    rows = ChannelDelivery.objects.filter(
        is_earlier, push=delivery.push_id, account=delivery.account_id, act=ChannelDelivery.Act.PUSH, attempts__gt=0
    ).order_by("turn", "step")
    return [Journal(str(one.pk), one.progress, partial(_keep, delivery, one)) for one in rows]


@transaction.atomic
def _keep(delivery: ChannelDelivery, row: ChannelDelivery, facts: Mapping[str, Any]) -> None:
    """Keep what is known of the row by now, while this worker has the delivery. Raises ClaimLost."""
    row.progress |= facts
    if row is delivery:
        keep_claim(delivery, progress=row.progress)
        return
    keep_claim(delivery)
    ChannelDelivery.objects.filter(pk=row.pk).update(progress=row.progress)


@transaction.atomic
def finish_by_hand(*, by: Actor, delivery: ChannelDelivery) -> ChannelDelivery:
    """by_hand → done: somebody has done on the platform's own pages what it lets no program do. A repeat raises
    Conflict."""
    found = ChannelDelivery.objects.select_for_update(of=("self",)).select_related("account").get(pk=delivery.pk)
    account = found.account
    require(
        by, "accounts.manage", hall_id=account.hall_id if account else None, prefix=account.prefix if account else None
    )
    before = found.state
    DELIVERY_TRANSITIONS.check(before, DeliveryState.DONE)
    if before != DeliveryState.BY_HAND:
        raise Conflict("这次投递不需要人工处理。")
    found.state, found.finished_at = DeliveryState.DONE, timezone.now()
    found.save(update_fields=["state", "finished_at"])
    record_act(
        by=by,
        act="accounts.finish_by_hand",
        object_type="delivery",
        object_id=found.pk,
        hall_id=account.hall_id if account else None,
        changes={"state": [before, found.state]},
    )
    return found


@transaction.atomic
def retry_delivery(*, by: Actor, delivery: ChannelDelivery) -> ChannelDelivery:
    """Try a dead delivery again, as if for the first time. Raises Conflict where it is not dead, or something later was
    done to the push."""
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
    revive_dead(found)
    record_act(
        by=by,
        act="accounts.retry_delivery",
        object_type="delivery",
        object_id=found.pk,
        hall_id=account.hall_id if account else None,
    )
    return found
