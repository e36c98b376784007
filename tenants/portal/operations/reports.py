"""What the province keeps about the hall's site, made equal to the hall's rows once these came out of an archive."""

from django.db import transaction

from province.content.operations.decisions import leave_columns_but
from province.content.operations.library import forget_picks_but
from province.halls.models import Hall
from province.people.operations.work import replace_open_work
from province.rights.queries import system_actor
from tenants.portal.models import Article, Column
from tenants.portal.operations.article_reports import report_site_again
from tenants.portal.operations.articles import ARTICLE
from tenants.portal.operations.figures import check_inside, renew_site
from tenants.portal.states import DraftState


@transaction.atomic
def report_again(hall: Hall) -> None:
    """Count the site anew, say which articles are on it and whose are not finished, and leave no push in a column that
    is gone. A repeat changes nothing."""
    check_inside(hall)
    renew_site(hall)
    report_site_again(hall)
    unfinished = Article.objects.exclude(draft_state=DraftState.DONE).values_list("pk", "owner_id")
    replace_open_work(hall_id=hall.pk, kind=ARTICLE, owners={pk: owner_id for pk, owner_id in unfinished if owner_id})
    forget_picks_but(hall_id=hall.pk, article_ids=list(Article.objects.values_list("pk", flat=True)))
    leave_columns_but(
        by=system_actor("恢复服务厅"), hall=hall, columns=list(Column.objects.values_list("code", flat=True))
    )
