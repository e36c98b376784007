"""What a hall does when it hears of something."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.people.events import HANDED_OVER_IN_HALL, HandedOver
from province.people.queries.work import orderer_of, parties_of
from tenants.portal.events import ARTICLE_LATE, ARTICLE_MOVED, ArticleMoved
from tenants.portal.operations.hand_over import take_over_articles
from tenants.portal.operations.notices import tell_article_late, tell_article_move
from tenants.portal.operations.reports import report_again
from tenants.shell.subscribers import in_hall


@subscribes(HANDED_OVER_IN_HALL, "portal.take_over_articles")
@in_hall
def _take_over(event: ReceivedEvent[HandedOver], hall: Hall) -> None:
    """The rows move with the event: a repeat finds none."""
    leaver, successor = parties_of(event)
    take_over_articles(ordered_by=orderer_of(event), hall=hall, leaver=leaver, successor=successor)


@subscribes(HALL_RESTORED, "portal.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_again(hall)


@subscribes(ARTICLE_MOVED, "portal.tell_article_move")
@in_hall
def _tell(event: ReceivedEvent[ArticleMoved], hall: Hall) -> None:
    tell_article_move(hall=hall, version_id=event.subject_id, cause_id=event.id, moved=event.payload)


@subscribes(ARTICLE_LATE, "portal.tell_article_late")
@in_hall
def _tell_late(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_article_late(hall=hall, version_id=event.subject_id, cause_id=event.id)
