"""What citizens type, and the item of the base list that they mean; also measured by benchmarks.

``QUESTIONS`` must all be found; the words of ``DEVELOPMENT`` are tuned to; nothing is ever tuned to ``HELD_OUT``.
"""

from pathlib import Path
from typing import Final

import yaml

type Questions = tuple[tuple[str, str], ...]

_MEASURED: Final = Path(__file__).parents[3] / "benchmarks" / "data"


def _read(path: Path) -> Questions:
    return tuple(
        (str(words), wanted)
        for section in yaml.safe_load_all(path.read_bytes())
        for wanted, asked in section.items()
        for words in asked
    )


QUESTIONS: Final = _read(Path(__file__).with_suffix(".yaml"))
DEVELOPMENT: Final = _read(_MEASURED / "development-questions.yaml")
HELD_OUT: Final = _read(_MEASURED / "held-out-questions.yaml")
