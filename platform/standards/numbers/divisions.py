"""区划代码: 12 digits after GB/T 2260 (6), GB/T 10114 (3 more) and the statistical bureau's villages (the last 3)."""

from typing import Final

from django.db.models import TextChoices

CODE_LENGTH: Final = 12


class DivisionLevel(TextChoices):
    """Levels of the code."""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"
    VILLAGE = "village", "村级"


# how many digits of a code are its own; the rest are zeros
PREFIX_LENGTH: dict[str, int] = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
_LEVELS: Final = tuple(PREFIX_LENGTH)

# they only group others (GB/T 2260); no government stands behind them
PSEUDO_NAMES: Final = frozenset(
    {
        *("市辖区", "县", "直辖县", "直辖县级", "直辖县级行政区划", "直辖县级行政单位", "省直辖县级行政单位"),
        *("省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "自治区直辖行政单位"),
    }
)


def level_of(code: str) -> str:
    """The level whose own digits the code fills; the rest are zeros."""
    return next(level for level in _LEVELS if not code[PREFIX_LENGTH[level] :].strip("0"))


def prefix_of_code(code: str) -> str:
    """The digits that the code shares with every code below it; what is longer than any code has none below it."""
    if len(code) > CODE_LENGTH:
        return code
    return code[: PREFIX_LENGTH[level_of(code)]]


def parent_of(code: str) -> str:
    """The code one level up. A township directly below a city has the city's."""
    place = _LEVELS.index(level_of(code))
    return code[: PREFIX_LENGTH[_LEVELS[place - 1]]].ljust(CODE_LENGTH, "0") if place else ""


def fault_of_code(code: str) -> str:
    """What is wrong with a code as it was written, in plain Chinese; "" where it is one."""
    if not (code.isascii() and code.isdigit()):
        return f"代码“{code[:20]}”含有数字以外的字符。" if code else "没有代码。"
    if len(code) != CODE_LENGTH:
        return f"代码 {code[:20]} 有 {len(code)} 位，应为 {CODE_LENGTH} 位。"
    return "代码不能以 00 开头。" if code.startswith("00") else ""
