"""The texts in the project's own JavaScript: strings and template literals."""

import re
from functools import partial
from typing import Final

from tests.architecture.typography import markup
from tests.architecture.typography.text import Held, Passage, Tally

_FIELD: Final = r"\$\{(?:[^{}]|\{[^{}]*\})*\}"
_TOKEN: Final = re.compile(
    rf"""
      //[^\n]*|/\*.*?\*/
    | (?<=[=(,:\[!&|?{{}};\n])[ ]*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/   # a pattern
    | (?P<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|{_FIELD}|[^`\\])*`)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE: Final = re.compile(rf"(?P<field>{_FIELD})|\\.", re.DOTALL)
_FIGURE: Final = re.compile(r"(?:^|\.)(?:length|count|total|number)\}\Z")


def mend_source(source: str, tally: Tally) -> str:
    return _TOKEN.sub(lambda found: _mend_string(found[0], tally) if found["string"] else found[0], source)


def _mend_string(string: str, tally: Tally) -> str:
    passage = Passage()
    passage.hold(Held.UNSEEN, string[0])
    done, end = 1, len(string) - 1
    for found in _CODE.finditer(string, 1, end):
        passage.say(string[done : found.start()])
        if found["field"] and string[0] == "`":
            kind = Held.FIGURE if _FIGURE.search(found[0]) else Held.VALUE
            passage.hold(kind, f"${{{mend_source(found[0][2:-1], tally)}}}")
        else:
            passage.hold(Held.BREAK, found[0])
        done = found.end()
    passage.say(string[done:end])
    passage.hold(Held.UNSEEN, string[-1])
    return passage.mended(partial(markup.mend, is_data=True), tally)
