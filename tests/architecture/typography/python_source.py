"""The texts in Python's source: string literals, those side by side as one text."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tests.architecture.typography import markup, rules
from tests.architecture.typography.text import Held, Passage, Rules, Tally

# {name} of str.format, %s and %(name)s, and escapes: \n ends a line, the others show one character that is no word
_CODE: Final = re.compile(
    r"(?P<nothing>\\[\n'\"\\]|\{\{|\}\})"
    r"|(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|.))"
    r"|(?P<value>\{[\w.\[\]]*(?:![rsa])?(?::(?P<spec>[^{}]*))?\}|%(?:\(\w+\))?-?[a-zA-Z])",
    re.DOTALL,
)
_FIGURE_SPEC: Final = re.compile(r"(?:[0-9]*[,_]?(?:\.[0-9]+)?[dfn%]|,|%[HdmMS].*%[HdmMS])\Z", re.ASCII)
# what a group begins with: (?:, (?=, (?!, (?<=, (?<!, (?P<name>
_GROUP: Final = r"\(\?(?:P?<\w+>|<?[=!]|:)"
_FIGURE_NAME: Final = re.compile(r"(?:\blen\(.*\)|(?:^|[._])(?:count|number|total))\Z", re.DOTALL)


@dataclass(slots=True)
class _Piece:
    """Words of a literal, or a field of an f-string: ``{expression:spec}``, with the literals in its expression."""

    start: int
    end: int
    is_field: bool = False
    is_figure: bool = False
    texts: list[list["_Literal"]] = field(default_factory=list)


@dataclass(slots=True)
class _Literal:
    start: int
    end: int
    prefix: str
    pieces: list[_Piece]


def mend_source(source: str, tally: Tally, *, is_test: bool = False) -> str:
    return _Source(source, tally, is_test=is_test).mended()


class _Source:
    def __init__(self, source: str, tally: Tally, *, is_test: bool) -> None:
        self.source = source
        self.tally = tally
        self.is_test = is_test
        self.starts = [0]
        for line in source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        self.place = 0
        self.left_alone, self.patterns = self._told_by_the_tree()

    def mended(self) -> str:
        return self._mended_between(0, len(self.source), list(self._texts(until=None)))

    def _mended_between(self, start: int, end: int, texts: list[list[_Literal]]) -> str:
        made = []
        for text in texts:
            made += [self.source[start : text[0].start], self._mended_text(text)]
            start = text[-1].end
        return "".join(made) + self.source[start:end]

    def _mended_text(self, text: list[_Literal]) -> str:
        start, end = text[0].start, text[-1].end
        source = self.source[start:end]
        is_raw = any("r" in one.prefix for one in text)
        is_pattern = start in self.patterns or (is_raw and self.is_test)
        if (
            start in self.left_alone
            or any("b" in one.prefix for one in text)
            or (is_raw and not is_pattern)
            or _is_table(source)
            or source.lstrip("rRfF\"'").startswith("=")  # a formula of a workbook
        ):
            return self._with_fields_mended(text)
        passage = Passage()
        done = start
        for literal in text:
            for piece in literal.pieces:
                if piece.start > done:
                    passage.hold(Held.UNSEEN, self.source[done : piece.start])
                done = piece.end
                words = self.source[piece.start : piece.end]
                if piece.is_field:
                    kind = Held.FIGURE if piece.is_figure else Held.VALUE
                    passage.hold(kind, self._mended_between(piece.start, piece.end, piece.texts))
                elif is_pattern:
                    _say_pattern(passage, words, is_raw=is_raw)
                else:
                    _say(passage, words)
        if done < end:
            passage.hold(Held.UNSEEN, self.source[done:end])
        if is_pattern:
            return passage.mended(_RAW_PATTERN if is_raw else _PLAIN_PATTERN, self.tally)
        return passage.mended(partial(markup.mend, is_data=True), self.tally)

    def _with_fields_mended(self, text: list[_Literal]) -> str:
        inside = [one for literal in text for piece in literal.pieces for one in piece.texts]
        return self._mended_between(text[0].start, text[-1].end, inside)

    # reading the tokens

    def _offset(self, position: tuple[int, int]) -> int:
        return self.starts[position[0] - 1] + position[1]

    def _texts(self, *, until: int | None) -> Iterator[list[_Literal]]:
        """Every run of literals up to the closing of the field (``until`` its depth), or to the end."""
        run: list[_Literal] = []
        depth = 0
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token.type in (tokenize.STRING, tokenize.FSTRING_START):
                run.append(self._literal())
                continue
            if token.type not in (tokenize.NL, tokenize.COMMENT) and run:
                yield run
                run = []
            if until is not None and token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                if depth == 0:
                    return
                if token.string == ":" and depth == 1 and self.spec is None:
                    self.spec = self._offset(token.start)
            self.place += 1
        if run:
            yield run

    spec: int | None = None

    def _literal(self) -> _Literal:
        token = self.tokens[self.place]
        start = self._offset(token.start)
        if token.type == tokenize.STRING:
            self.place += 1
            quoted = re.match(r"(\w*)('''|\"\"\"|'|\")", token.string)
            assert quoted is not None
            end = self._offset(token.end)
            words = _Piece(start + quoted.end(), end - len(quoted[2]))
            return _Literal(start, end, quoted[1].lower(), [words])
        pieces = []
        done = self._offset(token.end)
        self.place += 1
        while True:
            one = self.tokens[self.place]
            if one.type == tokenize.FSTRING_END:
                end = self._offset(one.start)
                pieces.append(_Piece(done, end))
                self.place += 1
                return _Literal(start, self._offset(one.end), token.string.rstrip("'\"").lower(), pieces)
            if one.type == tokenize.OP and one.string == "{":
                found = self._field()
                pieces += [_Piece(done, found.start), found]
                done = found.end
            else:
                self.place += 1

    def _field(self) -> _Piece:
        outer, self.spec = self.spec, None
        start = self._offset(self.tokens[self.place].start)
        texts = list(self._texts(until=0))
        end = self._offset(self.tokens[self.place].end)
        self.place += 1
        named, spec = self.source[start + 1 : self.spec or end - 1], self.source[(self.spec or end - 2) + 1 : end - 1]
        self.spec = outer
        is_figure = bool(_FIGURE_SPEC.match(spec)) if spec else bool(_FIGURE_NAME.search(named.strip()))
        return _Piece(start, end, is_field=True, is_figure=is_figure, texts=texts)

    def _told_by_the_tree(self) -> tuple[set[int], set[int]]:
        """Where literals start that are left alone (English docstrings, patterns), and patterns that a test awaits."""
        lines = [line.encode() for line in self.source.split("\n")]

        def starts(node: ast.AST) -> set[int]:
            return {
                self.starts[one.lineno - 1] + len(lines[one.lineno - 1][: one.col_offset].decode())
                for one in ast.walk(node)
                if isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
            }

        left_alone: set[int] = set()
        patterns: set[int] = set()
        for node in ast.walk(ast.parse(self.source)):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                if "。" not in node.value.value:
                    left_alone |= starts(node)
            elif isinstance(node, ast.Call) and _is_of_re(node.func):
                for argument in node.args[:1]:
                    (patterns if self.is_test else left_alone).update(starts(argument))
            elif isinstance(node, ast.keyword) and node.arg == "match":
                patterns |= starts(node.value)
        return left_alone, patterns


def _is_of_re(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "re"


def _is_table(source: str) -> bool:
    """Lines of equally many cells, as a program reads them: 区划代码,名称."""
    lines = [line for line in re.split(r"\\r|\\n|\n", source.strip("\"'rbf")) if line]
    commas = {line.count(",") for line in lines}
    is_prose = re.search("[。，；：？！“”]", source)
    return not is_prose and ("\\ufeff" in source or len(lines) > 1) and len(commas) == 1 and commas != {0}


def _say(passage: Passage, text: str) -> None:
    done = 0
    for found in _CODE.finditer(text):
        passage.say(text[done : found.start()])
        kind = Held.UNSEEN if found["nothing"] else Held.BREAK if found["escape"] else Held.VALUE
        passage.hold(Held.FIGURE if found["spec"] and _FIGURE_SPEC.match(found["spec"]) else kind, found[0])
        done = found.end()
    passage.say(text[done:])


def _say_pattern(passage: Passage, text: str, *, is_raw: bool) -> None:
    r"""In a pattern, \( is a bracket that people see; a bare one, and the head of a group, is the pattern's own."""
    backslash = "\\" if is_raw else "\\\\"
    escape = re.escape(backslash)
    for piece in re.split(rf"({escape}.|{_GROUP}|\[[^\]]*\]|[()?*+.{{}}^$|\\])", text):
        if piece in {backslash + one for one in "()?"}:
            passage.say(piece[-1])
        elif re.match(r"[\[()?*+.{}^$|\\]", piece):
            passage.hold(Held.VALUE, piece)
        else:
            passage.say(piece)


def _pattern_rules(backslash: str) -> Rules:
    def mend(text: str, tally: Tally) -> str:
        return re.sub(r"[()?]", lambda found: backslash + found[0], rules.mend(text, tally, is_data=True))

    return mend


_RAW_PATTERN: Final = _pattern_rules("\\")
_PLAIN_PATTERN: Final = _pattern_rules("\\\\")
