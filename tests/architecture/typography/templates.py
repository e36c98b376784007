"""The texts in Django's templates: words between tags, seen attributes, and what tags and filters are given to show."""

import re
from typing import Final

from tests.architecture.typography import markup, rules
from tests.architecture.typography.text import Held, Passage, Tally

_CODE: Final = re.compile(
    r"\{%\s*(?P<whole>comment|verbatim)\b.*?\{%\s*end(?P=whole)\s*%\}|\{#.*?#\}|\{%\s*(?P<tag>\w+).*?%\}|\{\{(?P<value>.*?)\}\}",
    re.DOTALL,
)
# the words of these arguments are a program's: codes of dates, choices split at commas
_ARGUMENT: Final = re.compile(r"""(?<!date:)(?<!time:)(?<!now )(?<!yesno:)(?<!pluralize:)(?<!cut:)(["'])([^"'<>]*)\1""")
_FIGURE: Final = re.compile(
    r"\|(?:thousands|length|floatformat|intcomma)\b[^|]*\Z|(?:^|[._])(?:count|total|number)\s*\Z"
)
_SHOWS_NOTHING: Final = frozenset(
    {
        *("if", "elif", "else", "endif", "for", "empty", "endfor", "ifchanged", "endifchanged"),
        *("with", "endwith", "spaceless", "endspaceless", "load", "csrf_token", "icon"),
    }
)
_ENDS: Final = frozenset(["block", "endblock", "extends", "partialdef", "endpartialdef", "partial", "include"])


def mend_source(source: str, tally: Tally) -> str:
    passage = Passage()
    done = 0
    for found in _CODE.finditer(source):
        passage.say(source[done : found.start()])
        passage.hold(_seen(found), _mend_arguments(found[0], tally) if found["tag"] or found["value"] else found[0])
        done = found.end()
    passage.say(source[done:])
    return passage.mended(markup.mend, tally)


def _seen(found: re.Match[str]) -> Held:
    if found["whole"]:
        return Held.BREAK
    if found["value"] is not None:
        return Held.FIGURE if _FIGURE.search(found["value"].strip()) else Held.VALUE
    if found["tag"] in _ENDS:
        return Held.BREAK
    return Held.VALUE if found["tag"] and found["tag"] not in _SHOWS_NOTHING else Held.UNSEEN


def _mend_arguments(code: str, tally: Tally) -> str:
    return _ARGUMENT.sub(lambda found: f"{found[1]}{rules.mend(found[2], tally)}{found[1]}", code)
