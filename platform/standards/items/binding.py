"""What the province's part of an item settles for every hall (办理限制)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from foundation.errors import Fault
from standards.items.codelists import Channel, HandlingLimit, OnlineDepth

type Values = Mapping[str, Any]

_SETTLED: Final[Mapping[str, Mapping[str, Any]]] = {
    HandlingLimit.IN_PERSON: {"has_agency": False},
    HandlingLimit.NO_AGENCY: {"has_agency": False},
    HandlingLimit.WINDOW_ONLY: {"channels": [Channel.WINDOW.value], "is_online": False, "has_kiosk": False},
}
_WORDS: Final = {
    "has_agency": "「是否代收代办」只能是“否”",
    "channels": "「办理形式」只能是窗口办理",
    "is_online": "「是否网办」只能是“否”",
    "has_kiosk": "「是否支持自助终端办理」只能是“否”",
}


def limits_of(values: Values) -> list[HandlingLimit]:
    """The limits that the province has set; what is no code of the list is left out."""
    given = values.get("restrictions")
    return [limit for limit in HandlingLimit if isinstance(given, list) and limit.value in given]


def settled_values(values: Values) -> dict[str, Any]:
    """By the names of elements that halls fill in, what they are wherever the item is handled. ``values`` are the
    province's."""
    settled: dict[str, Any] = {}
    for limit in limits_of(values):
        settled |= _SETTLED[limit]
    return settled


def settled_words(values: Values) -> list[str]:
    """What halls need not fill in and why, a sentence for each limit."""
    return [
        f"省里规定{limit.label}：{'，'.join(_WORDS[name] for name in _SETTLED[limit])}，不用填写。"
        for limit in limits_of(values)
    ]


def may_be_whole_online(values: Values) -> bool:
    """Whether a hall may say that nobody has to come (全程网办)."""
    return HandlingLimit.IN_PERSON not in limits_of(values)


def faults_against(values: Values, hall_values: Values) -> Iterator[Fault]:
    """Yield what a hall says against what the province has settled."""
    for limit in limits_of(values):
        for name, settled in _SETTLED[limit].items():
            if name in hall_values and hall_values[name] != settled:
                yield Fault(name, f"省里规定这个事项{limit.label}，{_WORDS[name]}。")
    if not may_be_whole_online(values) and hall_values.get("online_depth") == OnlineDepth.WHOLE:
        yield Fault("online_depth", "省里规定这个事项须本人到场，「网上办理深度」不能选全程网办。")
