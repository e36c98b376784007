"""What is done for cases of all halls."""

from celery import shared_task

from province.cases.operations.applicants import MARKED_AT_ONCE, mark_applicants
from province.cases.operations.feed import NUMBERED_AT_ONCE, number_changes


@shared_task(name="cases.number_changes")
def number() -> None:
    while number_changes() == NUMBERED_AT_ONCE:
        pass


@shared_task(name="cases.mark_applicants")
def mark() -> None:
    while mark_applicants() == MARKED_AT_ONCE:
        pass
