from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.halls.models import HallKind
from provisioning.queries import RolloutProgress


class RolloutIn(Schema):
    """Make a hall for every division below ``under`` that has none; of some kinds, or of all."""

    under: str = Field(min_length=2, max_length=12, pattern=r"^[0-9]+$")
    kinds: list[HallKind] = Field(default=[], max_length=len(HallKind))


class FailureOut(Schema):
    code: str
    name: str
    reason: str


class RolloutOut(Schema):
    """How far a rollout is; ``remaining_seconds`` is null where it cannot be told."""

    id: UUID
    act: str
    under: str
    state: str
    total: int
    done: int
    failed: int
    waiting: int
    percent: int
    is_stalled: bool
    started_at: datetime
    finished_at: datetime | None
    elapsed_seconds: float
    remaining_seconds: float | None
    failures: list[FailureOut]

    @classmethod
    def of(cls, progress: RolloutProgress) -> "RolloutOut":
        remaining = progress.remaining
        return cls(
            id=progress.rollout_id,
            elapsed_seconds=progress.elapsed.total_seconds(),
            remaining_seconds=None if remaining is None else remaining.total_seconds(),
            failures=[FailureOut(code=one.code, name=one.name, reason=one.reason) for one in progress.failures],
            **{
                name: getattr(progress, name)
                for name in (
                    *("act", "under", "state", "total", "done", "failed", "waiting", "percent"),
                    *("is_stalled", "started_at", "finished_at"),
                )
            },
        )


class RolloutLineOut(Schema):
    """One rollout in a list."""

    id: UUID
    act: str
    under: str
    state: str
    started_by_name: MaskedName
    created_at: datetime
    finished_at: datetime | None
