"""What somebody says of an element that the province adds (扩展要素): what is wrong with it, and what it would do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Final

from django.utils import timezone

from foundation.errors import Fault, Invalid
from foundation.texts import line_of
from foundation.tokenizing import sounds_of
from province.catalogue.models import ExtraElement
from province.catalogue.queries.extra_elements import values_of
from province.catalogue.states import ExtraKind
from standards.items import BY_NAME, Filler, Kind, Section
from standards.items.codelists import ALL_TYPES
from standards.items.exchange.labels import cells_of, element_of, normal, normal_label
from standards.items.live import additions

# so that no element of a later release has the name
PREFIX: Final = "x_"
MOST_ELEMENTS: Final = 200
MOST_OPTIONS: Final = 60
LONGEST_LABEL: Final = 40
LONGEST_OPTION: Final = 30
LONGEST_UNIT: Final = 10
LONGEST_HELP: Final = 200
_NAME: Final = re.compile(r"x_[a-z][a-z0-9_]{0,28}[a-z0-9]", re.ASCII)
_NO_NAME: Final = re.compile(r"[^a-z0-9]")
_FROM_LABEL: Final = 24
# what those ends mean to who reads files: codes in full width, days with their unit beside them
_TAKEN_ENDS: Final = ("_code", "_days", "_unit")
# what stands between words of a cell, and what offices tick
_BETWEEN: Final = frozenset("；;^、，,|/\\\n\t☑☐□■√")
_OTHER_LABELS: Final = frozenset({"序号", "编号", "号", "由谁填写"})
_OPTIONED: Final = frozenset({ExtraKind.CHOICE, ExtraKind.CHOICES})


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementWords:
    """What the province says of an element. ``options``: labels of the code list; ``condition``: another element with
    its value, under which this one is needed (None: whatever others say); ``needed_from`` None: from its first day."""

    label: str
    item_types: Sequence[str]
    section: str
    starts_on: date
    unit: str = ""
    options: Sequence[str] = ()
    is_hidden: bool = False
    help: str = ""
    is_needed: bool = False
    needed_from: date | None = None
    condition: tuple[str, str] | None = None


def drafted_element(
    *, words: ElementWords, kind: str, filler: str, name: str = "", before: ExtraElement | None = None
) -> ExtraElement:
    """Make the row that these words mean, not saved; ``before``: the revision that it follows. Raises Invalid with a
    fault for everything that is wrong."""
    label = line_of(words.label)
    own = before.name if before else name or _free_name(label)
    row = ExtraElement(
        name=own,
        revision=before.revision + 1 if before else 1,
        label=label,
        kind=before.kind if before else kind,
        unit=line_of(words.unit),
        options=_options([line_of(one) for one in words.options], own),
        filler=before.filler if before else filler,
        item_types=sorted(set(words.item_types)),
        section=words.section,
        is_hidden=words.is_hidden,
        help=line_of(words.help),
        needed_from=(words.needed_from or words.starts_on) if words.is_needed else None,
        starts_on=words.starts_on,
    )
    faults = [*_name_faults(row, before), *_faults(row), *_day_faults(row, before)]
    if words.is_needed and words.condition:
        faults += _take_condition(row, *words.condition)
    if faults:
        raise Invalid.of(faults)
    return row


def _free_name(label: str) -> str:
    """By the sound of the label, with a number where that is taken."""
    first = PREFIX + (_NO_NAME.sub("", sounds_of(label)[0])[:_FROM_LABEL] or "element")
    taken = set(ExtraElement.objects.filter(name__startswith=first).values_list("name", flat=True))
    return next(one for one in chain([first], (f"{first}{number}" for number in count(2))) if one not in taken)


def _options(labels: Sequence[str], name: str) -> list[list[str]]:
    """A label keeps the code that it ever had under this name."""
    known: dict[str, str] = {}
    for options in ExtraElement.objects.filter(name=name).values_list("options", flat=True):
        known |= {label: code for code, label in options}
    last = max((int(code) for code in known.values()), default=0)
    fresh = (str(number) for number in count(last + 1))
    return [[known.get(label) or next(fresh), label] for label in labels if label]


def _name_faults(row: ExtraElement, before: ExtraElement | None) -> list[Fault]:
    faults = []
    if not _NAME.fullmatch(row.name) or row.name.endswith(_TAKEN_ENDS):
        words = "标识由 x_ 开头，后面是小写字母、数字和下划线，最多 32 个，不能以 _code、_days、_unit 结尾。"
        faults.append(Fault("name", words))
    elif before is None and ExtraElement.objects.filter(name=row.name).exists():
        faults.append(Fault("name", f"标识“{row.name}”已经用过，停用的也不能再用。"))
    if not 0 < len(row.label) <= LONGEST_LABEL:
        return [*faults, Fault("label", f"名称应为 1 到 {LONGEST_LABEL} 个字。")]
    plain = normal(row.label)
    if normal_label(row.label) != plain or plain.endswith(")") or plain in _OTHER_LABELS:
        faults.append(Fault("label", "名称不要编号、星号、冒号和括号，也不能叫“序号”：表格靠名称认出要素。"))
    taken = element_of(row.label) or next(iter(cells_of(row.label)), "")
    others = ExtraElement.objects.exclude(name=row.name).values_list("label", flat=True)
    if (taken and taken != row.name) or plain in {normal(one) for one in others}:
        faults.append(Fault("label", f"已经有叫“{row.label}”的要素或者列表里的一栏，请换一个名称。"))
    return faults


def _faults(row: ExtraElement) -> list[Fault]:
    faults = []
    if row.kind not in ExtraKind:
        return [Fault("kind", "请选择类型。")]
    if row.filler not in {Filler.PROVINCE, Filler.HALL}:
        faults.append(Fault("filler", "请选择由省里还是由服务厅填写。"))
    if not row.item_types or not set(row.item_types) <= set(ALL_TYPES):
        faults.append(Fault("item_types", "请选择用于哪些类型的事项。"))
    if row.section not in Section:
        faults.append(Fault("section", "请选择放在哪一部分。"))
    if len(row.unit) > LONGEST_UNIT or (row.unit and row.kind != ExtraKind.NUMBER):
        faults.append(Fault("unit", f"只有数字有单位，最多 {LONGEST_UNIT} 个字。"))
    if len(row.help) > LONGEST_HELP:
        faults.append(Fault("help", f"填写说明最多 {LONGEST_HELP} 个字。"))
    return [*faults, *_option_faults(row)]


def _option_faults(row: ExtraElement) -> list[Fault]:
    labels = [label for _, label in row.options]
    if row.kind not in _OPTIONED:
        return [Fault("options", "这种类型没有选项。")] if labels else []
    if not 0 < len(labels) <= MOST_OPTIONS:
        return [Fault("options", f"请填写 1 到 {MOST_OPTIONS} 个选项，一行一个。")]
    if len({normal(label) for label in labels}) < len(labels):
        return [Fault("options", "有重复的选项。")]
    for label in labels:
        if len(label) > LONGEST_OPTION or label.isdigit() or _BETWEEN & set(label):
            words = f"选项“{label:.20}”：最多 {LONGEST_OPTION} 个字，不能只是数字，不能有顿号、逗号、分号和竖线。"
            return [Fault("options", words)]
    return []


def _take_condition(row: ExtraElement, name: str, value: str) -> list[Fault]:
    element = BY_NAME.get(name)
    if element is None or element.name == row.name or additions().has_ended(element.name):
        return [Fault("condition", "没有这个要素，不能作为条件。")]
    label = dict(values_of(element)).get(value)
    if label is None:
        return [Fault("condition", f"“{element.label}”没有这个取值。")]
    row.when_element, row.when_words = element.name, f"{element.label}为“{label}”时"
    row.when_value = value == "true" if element.kind is Kind.FLAG else value
    if row.filler == Filler.PROVINCE and element.by is Filler.HALL:
        return [Fault("condition", f"“{element.label}”由服务厅填写，省里填写的要素不能以它为条件。")]
    if not set(row.item_types) <= set(element.applies):
        return [Fault("condition", f"有的事项类型没有“{element.label}”这个要素，不能以它为条件。")]
    return []


def _day_faults(row: ExtraElement, before: ExtraElement | None) -> list[Fault]:
    faults = []
    if row.starts_on < timezone.localdate():
        faults.append(Fault("starts_on", "启用日期不能早于今天。"))
    if before and row.starts_on < before.starts_on:
        faults.append(Fault("starts_on", f"启用日期不能早于上一次的 {before.starts_on:%Y-%m-%d}。"))
    if row.needed_from and row.needed_from < row.starts_on:
        faults.append(Fault("needed_from", "必填日期不能早于启用日期。"))
    return faults
