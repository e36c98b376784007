"""Numbers of documents (发文字号, GB/T 9704-2012 7.2.5): a rule with the year and a number in order."""

import re
from typing import Final

from foundation.errors import Invalid

YEAR: Final = "{year}"
ORDER: Final = "{seq}"
LONGEST_RULE: Final = 40
_PLACE: Final = re.compile(r"\{[^{}]*\}")

_YEARS: Final = re.compile(r"\d{4}", re.ASCII)
_ORDERS: Final = re.compile(r"[1-9]\d*", re.ASCII)


def checked_rule(rule: str) -> str:
    """The rule, as it is kept. Raises Invalid for one that could give two documents the same number, or that is no
    rule: ``{seq}`` once, ``{year}`` once at most, and not one right behind the other."""
    rule = "".join(rule.split())
    places = _PLACE.findall(rule)
    rest = _PLACE.sub("", rule)
    if not rest or len(rule) > LONGEST_RULE or not rule.isprintable() or "{" in rest or "}" in rest:
        raise Invalid.at("rule", f"请填写文号规则，最多 {LONGEST_RULE} 个字，例如：当政服受〔{YEAR}〕{ORDER}号。")
    if wrong := next((place for place in places if place not in {YEAR, ORDER}), ""):
        raise Invalid.at("rule", f"文号规则里只能写 {YEAR} 和 {ORDER}，不能写 {wrong}。")
    if places.count(ORDER) != 1 or places.count(YEAR) > 1:
        raise Invalid.at("rule", f"文号规则里要写一次 {ORDER}（顺序号），{YEAR}（年份）最多写一次。")
    if any(sign.isdigit() for sign in rest):
        raise Invalid.at("rule", "文号规则的文字里不能有数字，否则两份文书的文号可能相同。")
    if "}{" in rule:
        raise Invalid.at("rule", f"{YEAR} 和 {ORDER} 之间要有文字或括号，否则两份文书的文号可能相同。")
    return rule


def number_by(rule: str, *, year: int, order: int) -> str:
    """``当政服受〔2026〕7号``: the year in four digits, the order without zeros before it (GB/T 9704)."""
    return rule.replace(YEAR, f"{year:04}").replace(ORDER, str(order))


def read_number(rule: str, number: str) -> tuple[int, int] | None:
    """The year (0 where the rule names none) and the order of a number by this rule; None for another rule's."""
    years = [int(one) for one in _YEARS.findall(number)] if YEAR in rule else [0]
    for year in years:
        for order in map(int, _ORDERS.findall(number)):
            if number_by(rule, year=year, order=order) == number:
                return year, order
    return None


def counts_by_year(rule: str) -> bool:
    """Whether its numbers begin again with 1 each year."""
    return YEAR in rule
