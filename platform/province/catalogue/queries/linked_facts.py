"""An item for search engines, after schema.org (GovernmentService)."""

from collections.abc import Iterator, Mapping
from typing import Any

from standards.items import BY_NAME, effective
from standards.items.codelists import DISCLOSED, Channel
from standards.items.values import is_blank
from standards.items.words import as_spoken

type Values = Mapping[str, Any]


def linked_facts_of(
    item_type: str, values: Values, hall_values: Values | None = None, *, address: str = ""
) -> dict[str, Any]:
    """What the page's JSON-LD says; ``address`` is the page's own. Items of 政府信息公开 are a page, no service."""
    together = effective({"item_type": item_type, **values}, hall_values or {})
    bodies = (_text(together, name) for name in ("body_name", "disclosing_body", "department"))
    by_whom = {"@type": "GovernmentOrganization", "name": next(filter(None, bodies), "")}
    item = {"name": _text(together, "name"), "url": address}
    if item_type in DISCLOSED:
        return _whole({"@type": "WebPage", **item, "publisher": by_whom, "description": _text(together, "disclosed")})
    return _whole(
        {
            "@type": "GovernmentService",
            **item,
            "identifier": _text(together, "task_code") or _text(together, "basic_code"),
            "serviceType": as_spoken(BY_NAME["item_type"], item_type),
            "description": _text(together, "conditions"),
            "provider": by_whom,
            "audience": list(_audiences(together)),
            "availableChannel": [*_windows(together), *_online(together)],
            "serviceOutput": [{"@type": "Thing", "name": _text(row, "name")} for row in _rows(together, "results")],
            "offers": {"@type": "Offer", "price": 0, "priceCurrency": "CNY"}
            if together.get("has_fee") is False
            else {},
        }
    )


def _audiences(values: Values) -> Iterator[dict[str, str]]:
    element, codes = BY_NAME["audiences"], values.get("audiences")
    for code in codes if isinstance(codes, list) else []:
        yield {"@type": "Audience", "audienceType": as_spoken(element, [code])}


def _windows(values: Values) -> Iterator[dict[str, Any]]:
    for row in _rows(values, "windows"):
        yield {
            "@type": "ServiceChannel",
            "serviceLocation": {"@type": "Place", "name": _text(row, "window"), "address": _text(row, "address")},
            "servicePhone": {"@type": "ContactPoint", "telephone": _text(row, "phone")},
        }


def _online(values: Values) -> Iterator[dict[str, Any]]:
    if values.get("is_online") is not True:
        return
    for name, channel in (("online_link", Channel.COMPUTER), ("mobile_link", Channel.PHONE)):
        yield {"@type": "ServiceChannel", "name": str(channel.label), "serviceUrl": _text(values, name)}


def _rows(values: Values, name: str) -> list[Values]:
    rows = values.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _whole(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in ((name, _without_gaps(one)) for name, one in facts.items()) if not is_blank(one)}


def _without_gaps(value: Any) -> Any:
    """Without what is not known, and without things of which nothing but a type or a kind of way is known."""
    if isinstance(value, dict):
        kept = {
            name: one for name, one in ((name, _without_gaps(one)) for name, one in value.items()) if not is_blank(one)
        }
        says = kept.keys() - {"@type"} - ({"name"} if "serviceUrl" in value else set())
        return kept if says else {}
    return [one for one in map(_without_gaps, value) if one] if isinstance(value, list) else value
