"""What somebody who leaves was responsible for in this hall goes to a successor (离岗交接)."""

from django.db import transaction

from foundation.editing.drafts import pass_on_drafts
from province.audit.operations import record_act
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.work import pass_on_open_work
from province.rights.actors import Actor
from tenants.portal.models import Article
from tenants.portal.operations.articles import ARTICLE
from tenants.portal.operations.figures import check_inside


@transaction.atomic
def take_over_articles(*, ordered_by: Actor, hall: Hall, leaver: Account, successor: Account) -> int:
    """Make the successor responsible for every article of the leaver, in every state; who wrote in it stays known.
    Returns how many. A repeat finds none."""
    check_inside(hall)
    ids = pass_on_drafts(Article.objects.all(), from_id=leaver.pk, to_id=successor.pk)
    pass_on_open_work(hall_id=hall.pk, kind=ARTICLE, from_id=leaver.pk, to_id=successor.pk)
    if not ids:
        return 0
    record_act(
        by=ordered_by,
        act="portal.take_over",
        object_type="account",
        object_id=leaver.pk,
        hall_id=hall.pk,
        changes={"successor": [None, successor.username], "articles": [len(ids), 0]},
    )
    return len(ids)
