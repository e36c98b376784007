from celery import shared_task

from province.catalogue.operations.reads import fold_reads


@shared_task(name="catalogue.fold_reads")
def fold() -> None:
    fold_reads()
