"""Conditions as people say them: some comparisons of a field with a value, all of which or one of which must hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

from standards.forms.expressions.grammar import Call, Conditional, Infix, Listed, Node, Prefix, parse
from standards.forms.expressions.grammar import Literal as LiteralNode
from standards.forms.expressions.grammar import Name as NameNode
from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind

MOST_COMPARISONS: Final = 20
_TODAY: Final = "today"
# what stands in single quotes; what stands in double ones is passed over
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'([^'\"]*)'")
# a comparison has a name and a value, and a sign and a function around each
_MOST_NAMED: Final = 2
_MOST_IN_ROW: Final = 8
_EMPTY: Final = (("empty", "没有填", "", "{name} == null"), ("filled", "已经填了", "", "{name} != null"))
# by kind of value: code, words, what it is compared with ("" with nothing), the expression
_OPERATORS: Final[Mapping[ValueKind, tuple[tuple[str, str, str, str], ...]]] = {
    ValueKind.TEXT: (
        ("is", "是", "text", "{name} == {value}"),
        ("is_not", "不是", "text", "{name} != {value}"),
        ("contains", "里有", "text", "contains({name}, {value})"),
        ("begins", "开头是", "text", "startsWith({name}, {value})"),
        *_EMPTY,
    ),
    ValueKind.NUMBER: (
        ("equal", "等于", "number", "{name} == {value}"),
        ("unequal", "不等于", "number", "{name} != {value}"),
        ("more", "大于", "number", "{name} > {value}"),
        ("least", "大于或等于", "number", "{name} >= {value}"),
        ("less", "小于", "number", "{name} < {value}"),
        ("most", "小于或等于", "number", "{name} <= {value}"),
        *_EMPTY,
    ),
    ValueKind.YES_NO: (("yes", "为“是”", "", "{name} == true"), ("no", "为“否”", "", "{name} == false"), *_EMPTY),
    ValueKind.DATE: (
        ("on", "是", "date", "date({name}) == date({value})"),
        ("before", "早于", "date", "date({name}) < date({value})"),
        ("after", "晚于", "date", "date({name}) > date({value})"),
        ("since", "不早于", "date", "date({name}) >= date({value})"),
        ("until", "不晚于", "date", "date({name}) <= date({value})"),
        *_EMPTY,
    ),
    ValueKind.TEXTS: (
        ("has", "选了", "text", "contains({name}, {value})"),
        ("has_not", "没有选", "text", "not contains({name}, {value})"),
        ("none", "一个也没有", "", "len({name}) == 0"),
        ("some", "至少有一个", "", "len({name}) > 0"),
    ),
    ValueKind.LINES: (
        ("lines_more", "的行数多于", "number", "len({name}) > {value}"),
        ("lines_less", "的行数少于", "number", "len({name}) < {value}"),
    ),
}
OPERATORS: Final[Mapping[str, Sequence[Mapping[str, str]]]] = {
    kind.value: [{"code": code, "label": label, "asks": asks} for code, label, asks, _ in operators]
    for kind, operators in _OPERATORS.items()
}


# what stands between the sides of what is no comparison of a field with a value
_SIGNS: Final[Mapping[str, str]] = {
    "and": "，并且",
    "or": "，或者",
    "==": "等于",
    "!=": "不等于",
    "<": "小于",
    "<=": "小于或等于",
    ">": "大于",
    ">=": "大于或等于",
    "in": "属于",
    "not in": "不属于",
    "+": "加",
    "-": "减",
    "*": "乘",
    "/": "除以",
    "%": "除以后的余数",
    "??": "没有时用",
}
_LITERALS: Final[Mapping[str, str]] = {"true": "是", "false": "否", "null": "空"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``value``: as typed; a day as ``2026-01-31``, or ``today``."""

    name: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """``joined``: whether all must hold (``and``) or one of them (``or``)."""

    joined: Literal["and", "or"]
    rows: tuple[Comparison, ...]


def written(comparisons: Comparisons, names: Mapping[str, NamedValue]) -> str:
    """The expression. Raises ExpressionFault for a field or a comparison that there is not, or an unfit value."""
    if len(comparisons.rows) > MOST_COMPARISONS:
        message = f"一个条件最多写 {MOST_COMPARISONS} 行。"
        raise ExpressionFault(message)
    return f" {comparisons.joined} ".join(_row_written(row, names) for row in comparisons.rows)


def understood(text: str, names: Mapping[str, NamedValue]) -> Comparisons | None:
    """The comparisons of which an expression consists; None where it is more than that, or nothing that is known."""
    tree = _parsed(text)
    if tree is None:
        return None
    joined: Literal["and", "or"] = "or" if isinstance(tree, Infix) and tree.sign == "or" else "and"
    rows = [_row_understood(node, names) for node in _joined_by(tree, joined)]
    found = tuple(row for row in rows if row)
    return Comparisons(joined, found) if len(found) == len(rows) <= MOST_COMPARISONS else None


def in_words(text: str, names: Mapping[str, NamedValue], choices: Mapping[str, Mapping[str, str]]) -> str:
    """A condition as people read it: “请假类型”是“病假”，并且“天数”大于 3; as it stands where it is no expression.
    ``choices``: of a name, how its codes are called."""
    tree = _parsed(text)
    return text if tree is None else _Saying(names, choices).of(tree)


