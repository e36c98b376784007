"""What acts, objects and their fields are called in Chinese.

The app that records an act names it, in its ``queries/acts.py``, and contributes the names to ``ACTS``; a test refuses
an act without a name.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.contributions import Slot

type NamesOfIds = Callable[[Collection[UUID]], Mapping[UUID, str]]
type NamesOfCodes = Callable[[Collection[str]], Mapping[str, str]]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class ActNames:
    """``title``: under which a list shows these acts. ``acts``: ``content.push`` -> 发布. ``objects``: ``push`` ->
    推稿. ``pages``: ``push`` -> name of the route of its page at the console, whose one argument is the object's id.
    ``fields``: ``starts_at`` -> 开始时间; acts of other groups fall back on them. ``choices``: (``push``, ``state``) ->
    a TextChoices' choices. ``names``: an object -> the names of those with these ids. ``refers``: a field that keeps an
    id -> the object in ``names`` whose id it is. ``codes``: a field that keeps codes -> what they are called. Functions
    of the last three ask at most one query, for a whole page of entries."""

    title: str
    acts: Mapping[str, str]
    objects: Mapping[str, str]
    pages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], Sequence[tuple[str, str]]] = field(default_factory=dict)
    names: Mapping[str, NamesOfIds] = field(default_factory=dict)
    refers: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, NamesOfCodes] = field(default_factory=dict)


def _keys(names: ActNames) -> Iterator[Hashable]:
    yield from (("act", name) for name in names.acts)
    yield from (("object", name) for name in names.objects)
    yield from (("names", name) for name in names.names)
    yield from (("field", name) for name in (*names.refers, *names.codes))


ACTS = Slot[ActNames]("audit.acts", keys=_keys)


@dataclass(slots=True)
class _Words:
    acts: dict[str, str] = field(default_factory=dict)
    # title -> the acts below it
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    # act -> the fields of its own group, which say more exactly what 地址 or 编号 it is
    fields_of_acts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    names: dict[str, NamesOfIds] = field(default_factory=dict)
    refers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, NamesOfCodes] = field(default_factory=dict)
    # (object, field) -> value -> label
    values: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)


@cache
def _words() -> _Words:
    """All names together; what apps contribute does not change after the start."""
    words = _Words()
    for names in ACTS.entries():
        words.acts.update(names.acts)
        words.groups.setdefault(names.title, {}).update(names.acts)
        words.objects.update(names.objects)
        words.pages.update(names.pages)
        words.fields.update(names.fields)
        words.fields_of_acts.update(dict.fromkeys(names.acts, names.fields))
        words.names.update(names.names)
        words.refers.update(names.refers)
        words.codes.update(names.codes)
        words.values.update({key: dict(pairs) for key, pairs in names.choices.items()})
    return words


def all_acts() -> dict[str, str]:
    return dict(_words().acts)


def acts_by_title() -> dict[str, dict[str, str]]:
    return dict(_words().groups)


def all_objects() -> dict[str, str]:
    return dict(_words().objects)


def act_label(act: str) -> str:
    return _words().acts.get(act, "其他操作")


def object_label(object_type: str) -> str:
    return _words().objects.get(object_type, "其他")


def object_page(object_type: str) -> str:
    """The name of the route; "" where such an object has no page."""
    return _words().pages.get(object_type, "")


def field_label(name: str, act: str = "") -> str:
    """What a changed field is called, in the words of the act that changed it."""
    words = _words()
    return words.fields_of_acts.get(act, {}).get(name) or words.fields.get(name, "其他内容")


def namers() -> Mapping[str, NamesOfIds]:
    """Object -> who knows the names of those with these ids."""
    return _words().names


def referred_object(name: str) -> str:
    """Of which object the field keeps the id; "" for a field that keeps none."""
    return _words().refers.get(name, "")


def code_namer(name: str) -> NamesOfCodes | None:
    """What the codes in this field are called; None for a field that keeps none."""
    return _words().codes.get(name)


@dataclass(frozen=True, slots=True)
class NamedValues:
    """The names of a page's objects and codes, asked for together (``queries/names.py``)."""

    # (object, id) -> name
    objects: Mapping[tuple[str, UUID], str] = field(default_factory=dict)
    # (field, what is kept) -> what it is called
    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)


_UNNAMED = NamedValues()


def value_label(object_type: str, name: str, value: Any, named: NamedValues = _UNNAMED, *, act: str = "") -> str:
    """One side of a change, as people read it; parts of it are called as the act calls them."""
    match value:
        # a pattern {} would match every dict
        case _ if value in (None, "", [], {}):
            return "（空）"
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(value_label(object_type, name, one, named, act=act) for one in value)
        case dict():
            return "；".join(
                f"{_key_label(object_type, name, key, act)}：{value_label(object_type, key, one, named, act=act)}"
                for key, one in value.items()
            )
    labels = _words().values.get((object_type, name), {})
    return labels.get(str(value)) or named.codes.get((name, str(value))) or _plain_label(value)


def _key_label(object_type: str, name: str, key: str, act: str) -> str:
    """Of a fact of several parts: figures by kind, or fields."""
    return _words().values.get((object_type, name), {}).get(key) or field_label(key, act)


def _plain_label(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= _THOUSAND else str(value)
    text = str(value)
    if _DAY.match(text):
        return _day_label(text)
    if _MOMENT.match(text):
        return _moment_label(text)
    days = text.split("/")
    if len(days) == 2 and all(map(_DAY.match, days)):  # noqa: PLR2004 - from and to
        return "至".join(map(_day_label, days))
    return text


def _day_label(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _moment_label(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{_day_label(moment.date().isoformat())} {moment:%H:%M}"
