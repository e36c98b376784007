from celery import shared_task

from province.halls.operations import check_stalest_domains


@shared_task(name="halls.check_domains")
def check_domains() -> None:
    check_stalest_domains()
