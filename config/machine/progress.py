"""Which step a long command is at, how long each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from structlog.stdlib import BoundLogger


class Progress:
    """Prints a line for each step of a long command: while it works (on a terminal), and with its time when it is done.
    ``total``: how many steps there will be."""

    def __init__(self, *, total: int, to_stderr: bool = False) -> None:
        self._console = Console(stderr=to_stderr, highlight=False)
        self._total = total
        self._number = 0
        self._began_at = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long the command has run, in seconds."""
        return time.monotonic() - self._began_at

    def lengthen(self, steps: int) -> None:
        """Count on so many further steps, which were not known at first."""
        self._total += steps

    @contextmanager
    def step(self, label: str) -> Iterator["Step"]:
        """Tell of the step inside the ``with``: its label at the beginning, how long it took at the end."""
        self._number += 1
        head = f"[{self._number:>2}/{self._total}] {label}"
        began_at = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(_escaped(head)) as status:
                step = Step(lambda words: status.update(_escaped(f"{head} … {words}")))
                yield step
        else:
            self._console.print(f"{head}……", markup=False)
            step = Step(lambda _: None)
            yield step
        took = f"{time.monotonic() - began_at:.1f} 秒"
        note = f"（{step.note}）" if step.note else ""
        self._console.print(
            f"{head}{note} {took}" if self._console.is_terminal else f"        {note}{took}", markup=False
        )


class LoggedProgress(Progress):
    """Tells of each step by lines of the log, where nobody looks on."""

    def __init__(self, log: BoundLogger) -> None:
        super().__init__(total=0)
        self._log = log

    @contextmanager
    def step(self, label: str) -> Iterator["Step"]:
        self._log.info("step_begun", step=label)
        step, began_at = Step(lambda _: None), time.monotonic()
        yield step
        self._log.info("step_done", step=label, note=step.note, seconds=round(time.monotonic() - began_at, 1))


class Step:
    """The step at work: ``say`` how far it is; ``note`` is kept in the line that stays."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.note = ""

    def say(self, words: str) -> None:
        """Tell, on a terminal, how far the step is; the words are replaced by the next ones."""
        self._say(words)


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
