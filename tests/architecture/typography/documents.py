"""The texts in Markdown documents that are Chinese, and in YAML."""

import re
from functools import partial
from typing import Final

import yaml

from tests.architecture.typography import markup, rules
from tests.architecture.typography.text import Held, Passage, Tally

_MARKUP: Final = re.compile(
    r"""
      (?P<break>^[ ]*(?:[-*+]|\d+\.|\#+|>)[ ]+|[ ]*\|[ ]*|^\w+=.*$)   # a list, a heading, a cell, a line of facts
    | (?P<code>`[^`\n]+`)
    | (?P<unseen>\*\*|__|!?\[|\]\([^()\n]*\)|\]|<!--.*?-->)           # emphasis, the two ends of a link
    """,
    re.VERBOSE | re.MULTILINE,
)
_FENCE: Final = re.compile(r"^ *(?:```|~~~)")
_COMMENT: Final = re.compile(r"(?<= )# .*$")
_YAML_ESCAPE: Final = re.compile(r"\\.|\n\s*", re.DOTALL)


def mend_markdown(source: str, tally: Tally) -> str:
    if not _is_chinese_document(source):
        return source
    is_fenced = False
    made = []
    for line in source.split("\n"):
        if _FENCE.match(line):
            is_fenced = not is_fenced
            made.append(line)
        elif is_fenced or line.startswith("    "):
            made.append(_COMMENT.sub(lambda found: rules.mend(found[0], tally), line))
        else:
            made.append(_mend_line(line, tally))
    return "\n".join(made)


def _is_chinese_document(source: str) -> bool:
    return len(re.findall(f"[{rules.HAN}]", source)) > len(re.findall(r"[A-Za-z]{2,}", source))


def _mend_line(line: str, tally: Tally) -> str:
    passage = Passage()
    done = 0
    for found in _MARKUP.finditer(line):
        passage.say(line[done : found.start()])
        passage.hold(Held.BREAK if found["break"] else Held.CODE if found["code"] else Held.UNSEEN, found[0])
        done = found.end()
    passage.say(line[done:])
    return passage.mended(markup.mend, tally)


def mend_yaml(source: str, tally: Tally) -> str:
    made, done = [], 0
    for token in yaml.scan(source, yaml.SafeLoader):
        if not isinstance(token, yaml.ScalarToken):
            continue
        start, end = token.start_mark.index, token.end_mark.index
        made += [source[done:start], _mend_scalar(source[start:end], tally)]
        done = end
    return "".join(made) + source[done:]


def _mend_scalar(scalar: str, tally: Tally) -> str:
    passage = Passage()
    done = 0
    for found in _YAML_ESCAPE.finditer(scalar):
        passage.say(scalar[done : found.start()])
        passage.hold(Held.BREAK, found[0])
        done = found.end()
    passage.say(scalar[done:])
    return passage.mended(partial(markup.mend, is_data=True), tally)
