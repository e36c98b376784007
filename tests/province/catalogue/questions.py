"""What citizens type, and the item of the base list that they mean: ``questions.yaml``, also measured by benchmarks."""

from pathlib import Path
from typing import Final

import yaml

QUESTIONS: Final[tuple[tuple[str, str], ...]] = tuple(
    (str(words), wanted)
    for wanted, asked in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_bytes()).items()
    for words in asked
)
