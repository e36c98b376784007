"""Two that were changed from one: what one side alone changed is taken; where both did differently, somebody chooses.

``before`` is what both began with, ``ours`` and ``theirs`` are what became of it. A thing is known by its key, never by
its place.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

type Json = dict[str, Any]
Side = Literal["ours", "theirs"]
GONE: Final = "（删去）"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed differently. ``said``: what it is; ``ours`` and ``theirs``: how each has it now, in Chinese;
    ``default``: whose holds where nobody chooses; ``is_fixed``: by the law's item, which counts in all halls."""

    key: str
    said: str
    ours: str
    theirs: str
    default: Side
    chosen: Side
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was changed on its own. ``full``: with what is as usual; ``written``: as it stands in the
    definition, without."""

    full: Mapping[str, Any]
    written: Mapping[str, Any]


_NOTHING: Final = Thing({}, {})
# before, ours, theirs
type Three[T] = tuple[T, T, T]
# how an attribute reads on one side, in Chinese
type Telling = Callable[[str, Side], str]


class Reconciling:
    """Gathers what clashes while things are put together. ``choices``: key of a clash → whose holds."""

    def __init__(self, choices: Mapping[str, Side]) -> None:
        self.clashes: list[Clash] = []
        self._choices = choices

    def chosen(
        self,
        key: str,
        said: str,
        values: Three[Any],
        words: tuple[str, str],
        *,
        default: Side = "ours",
    ) -> Side:
        """Whose value holds. ``values``: before, ours, theirs; ``words``: how ours and theirs read."""
        before, ours, theirs = (_plain(one) for one in values)
        if theirs in {ours, before}:
            return "ours"
        if ours == before:
            return "theirs"
        chosen = self._choices.get(key, default)
        short = tuple(one if len(one) <= _LONGEST else f"{one[:_LONGEST]}……" for one in words)
        self.clashes.append(Clash(key, said, short[0], short[1], default, chosen, is_fixed=default == "theirs"))
        return chosen

    def attributes(
        self,
        key: str,
        said: str,
        things: Three[Thing | None],
        *,
        titles: Callable[[str], str],
        telling: Telling,
        fixed: Collection[str] = (),
        is_fixed: bool = False,
        but: Collection[str] = (),
    ) -> Json:
        """A thing attribute by attribute, as it is written; one that only one side has is as that side has it.
        ``titles``: what an attribute is called; ``fixed``: those that the law's item fixes, or all of them
        (``is_fixed``); ``but``: those that the caller puts together."""
        before, ours, theirs = things
        if ours is None or theirs is None:
            return dict((ours or theirs or _NOTHING).written)
        found: Json = {}
        for name in dict.fromkeys([*ours.full, *theirs.full]):
            if name in but:
                continue
            values = (before.full.get(name) if before else None, ours.full.get(name), theirs.full.get(name))
            written = (before.written.get(name) if before else None, ours.written.get(name), theirs.written.get(name))
            at, label = f"{key}.{name}", f"{said}的{titles(name)}"
            if _is_named(values) and len({_plain(one) for one in values}) == len(values):
                found[name] = self._named(at, label, *written)
                continue
            default: Side = "theirs" if is_fixed or name in fixed else "ours"
            words = (telling(name, "ours"), telling(name, "theirs"))
            side = self.chosen(at, label, values, words, default=default)
            source = ours if side == "ours" else theirs
            if name in source.written:
                found[name] = source.written[name]
        return found

    def mapping(
        self,
        key: str,
        said: str,
        before: Mapping[str, Any],
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        *,
        label: Callable[[str], str],
        word: Callable[[Any], str],
    ) -> Json:
        """Values by name: each by itself. ``label``: of a name; ``word``: of a value, None where it is not there."""
        found: Json = {}
        for name in dict.fromkeys([*ours, *theirs]):
            values = (before.get(name), ours.get(name), theirs.get(name))
            side = self.chosen(f"{key}.{name}", f"{said}：{label(name)}", values, (word(values[1]), word(values[2])))
            value = values[1] if side == "ours" else values[2]
            if value is not None:
                found[name] = value
        return found

    def stays(
        self,
        key: str,
        said: str,
        things: Three[Thing | None],
        *,
        word: str = "保留，并且改过",
        default: Side = "ours",
    ) -> bool:
        """Whether a thing stays that a side has deleted; where the other one changed it meanwhile, somebody chooses."""
        before, ours, theirs = things
        if before is None or (ours and theirs):
            return bool(ours or theirs)
        if not (ours or theirs):
            return False
        values = three(dict(one.full) if one else None for one in things)
        words = (word if ours else GONE, word if theirs else GONE)
        side = self.chosen(key, said, values, words, default=default)
        return bool(ours if side == "ours" else theirs)

    def ordered(
        self,
        key: str,
        said: str,
        before: Sequence[str],
        ours: Sequence[str],
        theirs: Sequence[str],
        kept: Collection[str],
        *,
        is_silent: bool = False,
    ) -> list[str]:
        """The order of what stays: of who has changed it; what only the other one has stands behind what it stood
        behind there. ``is_silent``: ours holds without asking where both changed it."""
        whole = (_whole_order(ours, theirs, kept), _whole_order(theirs, ours, kept))
        # what only one side still has counts, too: where it goes may clash with what the other one moved
        known = set(before) & set(kept)
        orders = three([one for one in order if one in known] for order in (before, *whole))
        side: Side = "ours"
        if not is_silent or orders[1] == orders[0]:
            side = self.chosen(key, said, orders, ("本厅的顺序", "省里的顺序"))
        return whole[0] if side == "ours" else whole[1]

    def _named(self, key: str, said: str, before: Any, ours: Any, theirs: Any) -> list[Any]:
        """A list of what has codes (options, outcomes), each by its code."""
        lists = [{one["code"]: one for one in rows or ()} for rows in (before, ours, theirs)]
        made: dict[str, Any] = {}
        for code in dict.fromkeys([*lists[1], *lists[2]]):
            things = three(Thing(rows[code], rows[code]) if code in rows else None for rows in lists)
            label = str((lists[1].get(code) or lists[2][code]).get("label") or code)
            at, what = f"{key}.{code}", f"{said}“{label}”"
            if self.stays(at, what, things):
                made[code] = self.attributes(
                    at,
                    what,
                    things,
                    titles=lambda name: "文字" if name == "label" else "设置",
                    telling=_telling(things),
                )
        order = self.ordered(f"{key}.order", f"{said}的顺序", *three(map(list, lists)), made)
        return [made[code] for code in order]


def plain_word(value: Any) -> str:
    """A value of a definition as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in (None, "", [], {}):
        return "无"
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        return "、".join(str(one.get("label") or one.get("code") or "一项") for one in value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "另有设置" if isinstance(value, Mapping) else str(value)


def three[T](found: Iterable[T]) -> Three[T]:
    """Before, ours, theirs."""
    before, ours, theirs = found
    return before, ours, theirs


def of_side[T](found: Three[T], side: Side) -> T:
    """Ours or theirs of the three."""
    return found[1] if side == "ours" else found[2]


def by_key[T](rows: Iterable[T], key: Callable[[T], str]) -> dict[str, T]:
    """In their order."""
    return {key(one): one for one in rows}


def _whole_order(first: Sequence[str], other: Sequence[str], kept: Collection[str]) -> list[str]:
    """As the first has it, and what only the other one has behind what it stands behind there."""
    found = [one for one in first if one in kept]
    for at, one in enumerate(other):
        if one in kept and one not in found:
            behind = next((found.index(name) for name in reversed(other[:at]) if name in found), -1)
            found.insert(behind + 1, one)
    return found


def _telling(things: Three[Thing | None]) -> Telling:
    return lambda name, side: plain_word((of_side(things, side) or _NOTHING).full.get(name))


def _is_named(values: Iterable[Any]) -> bool:
    return all(
        isinstance(rows, list) and rows and all(isinstance(one, Mapping) and one.get("code") for one in rows)
        for rows in values
    )


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
