"""The search over everything (Ctrl K)."""

from collections.abc import Sequence

from foundation.errors import NotAllowed
from province.console.slots import SEARCH, Hit
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


def search_everything(by: Actor, words: str) -> list[Hit]:
    """Raises NotAllowed for somebody for whom nothing here is."""
    allowed = [source for source in SEARCH.entries() if has_anywhere(by, source.permission)]
    if not allowed:
        raise NotAllowed("您的岗位没有可以在这里查找的内容。如需办理，请联系管理员。")
    words = words.strip()
    return [hit for source in allowed for hit in source.find(by, words)] if words else []


def searched_things() -> str:
    """服务厅、区划、事项和稿件."""
    return _listed([thing for source in SEARCH.entries() for thing in source.things], last="和")


def search_hints() -> str:
    """What people can type, as one list."""
    return _listed([source.hint for source in SEARCH.entries()], last="或")


def _listed(words: Sequence[str], *, last: str) -> str:
    return last.join(part for part in ("、".join(words[:-1]), *words[-1:]) if part)
