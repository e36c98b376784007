"""What acts, objects and their fields are called in Chinese.

The app that records an act names it, in its ``queries/acts.py``: this app reads all of them when it is ready
(apps.py), and a test refuses an act without a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class _Words:
    acts: dict[str, str] = field(default_factory=dict)
    # title -> the acts below it
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    # object -> the route of its page at the console, whose one argument is the object's id
    pages: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    # (object, field) -> value -> label
    values: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)


_WORDS = _Words()


def name_acts(
    title: str,
    acts: Mapping[str, str],
    *,
    objects: Mapping[str, str],
    pages: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    choices: Mapping[tuple[str, str], Sequence[tuple[str, str]]] | None = None,
) -> None:
    """``title``: under which a list shows these acts. ``acts``: ``content.push`` -> 发布. ``objects``: ``push`` ->
    推稿. ``pages``: ``push`` -> name of a route. ``fields``: ``starts_at`` -> 开始时间. ``choices``: (``push``,
    ``state``) -> a TextChoices' choices."""
    _WORDS.acts.update(acts)
    _WORDS.groups.setdefault(title, {}).update(acts)
    _WORDS.objects.update(objects)
    _WORDS.pages.update(pages or {})
    _WORDS.fields.update(fields or {})
    _WORDS.values.update({key: dict(pairs) for key, pairs in (choices or {}).items()})


def all_acts() -> dict[str, str]:
    return dict(_WORDS.acts)


def acts_by_title() -> dict[str, dict[str, str]]:
    return dict(_WORDS.groups)


def all_objects() -> dict[str, str]:
    return dict(_WORDS.objects)


def act_label(act: str) -> str:
    return _WORDS.acts.get(act, "其他操作")


def object_label(object_type: str) -> str:
    return _WORDS.objects.get(object_type, "其他")


def object_page(object_type: str) -> str:
    """The name of the route; "" where such an object has no page."""
    return _WORDS.pages.get(object_type, "")


def field_label(name: str) -> str:
    return _WORDS.fields.get(name, "其他内容")


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
            return _WORDS.values.get((object_type, name), {}).get(str(value), str(value))
