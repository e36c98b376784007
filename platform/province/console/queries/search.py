"""The search over everything (Ctrl K)."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from foundation.errors import NotAllowed
from foundation.tokenizing import sounds_of
from province.console.queries.navigation import links_open_to
from province.console.queries.overview import has_overview
from province.console.slots import SEARCH, Hit
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


def search_everything(by: Actor, words: str) -> list[Hit]:
    """Raises NotAllowed for somebody for whom nothing here is."""
    allowed = [source for source in SEARCH.entries() if has_anywhere(by, source.permission)]
    if not allowed:
        raise NotAllowed("您的岗位没有可以在这里查找的内容。如需办理，请联系管理员。")
    words = words.strip()
    if not words:
        return []
    return [*_pages(by, words), *(hit for source in allowed for hit in source.find(by, words))]


def _pages(by: Actor, words: str) -> Iterator[Hit]:
    """Places that the person may go to."""
    overview = [("概览", "", "console")] if has_overview(by) else []
    return pages_named([*overview, *((one.label, one.section, one.route) for one in links_open_to(by))], words)


def pages_named(pages: Iterable[tuple[str, str, str]], words: str) -> Iterator[Hit]:
    """Of these (label, section, route) those that are called so, or whose pinyin or first letters begin so."""
    for label, section, route in pages:
        if words in label or any(sound.startswith(words.lower()) for sound in sounds_of(label)):
            yield Hit("页面", label, section, reverse(route))


def searched_things() -> str:
    """页面、服务厅、区划、事项和稿件."""
    return _listed(["页面", *(thing for source in SEARCH.entries() for thing in source.things)], last="和")


def search_hints() -> str:
    """What people can type, as one list."""
    return _listed([source.hint for source in SEARCH.entries()], last="或")


def _listed(words: Sequence[str], *, last: str) -> str:
    return last.join(part for part in ("、".join(words[:-1]), *words[-1:]) if part)
