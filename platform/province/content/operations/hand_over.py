"""What somebody who leaves was responsible for goes to a successor (离岗交接)."""

from django.db import transaction
from django.db.models import Case, F, Q, UUIDField, Value, When

from province.audit.operations import record_act
from province.content.models import Manuscript
from province.identity.models import Account, Actor


@transaction.atomic
def take_over_manuscripts(*, ordered_by: Actor, leaver: Account, successor: Account) -> int:
    """Every manuscript of the one is the other's from now on, in whatever state; who wrote in it stays known. A repeat
    finds none. Returns how many."""
    locked = Manuscript.objects.select_for_update().filter(owner_id=leaver.pk).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    if not ids:
        return 0
    holds_lock = Q(locked_by_id=leaver.pk)
    Manuscript.objects.filter(pk__in=ids).update(
        owner_id=successor.pk,
        # whoever left types no more
        locked_until=Case(When(holds_lock, then=Value(None)), default=F("locked_until")),
        locked_by_name=Case(When(holds_lock, then=Value("")), default=F("locked_by_name")),
        locked_by_id=Case(When(holds_lock, then=Value(None)), default=F("locked_by_id"), output_field=UUIDField()),
    )
    record_act(
        by=ordered_by,
        act="content.take_over",
        object_type="account",
        object_id=leaver.pk,
        changes={"successor": [None, successor.username], "manuscripts": [len(ids), 0]},
    )
    return len(ids)
