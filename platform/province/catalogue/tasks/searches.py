"""What is searched for, folded now and then; and what was missed, tried again where the rules were changed."""

from celery import shared_task

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import MISSES_TRIED
from province.catalogue.operations.searches import fold_searches, try_missed_again


@shared_task(name="catalogue.fold_searches")
def fold() -> None:
    fold_searches()


@subscribes(MISSES_TRIED, "catalogue.try_missed_again")
def _try_again(_: ReceivedEvent[NoPayload]) -> None:
    try_missed_again()
