"""Judges an expression by the names that are declared, and writes what zen gets.

zen refuses to compare or add what is empty. A form is empty where it begins, so what is written for zen asks first
whether a value is there: a comparison with an empty value is false, an empty number among the lines of a group counts
as 0, and any other sum with an empty value has no result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from standards.forms.expressions.grammar import (
    LOOPS,
    Call,
    Conditional,
    Infix,
    Listed,
    Literal,
    Name,
    Node,
    Prefix,
    parse,
)
from standards.forms.expressions.kinds import ExpressionFault, NamedValue, ValueKind
from standards.nearest import nearest

_K = ValueKind
# function -> what it is given, and what comes out
_FUNCTIONS: Final[Mapping[str, tuple[tuple[tuple[ValueKind, ...], ...], ValueKind]]] = {
    "abs": (((_K.NUMBER,),), _K.NUMBER),
    "floor": (((_K.NUMBER,),), _K.NUMBER),
    "ceil": (((_K.NUMBER,),), _K.NUMBER),
    "sum": (((_K.NUMBERS,),), _K.NUMBER),
    "min": (((_K.NUMBERS,),), _K.NUMBER),
    "max": (((_K.NUMBERS,),), _K.NUMBER),
    "avg": (((_K.NUMBERS,),), _K.NUMBER),
    "len": (((_K.TEXT, _K.TEXTS, _K.LINES, _K.NUMBERS),), _K.NUMBER),
    "contains": (((_K.TEXT, _K.TEXTS), (_K.TEXT,)), _K.YES_NO),
    "startsWith": (((_K.TEXT,), (_K.TEXT,)), _K.YES_NO),
    "endsWith": (((_K.TEXT,), (_K.TEXT,)), _K.YES_NO),
    "string": (((_K.NUMBER,),), _K.TEXT),
    "date": (((_K.DATE, _K.TEXT),), _K.NUMBER),
    "year": (((_K.DATE,),), _K.NUMBER),
    "monthOfYear": (((_K.DATE,),), _K.NUMBER),
    "dayOfMonth": (((_K.DATE,),), _K.NUMBER),
    "dayOfWeek": (((_K.DATE,),), _K.NUMBER),
}
# and those that are written apart
FUNCTIONS: Final = frozenset({*_FUNCTIONS, "round", *LOOPS})
TODAY: Final = "today"


@dataclass(frozen=True, slots=True)
class Checked:
    """``code`` is what zen gets; ``reads``: the names in it, as they were written; ``variables``: as zen knows them;
    ``loops``: how many it has."""

    kind: ValueKind
    code: str
    reads: frozenset[str]
    variables: tuple[str, ...]
    loops: int


def check_expression(
    text: str, names: Mapping[str, NamedValue], *, wanted: Sequence[ValueKind] = (), is_hinting: bool = True
) -> Checked:
    """Judge an expression over the declared names; ``wanted``: what may come out of it (empty: anything single);
    ``is_hinting``: whether a fault says which name may have been meant, which costs a look at all of them. Raises
    ExpressionFault."""
    checker = _Checker(names, is_hinting=is_hinting)
    typed = checker.visit(parse(text))
    right = wanted or (_K.NUMBER, _K.TEXT, _K.YES_NO, _K.DATE, _K.EMPTY)
    if typed.kind not in right:
        said = "、".join(one.label for one in right)
        message = f"表达式的结果是{typed.kind.label}，这里要的是{said}。"
        raise ExpressionFault(message)
    code = f"({typed.code} == true)" if wanted == (_K.YES_NO,) else typed.code
    variables = tuple(variable(name) for name in sorted(checker.reads))
    return Checked(typed.kind, code, frozenset(checker.reads), variables, checker.loops)


def variable(name: str) -> str:
    """The name under which zen knows a value: ``number.age`` is ``number__age``."""
    return name.replace(".", "__")


@dataclass(frozen=True, slots=True)
class _Typed:
    """``reads``: variables in it that may be empty, as zen knows them; ``codes``: see NamedValue."""

    kind: ValueKind
    code: str
    reads: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    literal: str | None = None
    label: str = ""


class _Checker:
    def __init__(self, names: Mapping[str, NamedValue], *, is_hinting: bool) -> None:
        self._names = names
        self._is_hinting = is_hinting
        self._cells: Mapping[str, NamedValue] | None = None
        self.reads: set[str] = set()
        self.loops = 0

    def visit(self, node: Node) -> _Typed:
        visitor: Callable[[Node], _Typed] = getattr(self, f"_{type(node).__name__.lower()}")
        return visitor(node)

    def _literal(self, node: Literal) -> _Typed:
        if node.kind == "text":
            return _Typed(_K.TEXT, node.text, literal=node.text[1:-1])
        if node.kind == "number":
            return _Typed(_K.NUMBER, node.text, literal=node.text)
        return _Typed(_K.EMPTY if node.kind == "null" else _K.YES_NO, node.text)

    def _name(self, node: Name) -> _Typed:
        if node.is_cell and self._cells is None:
            raise ExpressionFault("“#”只能写在 map、filter、some 这些逐行计算的函数里。")
        known = (self._cells or {}) if node.is_cell else self._names
        if not (found := known.get(node.name)):
            raise ExpressionFault(_unknown(node.name, known if self._is_hinting else {}))
        if node.is_cell:
            code = f"#.{node.name}"
        else:
            self.reads.add(node.name)
            code = variable(node.name)
        return _Typed(found.kind, code, (code,), found.codes, label=found.label)

    def _prefix(self, node: Prefix) -> _Typed:
        operand = self.visit(node.operand)
        if node.sign == "not":
            return _Typed(_K.YES_NO, f"(not {_truth(operand)})")
        _want(operand, _K.NUMBER, "负号后面")
        return _Typed(_K.NUMBER, f"(-{self._number(operand)})", operand.reads)

    def _infix(self, node: Infix) -> _Typed:  # noqa: PLR0911 - one a sign
        left, right = self.visit(node.left), self.visit(node.right)
        sign = node.sign
        if sign in {"and", "or"}:
            return _Typed(_K.YES_NO, f"({_truth(left)} {sign} {_truth(right)})")
        if sign == "??":
            kind = _same_kind(left, right, sign)
            return _Typed(kind, f"({left.code} ?? {right.code})", right.reads)
        if sign in {"==", "!="}:
            return _equality(sign, left, right)
        if sign in {"in", "not in"}:
            return _membership(sign, left, right)
        reads = (*left.reads, *right.reads)
        if sign in {"<", "<=", ">", ">="}:
            for side in (left, right):
                _want(side, _K.NUMBER, f"“{sign}”两边")
            return _guarded(f"({left.code} {sign} {right.code})", reads)
        if sign == "+" and left.kind == right.kind == _K.TEXT:
            return _Typed(_K.TEXT, f"({left.code} + {right.code})", reads)
        for side in (left, right):
            _want(side, _K.NUMBER, f"“{sign}”两边")
        return _Typed(_K.NUMBER, f"({self._number(left)} {sign} {self._number(right)})", reads)

    def _number(self, operand: _Typed) -> str:
        """Among lines, an empty cell counts as 0."""
        is_cell = operand.code.startswith("#.")
        return f"({operand.code} ?? 0)" if is_cell else operand.code

    def _conditional(self, node: Conditional) -> _Typed:
        condition, then, otherwise = (self.visit(one) for one in (node.condition, node.then, node.otherwise))
        kind = _same_kind(then, otherwise, "? :")
        code = f"({_truth(condition)} ? {then.code} : {otherwise.code})"
        return _Typed(kind, code, (*then.reads, *otherwise.reads))

    def _listed(self, node: Listed) -> _Typed:
        items = [self.visit(one) for one in node.items]
        if not items or len({one.kind for one in items}) > 1 or items[0].kind not in {_K.NUMBER, _K.TEXT}:
            raise ExpressionFault("方括号里要写几个数字或者几段文字，不能是空的，也不能混着写。")
        reads = tuple(name for one in items for name in one.reads)
        literals = frozenset(one.literal for one in items if one.literal is not None)
        kind = _K.NUMBERS if items[0].kind == _K.NUMBER else _K.TEXTS
        return _Typed(kind, f"[{', '.join(one.code for one in items)}]", reads, literals)

    def _call(self, node: Call) -> _Typed:
        if node.function in LOOPS:
            return self._loop(node)
        if node.function == "round":
            return self._round(node)
        if node.function not in _FUNCTIONS:
            near = nearest(node.function, FUNCTIONS, cutoff=0.5)
            hint = f"您要的是“{near}”吗？" if near else f"可用的有：{'、'.join(sorted(FUNCTIONS))}。"
            message = f"没有“{node.function[:40]}”这个函数。{hint}"
            raise ExpressionFault(message)
        wanted, out = _FUNCTIONS[node.function]
        if len(node.given) != len(wanted):
            message = f"函数 {node.function} 要 {len(wanted)} 个值，现在有 {len(node.given)} 个。"
            raise ExpressionFault(message)
        given = [self.visit(one) for one in node.given]
        for one, kinds in zip(given, wanted, strict=True):
            if one.kind not in kinds:
                message = f"函数 {node.function} 要{'、'.join(kind.label for kind in kinds)}，现在是{one.kind.label}。"
                raise ExpressionFault(message)
        if node.function == "date" and given[0].kind == _K.TEXT and not _is_day(given[0].literal):
            raise ExpressionFault('函数 date 要日期字段，或者写成 date("2026-01-31") 这样的日期。')
        code = f"{node.function}({', '.join(one.code for one in given)})"
        reads = tuple(name for one in given for name in one.reads)
        if node.function == "len" and given[0].kind == _K.TEXT:
            # zen's own length of a text is that of its bytes; split puts an empty text before and behind
            return _Typed(out, f'(len(split({given[0].code} ?? "", "")) - 2)')
        return _guarded(code, reads) if out == _K.YES_NO else _Typed(out, code, reads)

    def _round(self, node: Call) -> _Typed:
        digits = node.given[1] if len(node.given) > 1 else Literal("number", "0")
        if len(node.given) not in {1, 2} or not _is_digits(digits):
            raise ExpressionFault("函数 round 要一个数字和位数，位数是 0 到 6，例如 round(amount, 2) 这样。")
        number = self.visit(node.given[0])
        _want(number, _K.NUMBER, "函数 round 里")
        return _Typed(_K.NUMBER, f"round({self._number(number)}, {self.visit(digits).code})", number.reads)

    def _loop(self, node: Call) -> _Typed:
        if self._cells is not None:
            raise ExpressionFault("逐行计算里面不能再逐行计算：请先在明细里加一个计算字段。")
        if len(node.given) != 2 or not isinstance(node.given[0], Name) or node.given[0].is_cell:  # noqa: PLR2004
            message = f"函数 {node.function} 要明细和对每一行的算法，例如 filter(lines, #.amount > 0) 这样。"
            raise ExpressionFault(message)
        lines = self.visit(node.given[0])
        if lines.kind != _K.LINES:
            message = f"函数 {node.function} 只能用在明细上，“{lines.label}”是{lines.kind.label}。"
            raise ExpressionFault(message)
        self.loops += 1
        self._cells = self._names[node.given[0].name].cells
        asked = self.visit(node.given[1])
        self._cells = None
        return _loop_result(node.function, lines.code, asked)


def _is_digits(node: Node) -> bool:
    return isinstance(node, Literal) and node.text in set("0123456")


def _loop_result(function: str, lines: str, asked: _Typed) -> _Typed:
    reads = tuple(name for name in asked.reads if not name.startswith("#."))
    if function == "map":
        _want(asked, _K.NUMBER, "map 的每一行")
        code = f"({asked.code} ?? 0)" if asked.code.startswith("#.") else asked.code
        return _Typed(_K.NUMBERS, f"map({lines}, {code})", reads)
    _want(asked, _K.YES_NO, f"{function} 的每一行")
    out = {"filter": _K.LINES, "count": _K.NUMBER}.get(function, _K.YES_NO)
    return _Typed(out, f"{function}({lines}, {_truth(asked)})", reads)


def _truth(operand: _Typed) -> str:
    _want(operand, _K.YES_NO, "条件")
    return f"({operand.code} == true)"


def _want(operand: _Typed, kind: ValueKind, where: str) -> None:
    if operand.kind == kind:
        return
    advice = ""
    if operand.kind == _K.DATE and kind == _K.NUMBER:
        advice = f"日期要写成 date({operand.code}) 再比较；相减得到的是秒，除以 86400 是天数。"
    elif kind == _K.YES_NO:
        advice = "请写成一个判断，例如 amount > 0。"
    message = f"{where}要{kind.label}，现在是{operand.kind.label}。{advice}"
    raise ExpressionFault(message)


def _same_kind(left: _Typed, right: _Typed, sign: str) -> ValueKind:
    kinds = {left.kind, right.kind} - {_K.EMPTY}
    if len(kinds) > 1:
        message = f"“{sign}”两边要同一种值，现在是{left.kind.label}和{right.kind.label}。"
        raise ExpressionFault(message)
    return kinds.pop() if kinds else _K.EMPTY


def _equality(sign: str, left: _Typed, right: _Typed) -> _Typed:
    kind = _same_kind(left, right, sign)
    if kind in {_K.TEXTS, _K.NUMBERS, _K.LINES}:
        message = f"{kind.label}不能用“{sign}”比较：请用 contains、len 或 some。"
        raise ExpressionFault(message)
    for one, other in ((left, right), (right, left)):
        if one.codes and other.literal is not None and other.literal not in one.codes:
            raise ExpressionFault(_unknown_code(other.literal, one))
    plain = all(len(one.reads) == (one.code in one.reads) for one in (left, right))
    # what is worked out first fails on an empty value
    return _guarded(f"({left.code} {sign} {right.code})", () if plain else (*left.reads, *right.reads))


def _membership(sign: str, left: _Typed, right: _Typed) -> _Typed:
    listed = {_K.TEXT: _K.TEXTS, _K.NUMBER: _K.NUMBERS}.get(left.kind)
    if not listed or right.kind != listed:
        message = f"“{sign}”前面是数字或文字，后面是同一种值的列表，现在是{left.kind.label}和{right.kind.label}。"
        raise ExpressionFault(message)
    if left.codes and (strange := sorted(right.codes - left.codes)):
        raise ExpressionFault(_unknown_code(strange[0], left))
    return _guarded(f"({left.code} {sign} {right.code})", left.reads)


def _guarded(code: str, reads: Sequence[str]) -> _Typed:
    asked = [f"{name} != null" for name in dict.fromkeys(reads)]
    return _Typed(_K.YES_NO, f"({' and '.join([*asked, code])})")


def _unknown(name: str, known: Mapping[str, NamedValue]) -> str:
    near = nearest(name, known)
    hint = f"最接近的是“{near}”（{known[near].label}）。" if near else "请从字段列表里选。"
    return f"没有名称是“{name[:40]}”的字段。{hint}"


def _unknown_code(code: str, value: _Typed) -> str:
    near = nearest(code, value.codes)
    hint = f"最接近的是“{near}”。" if near else f"它的选项有：{'、'.join(sorted(value.codes)[:20])}。"
    return f"字段“{value.label}”没有代码是“{code[:40]}”的选项。{hint}"


def _is_day(text: str | None) -> bool:
    try:
        return len(text or "") == len("2026-01-31") and bool(date.fromisoformat(text or ""))
    except ValueError:
        return False
