"""What people give as a reason: for a return, a withdrawal, a suspension, a look at personal data."""

from typing import Final

from foundation.errors import Invalid
from foundation.texts import line_of, visible

LONGEST_REASON: Final = 500
# where readers of a site, or of a short list, see it
LONGEST_SHORT_REASON: Final = 200


def clean_reason(
    text: str,
    *,
    ask: str = "",
    field: str = "reason",
    least: int = 1,
    most: int = LONGEST_REASON,
    is_line: bool = False,
) -> str:
    """The text without characters that cannot be kept and without blanks around it; ``is_line``: as one line.

    ``ask``: a reason must be given, and these words say so. Raises Invalid, with a fault at ``field``, where it must be
    given and has fewer than ``least`` characters, and where it has more than ``most``.
    """
    cleaned = line_of(text) if is_line else visible(text).strip()
    if ask and len(cleaned) < least:
        raise Invalid.at(field, ask)
    if len(cleaned) > most:
        raise Invalid.at(field, f"填写过长：最多 {most} 个字，现在有 {len(cleaned)} 个。")
    return cleaned
