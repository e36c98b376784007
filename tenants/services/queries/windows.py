"""What a hall calls its windows: never the place alone (当阳市), which says nothing of where one goes."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from foundation.errors import Fault
from province.halls.models import Division, Hall
from standards.items.contradictions import Contradiction, named_contradiction
from standards.items.handling import rows_of

# what a guide that citizens read already says against the rule; nothing else keeps a hall from saying it any more
WINDOW_ONLY_PLACE = "window-only-place"


def window_faults(hall: Hall, values: Mapping[str, Any], *, places: AbstractSet[str] | None = None) -> list[Fault]:
    """What is wrong with the names of windows in a hall's answers, at their places. One query, only where there are
    windows; none with ``places`` (``places_of``), for who looks at many guides."""
    named = list(_named_windows(values))
    if not named:
        return []
    if places is None:
        places = places_of(hall)
    return [
        Fault(where, f"办理窗口不能只写地名“{name}”，请写窗口或服务厅的名称，例如“{hall.name}综合窗口”。")
        for where, name in named
        if name in places
    ]


def window_oppositions(
    hall: Hall, values: Mapping[str, Any], *, places: AbstractSet[str] | None = None
) -> tuple[Contradiction, ...]:
    """What ``window_faults`` finds in a guide that citizens read, by the name that checks know: at most one."""
    faults = window_faults(hall, values, places=places)
    return (named_contradiction(WINDOW_ONLY_PLACE, faults[0].message),) if faults else ()


def _named_windows(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(rows_of(values, "windows"), start=1):
        yield f"windows.{number}.window", _name(row)
    for number, own in enumerate(rows_of(values, "hall_handling"), start=1):
        for place, row in enumerate(rows_of(own, "windows"), start=1):
            yield f"hall_handling.{number}.windows.{place}.window", _name(row)


def _name(row: Mapping[str, Any]) -> str:
    return "".join(str(row.get("window") or "").split())


def places_of(hall: Hall) -> set[str]:
    """The hall's place and those above it, each alone and with the ones before it (湖北省宜昌市当阳市)."""
    codes = [prefix.ljust(12, "0") for prefix in hall.prefixes]
    names = list(Division.objects.filter(code__in=codes, valid_to=None).order_by("code").values_list("name", flat=True))
    joined = {"".join(names[begin:end]) for begin in range(len(names)) for end in range(begin + 1, len(names) + 1)}
    return {*joined, hall.short_name}
