"""What is on the page of an item at this hall (办事指南)."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from province.catalogue.models import ItemVersion
from province.catalogue.queries.extra_elements import as_defined_at
from province.catalogue.queries.guide import Guide, guide_of
from province.catalogue.queries.ledger import Ledger, ledger_of
from province.catalogue.queries.linked_facts import linked_facts_of
from province.catalogue.queries.made_forms import with_made_forms
from province.catalogue.queries.materials import file_links, with_materials
from standards.items import effective
from standards.items.codelists import ACTED
from standards.items.flowchart import Chart, chart_of
from standards.items.power_rules import steps_of
from tenants.services.models import HallGuideVersion
from tenants.services.queries.choosing import Asked, GuideChoice, guide_choice
from tenants.services.queries.shown import ShownItem


@dataclass(frozen=True, slots=True)
class GuidePage:
    """The page of an item. ``version`` and ``hall_guide`` are the ones that citizens are reading; ``facts`` are
    those of schema.org. ``ledger``: of a power of own motion, which has no guide to apply by."""

    guide: Guide
    ledger: Ledger | None
    chart: Chart | None
    version: ItemVersion
    hall_guide: HallGuideVersion
    facts: dict[str, Any]
    choice: GuideChoice
    # 曾用编码 of the item, and 实施编码 that this hall has had for it
    former_codes: tuple[str, ...] = ()


def guide_page(shown: ShownItem, *, address: str, asked: Asked) -> GuidePage:
    """The page of an item of which there is a guide. ``address``: its own; ``asked``: what the reader has chosen there
    (names and values of the address)."""
    version, hall_values = shown.version, shown.hall_values
    item_id = version.item_id
    item_type = version.item.item_type
    values = with_materials(version)
    files = file_links(values, address=f"/services/{item_id}/")
    choice = guide_choice(effective(values, hall_values), asked)
    counting = choice.chosen.situated.values
    offered, made = with_made_forms(counting, address=f"/services/{item_id}/", query=choice.query)
    with as_defined_at(version.created_at, shown.hall_guide.created_at):
        guide = guide_of(item_type, offered, files=files | made)
        ledger = ledger_of(item_type, counting) if item_type in ACTED else None
    return GuidePage(
        guide=guide,
        ledger=ledger,
        chart=_chart(_Drawn(version.pk, shown.hall_guide.pk, choice.query, item_type, counting)),
        choice=choice,
        version=version,
        hall_guide=shown.hall_guide,
        facts=linked_facts_of(item_type, values, hall_values, address=address),
        former_codes=(
            *version.former_codes,  # type: ignore[attr-defined]  # annotated
            *shown.hall_guide.adoption.former_task_codes,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    version_id: UUID
    hall_guide_id: UUID
    query: str
    item_type: str
    values: dict[str, Any] = field(compare=False)


# neither of the two ever changes; pages are made anew whenever anything of the hall or the province does
@lru_cache(maxsize=512)
def _chart(drawn: _Drawn) -> Chart | None:
    values = drawn.values
    return chart_of(
        steps_of(values),
        case_type=values.get("case_type", ""),
        excluded_steps=values.get("excluded_steps", ()),
        limits=values,
        title=str(values.get("name") or ""),
        item_type=drawn.item_type,
    )
