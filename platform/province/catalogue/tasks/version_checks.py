from celery import shared_task

from province.catalogue.operations.version_checks import check_versions


@shared_task(name="catalogue.check_versions")
def check() -> None:
    check_versions()
