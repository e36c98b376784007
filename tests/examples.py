"""Examples that Hypothesis draws. A change is judged by those that everybody else draws as well: who has seen it pass
knows that it passes. A soak draws new ones, ten times as many."""

from collections.abc import Iterable
from typing import Any, Final

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

from tests.soak import SOAK

_TIMES: Final = 10


def choose_examples() -> None:
    """How fast the machine is at the moment is no matter of tests."""
    hypothesis.settings.register_profile("tests", deadline=None, derandomize=not SOAK)
    hypothesis.settings.load_profile("tests")
    if not SOAK:
        leave_our_constants_out()


def leave_our_constants_out() -> None:
    """Draw nothing from the program's own text. Hypothesis takes every twentieth value from the numbers and words in
    our modules that are loaded, and which are depends on the tests that ran before in the process."""
    none = providers.Constants()
    providers._get_local_constants = lambda: none  # noqa: SLF001 - nothing public leaves them out


def lengthen(items: Iterable[pytest.Item]) -> None:
    """For a soak: whatever draws examples and has no long form of its own has ten times as many, and is chosen by the
    mark."""
    tests: dict[int, Any] = {}
    for item in items:
        test = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        if hypothesis.is_hypothesis_test(test) and not item.get_closest_marker("soak"):
            item.add_marker("soak")
            # one test may be several items
            tests[id(test)] = test
    for test in tests.values():
        draw_more(test)


def draw_more(test: Any) -> None:
    """Hypothesis keeps a test's settings under this name; where it does no longer, this fails."""
    own = test._hypothesis_internal_use_settings  # noqa: SLF001 - nothing public changes the settings of a test
    longer = hypothesis.settings(own, max_examples=own.max_examples * _TIMES)
    test._hypothesis_internal_use_settings = longer  # noqa: SLF001 - likewise
