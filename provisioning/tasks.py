"""Rollouts that run in the background, and former keys of the object store whose time is over."""

from uuid import UUID

from celery import shared_task

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from provisioning import upgrade  # noqa: F401 - makes its worker known
from provisioning.create import carry_out
from provisioning.events import ROLLOUT_STARTED, STORE_KEY_OVER
from provisioning.queries import abandoned_rollouts
from provisioning.store_keys import halls_with_former_keys, retire_former_key


@subscribes(ROLLOUT_STARTED, "provisioning.carry_out_rollout")
def hand_over(event: ReceivedEvent[NoPayload]) -> None:
    """Celery may get it twice: the second finds the steps settled, or shares them."""
    carry_out_rollout.delay(str(event.subject_id))


@shared_task(name="provisioning.carry_out_rollout")
def carry_out_rollout(rollout_id: str, workers: int = 2) -> None:
    carry_out(UUID(rollout_id), workers=workers)


@subscribes(STORE_KEY_OVER, "provisioning.retire_store_key")
def hand_over_key(event: ReceivedEvent[NoPayload]) -> None:
    """Only the builder may tell the store. A second time nothing is left to do."""
    retire_store_key.delay(str(event.subject_id))


@shared_task(name="provisioning.retire_store_key")
def retire_store_key(hall_id: str) -> None:
    retire_former_key(UUID(hall_id))


@shared_task(name="provisioning.resume_building")
def resume_building() -> None:
    """Hand the builder once more what a broker lost, or a killed builder left to nobody. Another worker looks, so that
    the builder is woken only where there is something to build."""
    for rollout_id in abandoned_rollouts():
        carry_out_rollout.delay(str(rollout_id))
    for hall_id in halls_with_former_keys():
        retire_store_key.delay(str(hall_id))
