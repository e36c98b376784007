"""Whether long forms of tests run (``make soak``)."""

import os
from typing import Final

SOAK: Final = os.environ.get("YIZHAN_SOAK") == "1"
