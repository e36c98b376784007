"""What can go wrong in an operation, said once. HTTP, pages and the command line each translate these in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

# characters of a message: what somebody sent stands in many a one, and came in any length
LONGEST_MESSAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field or one line of what was sent; ``message`` is plain Chinese."""

    where: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", _cut(self.where))
        object.__setattr__(self, "message", _cut(self.message))


class DomainError(Exception):
    """Base of all refusals. ``message`` is plain Chinese: what happened and what to do."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "不能这样做"

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        self.message = _cut(message)
        super().__init__(self.message)
        self.faults = tuple(faults)

    @classmethod
    def at(cls, where: str, message: str) -> Self:
        """The refusal whose one fault is at this field."""
        return cls(message, faults=[Fault(where, message)])


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


class Invalid(DomainError):
    """The input itself is wrong."""

    status = 422
    code = "invalid"
    title = "填写有误"

    @classmethod
    def of(cls, faults: Sequence[Fault], *, many: str = "有几处填写有误，请按提示修改。") -> Self:
        """The refusal for these faults, of which there is at least one; ``many`` is said where there are more."""
        return cls(faults[0].message if len(faults) == 1 else many, faults=faults)


class NotFound(DomainError):
    """No such object, or one that belongs to another hall: nobody learns which."""

    status = 404
    code = "not-found"
    title = "没有找到"


class NotSignedIn(DomainError):
    """Nobody is signed in, or no longer."""

    status = 401
    code = "not-signed-in"
    title = "需要登录"


class NotAllowed(DomainError):
    """The person may not do this."""

    status = 403
    code = "not-allowed"
    title = "没有权限"


class TooLarge(DomainError):
    """More was sent than is taken."""

    status = 413
    code = "too-large"
    title = "内容太大"


class TooMany(DomainError):
    """More of it came within a short time than is taken."""

    status = 429
    code = "too-many"
    title = "操作太频繁"


class Conflict(DomainError):
    """The object is not in a state in which this can be done, or somebody else was quicker."""

    status = 409
    code = "conflict"
    title = "当前状态下不能这样做"


class Unavailable(DomainError):
    """A part this needs (database, broker, store, another system) does not answer now."""

    status = 503
    code = "unavailable"
    title = "服务暂时不可用"


class Damaged(DomainError):
    """What is kept is not what was written: changed, moved to another row, or its key is gone."""

    status = 500
    code = "damaged"
    title = "资料无法读出"
