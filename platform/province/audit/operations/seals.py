"""Set down, once an hour, where every chain that moved has come to."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from foundation.crypto.sm3 import sm3
from foundation.rows import draw_id
from province.audit.models import CENSUS, DAYS, AuditDay, AuditHead, AuditSeal, facts_of
from province.audit.models.seals import DAY_FIELDS, SEAL_FIELDS, day_hash, seal_line, seal_mac
from province.audit.operations.chain import CHAIN_LOCK, new_head, save_heads
from province.audit.queries.keys import audit_keys

HOUR = timedelta(hours=1)
_AT_ONCE = 2_000


@transaction.atomic
def seal_chains(*, every: timedelta = HOUR) -> AuditDay | None:
    """Seal the chains that moved since the last sealing, all under one signature; None where that is younger than
    ``every``, or nothing moved. Two at once: the second finds it done. Killed half-way: nothing is done, and the next
    call does it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
    if AuditDay.objects.filter(created_at__gt=timezone.now() - every).exists():
        return None
    moved = list(
        AuditHead.objects.filter(position__gt=F("sealed_position")).exclude(pk__in=[DAYS, CENSUS]).order_by("id")
    )
    if not moved:
        return None
    end = AuditHead.objects.filter(pk=DAYS).first() or new_head(DAYS)
    seals = _write_seals(moved, end.position + 1)
    return _write_day(end, timezone.localdate(), seals)


def _write_seals(moved: list[AuditHead], number: int) -> list[AuditSeal]:
    key = audit_keys().seals
    seals = []
    for head in moved:
        seal = AuditSeal(
            id=draw_id(),
            created_at=timezone.now(),
            number=number,
            chain_id=head.id,
            position=head.position,
            hash=head.hash,
        )
        seal.mac = seal_mac(key, facts_of(seal, SEAL_FIELDS))
        seals.append(seal)
        head.sealed_position = head.position
    AuditSeal.objects.bulk_create(seals, batch_size=_AT_ONCE)
    save_heads(moved)
    return seals


def _write_day(end: AuditHead, today: date, seals: list[AuditSeal]) -> AuditDay:
    key = audit_keys().signing
    day = AuditDay(
        id=draw_id(),
        created_at=timezone.now(),
        number=end.position + 1,
        sealed_on=today,
        seals=len(seals),
        root=sm3(b"".join(seal_line(facts_of(seal, SEAL_FIELDS)) for seal in seals)).hex(),
        public_key=key.public.hex(),
    )
    day.hash = day_hash(facts_of(day, DAY_FIELDS), previous=end.hash)
    day.signature = key.sign(bytes.fromhex(day.hash)).hex()
    day.save(force_insert=True)
    end.position = end.sealed_position = day.number
    end.hash = day.hash
    save_heads([end])
    return day
