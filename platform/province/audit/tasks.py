"""Periodic tasks of the audit chain."""

from celery import shared_task

from province.audit.operations.packs import pack_links
from province.audit.operations.seals import seal_chains
from province.audit.operations.witness import store_seals, witness_seals


@shared_task(name="audit.seal_chains")
def seal() -> None:
    """Also where nothing was sealed: the last sealing may have been killed before it was told."""
    seal_chains()
    witness_seals()
    store_seals()


@shared_task(name="audit.pack_links")
def pack() -> None:
    pack_links()