@dataclass(frozen=True, slots=True)
class _Saying:
    names: Mapping[str, NamedValue]
    choices: Mapping[str, Mapping[str, str]]

    def of(self, node: Node) -> str:  # noqa: C901, PLR0911 - one a kind of node
        if row := _row_understood(node, self.names):
            return self._row(row)
        match node:
            case LiteralNode(kind="text", text=text):
                return f"“{text[1:-1]}”"
            case LiteralNode(text=text):
                return _LITERALS.get(text, text)
            case NameNode(name=name):
                return f"“{self.names[name].label if name in self.names else name}”"
            case Prefix(sign="not", operand=operand):
                return f"不是（{self.of(operand)}）"
            case Prefix(operand=operand):
                return f"负 {self.of(operand)}"
            case Infix(sign=sign, left=left, right=right):
                first, second = self._side(left, sign), self._side(right, sign)
                return f"{first}{_SIGNS[sign]}{' ' if second[0].isascii() else ''}{second}"
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                return f"如果{self.of(condition)}就是{self.of(then)}，否则是{self.of(otherwise)}"
            case Listed(items=items):
                return "、".join(map(self.of, items))
            case Call(function=function, given=given):
                return f"{function}（{'，'.join(map(self.of, given))}）"

    def _side(self, node: Node, sign: str) -> str:
        said = self.of(node)
        is_mixed = isinstance(node, Infix) and node.sign != sign and _row_understood(node, self.names) is None
        return f"（{said}）" if is_mixed else said

    def _row(self, row: Comparison) -> str:
        named = self.names[row.name]
        _, label, asks, _ = next(one for one in _OPERATORS[named.kind] if one[0] == row.operator)
        if not asks:
            return f"“{named.label}”{label}"
        value = "今天" if row.value == _TODAY else self.choices.get(row.name, {}).get(row.value, row.value)
        return f"“{named.label}”{label} {value}" if asks == "number" else f"“{named.label}”{label}“{value}”"


def _parsed(text: str) -> Node | None:
    """With texts in double quotes, as ``written`` has them; None for what is no expression."""
    try:
        return parse(_QUOTED.sub(lambda found: f'"{found[1]}"' if found[1] is not None else found[0], text))
    except ExpressionFault:
        return None


def _row_written(row: Comparison, names: Mapping[str, NamedValue]) -> str:
    if row.name not in names:
        raise ExpressionFault("条件里有一行还没有选字段。")
    label = names[row.name].label
    found = next((one for one in _OPERATORS.get(names[row.name].kind, ()) if one[0] == row.operator), None)
    if not found:
        message = f"“{label}”后面还没有选怎样比较。"
        raise ExpressionFault(message)
    _, _, asks, template = found
    if asks and not row.value.strip():
        message = f"“{label}”后面还没有写比较的内容。"
        raise ExpressionFault(message)
    return template.format(name=row.name, value=_value_written(label, asks, row.value.strip()))


def _value_written(label: str, asks: str, value: str) -> str:
    if asks == "number":
        try:
            shown = f"{float(value):.6f}".rstrip("0").rstrip(".")
        except ValueError:
            message = f"“{label}”要和数字比较，“{value[:20]}”不是数字。"
            raise ExpressionFault(message) from None
        return shown
    if asks == "date" and value == _TODAY:
        return _TODAY
    if any(one in value for one in '"\\\n'):
        message = f"和“{label}”比较的内容里不能有英文双引号、反斜线和换行。"
        raise ExpressionFault(message)
    return f'"{value}"'


def _joined_by(node: Node, sign: str) -> Iterator[Node]:
    # without recursion on the left, where chains grow
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Infix) and one.sign == sign:
            waiting += [one.right, one.left]
        else:
            yield one


def _row_understood(node: Node, names: Mapping[str, NamedValue]) -> Comparison | None:
    """Each comparison is written again with the field and the values that stand in the node: is it the same tree?"""
    if isinstance(node, Infix) and node.sign in {"and", "or"}:
        return None
    found = [one for one in islice(_within(node), _MOST_IN_ROW + 1) if isinstance(one, NameNode | LiteralNode)]
    if len(found) > _MOST_NAMED:
        return None
    called = [one.name for one in found if isinstance(one, NameNode) and not one.is_cell and one.name != _TODAY]
    values = ["", *(one.text.strip("\"'") if isinstance(one, LiteralNode) else one.name for one in found)]
    name = called[0] if called else _TODAY
    if name not in names:
        return None
    for operator, _, asks, _ in _OPERATORS.get(names[name].kind, ()):
        for value in values if asks else values[:1]:
            row = Comparison(name, operator, value)
            try:
                if parse(_row_written(row, names)) == node:
                    return row
            except ExpressionFault:
                continue
    return None


def _within(node: Any) -> Iterator[Node]:
    yield node
    for part in ("left", "right", "operand", "condition", "then", "otherwise"):
        if hasattr(node, part):
            yield from _within(getattr(node, part))
    for one in (*getattr(node, "items", ()), *getattr(node, "given", ())):
        yield from _within(one)
