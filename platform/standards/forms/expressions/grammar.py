"""An expression's text as a tree. Raises ExpressionFault for what is no part of the language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from standards.forms.expressions.kinds import ExpressionFault

LONGEST: Final = 500
# zen's own parser recurses: a tree this deep and large can exhaust nothing
DEEPEST: Final = 20
MOST_NODES: Final = 200
LOOPS: Final = frozenset({"map", "filter", "some", "all", "none", "one", "count"})
KEYWORDS: Final = frozenset({"and", "or", "not", "in", "true", "false", "null"})

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d{1,15}(?:\.\d{1,6})?(?![\w.]))|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>==|!=|<=|>=|\?\?|&&|\|\||[-+*/%<>!?:.,()\[\]#]))",
    re.ASCII,
)
_BINDING: Final = {
    "??": 2,
    "or": 3,
    "and": 4,
    "==": 5,
    "!=": 5,
    "in": 5,
    "not in": 5,
    "<": 6,
    "<=": 6,
    ">": 6,
    ">=": 6,
    "+": 7,
    "-": 7,
    "*": 8,
    "/": 8,
    "%": 8,
}
_PREFIX: Final = 9


@dataclass(frozen=True, slots=True)
class Literal:
    """``kind``: number, text, true, false or null; ``text`` as it was written."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A declared value; ``cell``: one of the line that a loop has in hand (``#.amount``)."""

    name: str
    is_cell: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    sign: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Infix:
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Listed:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with what it is given; of a loop, the lines and what is asked of each."""

    function: str
    given: tuple["Node", ...]


Node = Literal | Name | Prefix | Infix | Conditional | Listed | Call


def parse(text: str) -> Node:
    """The tree of an expression. Raises ExpressionFault."""
    if len(text) > LONGEST:
        message = f"表达式有 {len(text)} 个字符，最多 {LONGEST} 个：请拆成几个计算字段。"
        raise ExpressionFault(message)
    return _Parser(tuple(_tokens(text))).whole()


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The expression with other names for fields and for cells of lines (``#.amount``): old → new. What follows from a
    value (``number.age``) keeps its own. Raises ExpressionFault for what is no part of the language."""
    written, before, at = [], ("", ""), 0
    for token, start, end in _placed(text):
        kind, word = token
        is_member = kind == "name" and before[1] == "." and before[0] != "#"
        written.append(text[at:start])
        written.append(names.get(word, word) if kind == "name" and not is_member else text[start:end])
        before, at = (before[1], word), end
    return "".join(written) + text[at:]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for (kind, written), _, _ in _placed(text):
        yield kind, {"&&": "and", "||": "or"}.get(written, written) if kind == "sign" else written


def _placed(text: str) -> Iterator[tuple[tuple[str, str], int, int]]:
    """Each token as it was written, and where it begins and ends."""
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            strange = text[at:].lstrip()[0]
            message = f"表达式里不能写“{strange}”：文字要放在英文引号里，符号用英文半角，字段写它的名称。"
            raise ExpressionFault(message)
        kind = str(found.lastgroup)
        yield (kind, found[kind]), found.start(kind), found.end(kind)
        at = found.end()


class _Parser:
    """Reads tokens by the binding of their signs; counts depth and nodes."""

    def __init__(self, tokens: tuple[tuple[str, str], ...]) -> None:
        self._tokens = (*tokens, ("end", ""))
        self._at = 0
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        if len(self._tokens) == 1:
            raise ExpressionFault("表达式是空的。")
        node = self._expression(0)
        if self._kind != "end":
            message = f"表达式在“{self._written}”处读不下去：前面少了运算符号，或者括号不成对。"
            raise ExpressionFault(message)
        return node

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def _written(self) -> str:
        return self._tokens[self._at][1]

    def _next(self) -> str:
        written = self._written
        self._at += 1
        return written

    def _takes(self, sign: str) -> bool:
        if self._kind in {"sign", "name"} and self._written == sign:
            self._at += 1
            return True
        return False

    def _wants(self, sign: str) -> None:
        if not self._takes(sign):
            here = f"“{self._written}”前" if self._written else "末尾"
            message = f"表达式{here}少了“{sign}”。"
            raise ExpressionFault(message)

    def _expression(self, binding: int) -> Node:
        self._depth += 1
        self._nodes += 1
        if self._depth > DEEPEST or self._nodes > MOST_NODES:
            raise ExpressionFault("表达式太复杂：请拆成几个计算字段。")
        node = self._operand()
        while (sign := self._infix()) and _BINDING[sign] > binding:
            self._at += 2 if sign == "not in" else 1
            node = Infix(sign, node, self._expression(_BINDING[sign]))
        if binding <= 1 and self._takes("?"):
            then = self._expression(1)
            self._wants(":")
            node = Conditional(node, then, self._expression(1))
        self._depth -= 1
        return node

    def _infix(self) -> str:
        if self._kind not in {"sign", "name"}:
            return ""
        if self._written == "not":
            return "not in" if self._tokens[self._at + 1][1] == "in" else ""
        return self._written if self._written in _BINDING else ""

    def _operand(self) -> Node:
        kind, written = self._kind, self._next()
        if kind in {"number", "text"}:
            return Literal(kind, written)
        if kind == "name":
            return self._named(written)
        if written in {"-", "!"}:
            return Prefix("not" if written == "!" else "-", self._expression(_PREFIX))
        if written == "(":
            node = self._expression(0)
            self._wants(")")
            return node
        if written == "[":
            return Listed(self._until("]"))
        if written == "#":
            self._wants(".")
            return Name(self._name(), is_cell=True)
        said = f"“{written}”的位置不对" if written else "没有写完"
        message = f"表达式里{said}：这里应当是字段、数字或文字。"
        raise ExpressionFault(message)

    def _named(self, written: str) -> Node:
        if written in {"true", "false", "null"}:
            return Literal(written, written)
        if written == "not":
            return Prefix("not", self._expression(_PREFIX - 4))
        if written in KEYWORDS:
            message = f"表达式里“{written}”的位置不对。"
            raise ExpressionFault(message)
        if self._takes("("):
            return Call(written, self._until(")"))
        return Name(f"{written}.{self._name()}" if self._takes(".") else written)

    def _name(self) -> str:
        if self._kind != "name" or self._written in KEYWORDS:
            raise ExpressionFault("表达式里点号后面应当是字段的名称。")
        return self._next()

    def _until(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._takes(end):
            if found:
                self._wants(",")
            found.append(self._expression(0))
        return tuple(found)
