"""Texts that a spreadsheet would run as formulas: with an apostrophe before them in what goes out, without it in what
comes in."""

from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def disarmed(text: str) -> str:
    """With an apostrophe before it where a spreadsheet would run it; before one that has some already one more, so that
    ``armed`` gives every text back."""
    return f"'{text}" if _would_run(text) else text


def armed(cell: str) -> str:
    """The text of which ``disarmed`` has made the cell."""
    return cell[1:] if cell.startswith("'") and _would_run(cell) else cell


def _would_run(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA_STARTS)
