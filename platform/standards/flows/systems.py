"""Systems outside that flows may ask over HTTP, as who runs the platform declares them (docs/guides/flow-systems.md):
which actions each has, and of what types are what an action takes and gives. Keys never stand here."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from foundation.errors import Fault
from standards.definitions import DefinitionReader
from standards.flows.conditions import OUTCOME
from standards.flows.plugins import MOST_ATTEMPTS, ContentRight
from standards.forms.fields.base import FieldName, Strict, Words
from standards.forms.plans import RESERVED

# seconds for one answer, all of it
LONGEST_WAIT: Final = 15
_LONGEST_CODE: Final = 40
_MOST: Final = 30
ValueType = Literal["text", "number", "whole", "yes_no", "date", "choice"]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(?:/[^\s?#]*)?\Z", max_length=300)]
DivisionPrefix = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,12}\Z")]


class SystemPort(Strict):
    """One thing that an action takes or gives. ``longest``: characters of a text; ``least``, ``most``: of a number;
    ``words``: label by code, of a choice."""

    name: FieldName
    label: Words
    type: ValueType = "text"
    required: bool = False
    longest: Annotated[int, Field(ge=1, le=2_000)] = 200
    least: float | None = None
    most: float | None = None
    words: Annotated[Mapping[FieldName, Words], Field(max_length=_MOST)] = {}


class SystemInput(SystemPort):
    """``right``: what of a form it may be handed; personal fields only where that is said."""

    right: ContentRight = ContentRight.PLAIN


class SystemAction(Strict):
    """``refusals``: in Chinese, by the code with which the system refuses; ``one_effect``: whether each visit of a run
    is a new effect, or all of a run are one."""

    code: FieldName
    label: Words
    given: Annotated[tuple[SystemInput, ...], Field(max_length=_MOST)] = ()
    answered: Annotated[tuple[SystemPort, ...], Field(max_length=_MOST)] = ()
    refusals: Annotated[Mapping[FieldName, Words], Field(max_length=_MOST)] = {}
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)] = 8
    seconds: Annotated[int, Field(ge=1, le=LONGEST_WAIT)] = 10
    one_effect: Literal["visit", "run"] = "visit"


class OutsideSystem(Strict):
    """``address``: below which each action has the address of its code; ``within``: the first digits of the divisions
    whose halls may use it, all where there are none."""

    code: FieldName
    label: Words
    address: Address
    within: Annotated[tuple[DivisionPrefix, ...], Field(max_length=200)] = ()
    actions: Annotated[tuple[SystemAction, ...], Field(min_length=1, max_length=_MOST)]

    def plugin_code(self, action: SystemAction) -> str:
        """By which flows know the action."""
        return f"{self.code}_{action.code}"

    def address_of(self, path: str) -> str:
        """Where the action with that code is asked, and whether the system is there (``ping``)."""
        return f"{self.address.rstrip('/')}/{path}"


class SystemList(Strict):
    format: Literal[1]
    systems: Annotated[tuple[OutsideSystem, ...], Field(max_length=100)]


def read_systems(raw: str) -> tuple[OutsideSystem, ...]:
    """The systems that the JSON declares. Raises Invalid; each fault says where it is (``systems.0.address``)."""
    found = _READER.read(raw).systems
    _READER.refuse([*_faults_of_codes(found), *_faults_of_ports(found)])
    return found


def _faults_of_codes(systems: tuple[OutsideSystem, ...]) -> Iterator[Fault]:
    yield from _doubles("systems", [one.code for one in systems])
    codes = [system.plugin_code(action) for system in systems for action in system.actions]
    yield from _doubles("systems", codes)
    for code in codes:
        if len(code) > _LONGEST_CODE:
            yield Fault("systems", f"系统和动作的代码合起来（{code[:80]}）最多 {_LONGEST_CODE} 个字符。")
    for at, system in enumerate(systems):
        for place, action in enumerate(system.actions):
            if action.code == "ping":
                yield Fault(f"systems.{at}.actions.{place}.code", "动作的代码不能是“ping”。")


def _faults_of_ports(systems: tuple[OutsideSystem, ...]) -> Iterator[Fault]:
    for at, system in enumerate(systems):
        for place, action in enumerate(system.actions):
            where = f"systems.{at}.actions.{place}"
            yield from _doubles(f"{where}.given", [one.name for one in action.given])
            yield from _doubles(f"{where}.answered", [one.name for one in action.answered])
            for port in (*action.given, *action.answered):
                if bool(port.words) != (port.type == "choice"):
                    yield Fault(where, f"“{port.name}”：类型是 choice 的要写 words，别的不写。")
                if (port.least is not None or port.most is not None) and port.type not in {"number", "whole"}:
                    yield Fault(where, f"“{port.name}”：只有数字能写 least 和 most。")
                if port.least is not None and port.most is not None and port.least > port.most:
                    yield Fault(where, f"“{port.name}”：least 不能大于 most。")
                if hasattr(BaseModel, port.name):
                    yield Fault(where, f"名称“{port.name}”程序自己要用，请换一个。")
            for port in action.answered:
                if port.name == OUTCOME or port.name in RESERVED:
                    yield Fault(f"{where}.answered", f"“{port.name}”是表达式里的词，请换一个名称。")


def _doubles(where: str, names: list[str]) -> Iterator[Fault]:
    for name, many in Counter(names).items():
        if many > 1:
            yield Fault(where, f"“{name}”写了 {many} 次，请改掉。")


_CODES: Final = "代码只能用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 fire_check。"
_READER: Final = DefinitionReader(
    SystemList,
    noun="外部系统的说明",
    deepest=10,
    part="系统",
    advice="请减少系统。",
    is_tag=lambda _before, _part: False,
    unknown=lambda _path, tag: f"没有“{tag[:40]}”。",
    patterns={
        "name": _CODES,
        "code": _CODES,
        "label": "文字前后不能有空格，中间不能换行。",
        "address": "地址须如 https://fire.example.gov.cn/yizhan，不写密码、问号和井号。",
        "within": "须是区划代码开头的数字。",
    },
)
