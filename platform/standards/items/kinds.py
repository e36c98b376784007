"""What can be said of an element: its value, who fills it, who needs it, where it goes."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from standards.items.codelists import ALL_TYPES, ItemType


class Filler(TextChoices):
    """Who fills in an element: the province, a hall, both within a ``Bound``, or the platform itself."""

    PROVINCE = "province", "省里统一"
    HALL = "hall", "本厅填写"
    BOTH = "both", "省里统一，本厅可在限度内改"
    PLATFORM = "platform", "平台生成"


class Bound(TextChoices):
    """How far a hall may go from what the province says of an element that both fill in. Where the province says
    nothing, the hall is free."""

    OWN = "own", "可改写"
    NO_MORE = "no-more", "不得超过省里规定"
    WITHIN = "within", "只能在省里规定的范围内选"
    MAY_ADD = "may-add", "可补充，不得删减"


class Kind(enum.Enum):
    """What a value is as plain data; in brackets its Python type."""

    LINE = "单行文字"  # str
    TEXT = "多行文字"  # str
    NUMBER = "整数"  # int
    FLAG = "是否"  # bool
    DAY = "日期"  # str, 2026-11-26
    LINK = "网址"  # str
    FILE = "文件"  # str, the id of a stored file
    CHOICE = "单选"  # str
    CHOICES = "多选"  # list[str]
    NAMES = "名称列表"  # list[str]
    ROWS = "列表"  # list[dict[str, Any]]


class Section(TextChoices):
    """The parts of an item's page, in the order in which people ask."""

    BASICS = "basics", "基本信息"
    DISCLOSURE = "disclosure", "公开内容"
    SCOPE = "scope", "针对谁、什么情况"
    DISCRETION = "discretion", "裁量基准"
    PROCEEDING = "proceeding", "按什么程序"
    DUTIES = "duties", "责任事项和追责情形"
    CONDITIONS = "conditions", "能不能办"
    MATERIALS = "materials", "要带什么"
    PLACE = "place", "到哪里办、什么时候"
    TIME = "time", "要多久"
    FEES = "fees", "要花多少钱"
    STEPS = "steps", "怎么办"
    RESULT = "result", "办成后拿到什么"
    REMEDY = "remedy", "办不成、不满意怎么办"
    QUESTIONS = "questions", "常见问题"
    GROUNDS = "grounds", "依据是什么"


class Table(TextChoices):
    """Tables of the national exchange in which 许可, 给付, 确认, 奖励, 裁决 and other powers are told; the value is the
    table's name there."""

    DIRECTORY = "up_task_directory", "基本目录"
    BASIC = "up_task_general_basic", "基本信息"
    EXTEND = "up_task_general_extend", "拓展信息"
    MATERIAL = "up_task_general_material", "申请材料"
    FEE = "up_task_general_fee_project", "收费项目"
    QUESTION = "up_task_general_questions", "常见问题"


# one row an entry of the list, not one an item
ROW_TABLES = frozenset({Table.MATERIAL, Table.FEE, Table.QUESTION})


@dataclass(frozen=True, slots=True)
class NationalColumn:
    """Where the national exchange keeps an element: a table and the name of a column there."""

    table: Table
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class When:
    """A condition under which an element is needed: another ``element`` has this ``value``, or holds it among others.
    ``words`` say the condition to people."""

    element: str
    value: Any
    words: str

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Say whether the condition holds for these values. A value of another type never does: 1 is not ``True``."""
        given = values.get(self.element)
        if isinstance(given, list):
            return self.value in given
        return type(given) is type(self.value) and bool(given == self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing that is said of an item, or one cell of a list (``cells``) of such things."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    by: Filler = Filler.PROVINCE
    bound: Bound | None = None
    # what a hall says alike for all items of a department, and fills in once (常用信息)
    is_hall_default: bool = False
    # item types that have it at all, and those that cannot do without it
    applies: frozenset[ItemType] = ALL_TYPES
    needed: frozenset[ItemType] = frozenset()
    when: When | None = None
    column: NationalColumn | None = None
    codes: type[TextChoices] | None = None
    # our code -> the national table's, where they differ
    national: Mapping[str, str] | None = None
    cells: "tuple[Element, ...]" = ()
    # LINE, TEXT: characters; NUMBER: the number; CHOICES, NAMES, ROWS: entries
    least: int = 0
    most: int = 0
    # NUMBER: the word after it (次), or the element beside it that holds this word
    unit: str = ""
    unit_in: str = ""
    section: Section | None = None
    # as a citizen would say it; empty: the label
    plain: str = ""
    # for who fills it in
    help: str = ""
    # stands in its section for who fills it in, and is not shown to citizens
    is_hidden: bool = False
    source: str = "国家交换库"

    @property
    def is_code(self) -> bool:
        """Say whether its value is a code: letters and digits, which are the same in full width and in half."""
        return self.kind is Kind.LINE and (self.name == "code" or self.name.endswith("_code"))

    @property
    def shown_as(self) -> str:
        """Its heading on an item's page; empty where citizens do not see it."""
        return (self.plain or self.label) if self.section and not self.is_hidden else ""

    def is_needed(self, item_type: str, values: Mapping[str, Any]) -> bool:
        """Say whether an item of this type, with these values, cannot do without the element."""
        return item_type in self.needed and (self.when is None or self.when.applies(values))
