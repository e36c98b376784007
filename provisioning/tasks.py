"""Rollouts that run in the background."""

from uuid import UUID

from celery import shared_task

from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from provisioning import upgrade  # noqa: F401 - makes its worker known
from provisioning.create import STARTED, carry_out


@handles(STARTED)
def hand_over(event: OutboxEvent) -> None:
    """Celery may get it twice: the second finds the steps settled, or shares them."""
    carry_out_rollout.delay(str(event.subject_id))


@shared_task(name="provisioning.carry_out_rollout")
def carry_out_rollout(rollout_id: str, workers: int = 2) -> None:
    carry_out(UUID(rollout_id), workers=workers)
