"""What the guide of a case lets be charged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from standards.fees import FeeRate, read_rates, waiver_rules
from standards.items.handling import rows_of
from tenants.casework.models import Case
from tenants.casework.queries.guides import guide_of_case


@dataclass(frozen=True, slots=True)
class ChargedRate:
    """One rate that can stand in an order. ``place``: among all of the guide, from 1 on."""

    place: int
    fee: str
    standard: str
    rate: FeeRate


@dataclass(frozen=True, slots=True)
class FeeList:
    """``unread``: (收费项目, 收费标准) of those whose amounts cannot be read, so that nothing is charged for them;
    ``rules``: who need not pay (允许减免说明), none unless every fee may be waived; ``is_paid_online``: what the guide
    says of it."""

    has_fee: bool
    rates: tuple[ChargedRate, ...]
    unread: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    is_paid_online: bool


def fee_list_of(values: Mapping[str, Any]) -> FeeList:
    """The fees of an item's or a handling item's values."""
    rows = rows_of(values, "fees") if values.get("has_fee") else []
    rates: list[ChargedRate] = []
    unread: list[tuple[str, str]] = []
    for row in rows:
        name, standard = str(row.get("name") or "收费"), str(row.get("standard") or "")
        found = read_rates(standard)
        if not found:
            unread.append((name, standard))
        rates += [ChargedRate(len(rates) + place, name, standard, one) for place, one in enumerate(found, start=1)]
    can_be_waived = bool(rows) and all(one.get("is_reducible") for one in rows)
    said = [rule for one in rows for rule in waiver_rules(str(one.get("reductions") or ""))] if can_be_waived else []
    return FeeList(
        has_fee=bool(values.get("has_fee")),
        rates=tuple(rates),
        unread=tuple(unread),
        rules=tuple(dict.fromkeys(said)),
        is_paid_online=bool(values.get("is_paid_online")),
    )


def fee_list_of_case(case: Case) -> FeeList:
    """By the guide under which the application was received, however it has changed since."""
    return fee_list_of(guide_of_case(case).values)
