from celery import shared_task

from province.halls.operations import check_certificates as look_at_certificates
from province.halls.operations import check_stalest_domains


@shared_task(name="halls.check_domains")
def check_domains() -> None:
    check_stalest_domains()


@shared_task(name="halls.check_certificates")
def check_certificates() -> None:
    look_at_certificates()
