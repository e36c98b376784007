"""What acts, objects and their fields are called in Chinese.

The app that records an act names it, in its ``queries/acts.py``, and contributes the names to ``ACTS``; a test refuses
an act without a name.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class ActNames:
    """``title``: under which a list shows these acts. ``acts``: ``content.push`` -> 发布. ``objects``: ``push`` ->
    推稿. ``pages``: ``push`` -> name of the route of its page at the console, whose one argument is the object's id.
    ``fields``: ``starts_at`` -> 开始时间. ``choices``: (``push``, ``state``) -> a TextChoices' choices."""

    title: str
    acts: Mapping[str, str]
    objects: Mapping[str, str]
    pages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], Sequence[tuple[str, str]]] = field(default_factory=dict)


def _keys(names: ActNames) -> Iterator[Hashable]:
    yield from (("act", name) for name in names.acts)
    yield from (("object", name) for name in names.objects)


ACTS = Slot[ActNames]("audit.acts", keys=_keys)


@dataclass(slots=True)
class _Words:
    acts: dict[str, str] = field(default_factory=dict)
    # title -> the acts below it
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
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


def field_label(name: str) -> str:
    return _words().fields.get(name, "其他内容")


def value_label(object_type: str, name: str, value: Any) -> str:
    """One side of a change, as people read it."""
    match value:
        case None | "" | [] | {}:
            return "（空）"
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(value_label(object_type, name, one) for one in value)
        case dict():
            return "；".join(f"{field_label(key)}：{value_label(object_type, key, one)}" for key, one in value.items())
        case _:
            return _words().values.get((object_type, name), {}).get(str(value), str(value))
