"""Who acts in these tests: the kit asks for an id and a name, and knows no rights."""

from typing import NamedTuple
from uuid import UUID, uuid4


class Somebody(NamedTuple):
    id: UUID | None
    name: str


ZHAO = Somebody(uuid4(), "赵敏")
QIAN = Somebody(uuid4(), "钱宁")
MACHINE = Somebody(None, "系统")
