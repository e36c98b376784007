"""What somebody who leaves was responsible for goes to a successor (离岗交接)."""

from django.db import transaction

from foundation.editing.drafts import pass_on_drafts
from province.audit.operations import record_act
from province.content.models import Manuscript
from province.people.models import Account
from province.rights.actors import Actor


@transaction.atomic
def take_over_manuscripts(*, ordered_by: Actor, leaver: Account, successor: Account) -> int:
    """Make the successor responsible for every manuscript of the leaver, in every state; who wrote in it stays known.
    Returns how many. A repeat finds none."""
    ids = pass_on_drafts(Manuscript.objects.all(), from_id=leaver.pk, to_id=successor.pk)
    if not ids:
        return 0
    record_act(
        by=ordered_by,
        act="content.take_over",
        object_type="account",
        object_id=leaver.pk,
        changes={"successor": [None, successor.username], "manuscripts": [len(ids), 0]},
    )
    return len(ids)
