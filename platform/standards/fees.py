"""What a standard of a fee (收费标准) says in amounts: 每本 120 元；加注每项 20 元.

The national exchange keeps a standard as text alone, so that text is read here, and nothing is guessed: where one
clause of it says anything else (an exception, a ceiling, another document), the whole has no rates. Amounts are whole
fen.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_AMOUNT: Final = r"\d{1,7}(?:\.\d{1,2})?"
_SPAN: Final = rf"(?P<least>{_AMOUNT})(?:元?(?:至|到|-|—|~)(?P<most>{_AMOUNT}))?元"
_LABEL: Final = r"(?P<label>[^\d元/每]{0,20})"
_UNIT: Final = r"(?P<unit>[一-鿿]{1,4})"
# 每本 120 元; 120 元/本, 120 元每本; 工本费 120 元
_CLAUSES: Final = (
    re.compile(rf"{_LABEL}每{_UNIT}{_SPAN}"),
    re.compile(rf"{_LABEL}{_SPAN}[/每]{_UNIT}"),
    re.compile(rf"{_LABEL}{_SPAN}"),
)
# says of whom or what nothing is charged, and so adds nothing
_FREE: Final = re.compile(r"[^\d元]{0,20}(?:不收|免收|免费|免征)[^\d元]{0,10}")
# says who of several pays, and so changes no amount
_PAYER: Final = re.compile(r"由[^\d元]{1,30}(?:缴纳|承担|支付)")
# what makes an amount depend on something that stands in no number
_DOUBTFUL: Final = re.compile(
    "超|增|减|以[上下内外]|不足|部分|起|另|最[高低]|[低高]于|至[少多]|封顶|按|约|左右|折|优惠|其中|标准|规定|比例|由.*(?:缴|付|承担)"
)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OTHERWISE: Final = "项"
_MOST_FEN: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FeeRate:
    """What one unit costs. ``label``: what of the fee it is for (加注), "" for the fee itself; ``most_fen`` is above
    ``least_fen`` where the standard leaves a range."""

    label: str
    unit: str
    least_fen: int
    most_fen: int

    @property
    def is_fixed(self) -> bool:
        return self.least_fen == self.most_fen


def read_rates(standard: str) -> tuple[FeeRate, ...]:
    """Return the rates that a standard says, in its order; none where any part of it says something else."""
    text = unicodedata.normalize("NFKC", standard)
    clauses = [re.sub(r"\s", "", one) for one in re.split(r"[;。\n]|,(?!\d{3}(?!\d))", text)]
    rates: list[FeeRate] = []
    for clause in filter(None, clauses):
        if _FREE.fullmatch(clause) or _PAYER.fullmatch(clause):
            continue
        rate = _rate(_THOUSANDS.sub("", clause))
        if rate is None or (rate.label, rate.unit) in {(one.label, one.unit) for one in rates}:
            return ()
        rates.append(rate)
    return tuple(rates)


def waiver_rules(reductions: str) -> tuple[str, ...]:
    """Return who need not pay, a rule each, as 允许减免说明 lists them."""
    return tuple(one for part in re.split(r"[;；。\n]", reductions) if (one := part.strip()))


def in_yuan(fen: int) -> str:
    """Write an amount as people read it: 120.00."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def read_yuan(text: str) -> int | None:
    """Return the fen of an amount in yuan that somebody has typed; None for what is no amount."""
    clean = unicodedata.normalize("NFKC", text).strip().removesuffix("元").strip().replace(",", "")
    return _fen(clean) if re.fullmatch(_AMOUNT, clean) else None


def _rate(clause: str) -> FeeRate | None:
    if _DOUBTFUL.search(clause):
        return None
    for pattern in _CLAUSES:
        if found := pattern.fullmatch(clause):
            said = found.groupdict()
            least = _fen(said["least"])
            most = _fen(said["most"]) if said["most"] else least
            label = said["label"].strip(":,")
            return FeeRate(label, said.get("unit") or _OTHERWISE, least, most) if 0 < least <= most else None
    return None


def _fen(amount: str) -> int:
    yuan, _, rest = amount.partition(".")
    return min(int(yuan) * 100 + int((rest or "0").ljust(2, "0")), _MOST_FEN)
