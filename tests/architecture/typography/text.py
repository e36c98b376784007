"""Passages: the words of one text as people see them, without the code that stands between.

The reader of a kind of file adds words with :meth:`Passage.say` and everything else with :meth:`Passage.hold`: what is
held comes out as it went in, and stands among the words as one character that tells the rules what people see there.
"""

import re
from collections import Counter
from collections.abc import Callable
from enum import StrEnum


class Held(StrEnum):
    """What people see where code stands."""

    VALUE = "\ue000"  # a value that nobody knows before the program runs
    FIGURE = "\ue001"  # a value that is surely a figure
    UNSEEN = "\ue002"  # nothing: the end of a string that the next one carries on, a condition in a template
    CODE = "\ue003"  # a command or a name from a program
    BREAK = "\ue004"  # the end of a sentence or label

    # in a text that is HTML, see markup.py
    TAG = "\ue006"  # nothing: the tag of an element within a sentence
    BLOCK = "\ue007"  # the end of a sentence or label: the tag of a paragraph
    ELEMENT = "\ue008"  # an element of code


type Tally = Counter[str]
type Rules = Callable[[str, Tally], str]

_HELD = re.compile("[\ue000-\ue004]")


class Passage:
    """Collects the pieces of one text in their order."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._held: list[str] = []

    def say(self, text: str) -> None:
        self._shown.append(text)

    def hold(self, kind: Held, source: str) -> None:
        self._shown.append(kind)
        self._held.append(source)

    def mended(self, rules: Rules, tally: Tally) -> str:
        """The source with its words mended; the rules keep every held character, and their order."""
        held = iter(self._held)
        return _HELD.sub(lambda _: next(held), rules("".join(self._shown), tally))
