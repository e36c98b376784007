"""大写金额: how amounts of money are written in words (正确填写票据和结算凭证的基本规定, 支付结算办法 annex 1)."""

from decimal import Decimal
from typing import Final

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")
# sixteen digits before the point, which four groups hold
LARGEST_IN_WORDS: Final = Decimal(10) ** 16


def amount_in_words(amount: Decimal) -> str:
    """1409.5 → 壹仟肆佰零玖元伍角; whole 分, at most sixteen digits before the point. Raises ValueError for others."""
    cents = abs(amount) * 100
    if not amount.is_finite() or abs(amount) >= LARGEST_IN_WORDS or cents != int(cents):
        message = f"{amount} is no amount of yuan, jiao and fen"
        raise ValueError(message)
    yuan, rest = divmod(int(cents), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        words = f"{words or '零元'}整"
    else:
        # a 零 keeps 分 from being read as 角
        words += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        words += f"{_DIGITS[fen]}分" if fen else ""
    return f"负{words}" if amount < 0 else words


def _whole(number: int) -> str:
    words, needs_zero = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if not group:
            needs_zero = bool(words)
            continue
        if words and (needs_zero or group < 1_000):  # noqa: PLR2004 - its thousands are empty
            words += "零"
        words += _group(group) + (_GROUPS[place])
        needs_zero = False
    return words


def _group(number: int) -> str:
    words, needs_zero = "", False
    for place in range(len(_PLACES) - 1, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            needs_zero = bool(words)
            continue
        words += ("零" if needs_zero else "") + _DIGITS[digit] + _PLACES[place]
        needs_zero = False
    return words
