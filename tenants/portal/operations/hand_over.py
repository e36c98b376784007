"""What somebody who leaves was responsible for in this hall goes to a successor (离岗交接)."""

from django.db import transaction

from foundation.editing.drafts import pass_on_drafts
from province.audit.operations import record_act
from province.halls.models import Hall
from province.identity.models import Account, Actor
from province.identity.operations.work import pass_on_open_work
from tenants.portal.models import Article
from tenants.portal.operations.articles import ARTICLE
from tenants.portal.operations.figures import check_inside


@transaction.atomic
def take_over_articles(*, ordered_by: Actor, hall: Hall, leaver: Account, successor: Account) -> int:
    """Every article of the one is the other's from now on, in whatever state; who wrote in it stays known. A repeat
    finds none. Returns how many."""
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
