"""What is on the page of an item at this hall (办事指南)."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from foundation.design.inputs import FileLink
from province.catalogue.queries.extra_elements import as_defined_at
from province.catalogue.queries.guide import Guide, guide_of
from province.catalogue.queries.handling import ASKED, DO
from province.catalogue.queries.ledger import Ledger, ledger_of
from province.catalogue.queries.linked_facts import linked_facts_of
from province.catalogue.queries.made_forms import with_made_forms
from province.catalogue.queries.materials import file_links, with_materials
from standards.items import effective
from standards.items.codelists import ACTED
from standards.items.flowchart import Chart, chart_of
from standards.items.live import additions
from standards.items.power_rules import steps_of
from tenants.services.queries.choosing import Asked, GuideChoice, guide_choice
from tenants.services.queries.shown import ShownItem

type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GuideKey:
    """What the page of an item follows from: the same key, the same page. The two versions never change; all else that
    is said on the page and may change stands here beside them.

    ``definition``: as the elements are today; ``materials``: a digest of them, with what the shared ones bring along
    today; ``fitted``: one of what counts of the hall's guide, where it was written for another version of the item;
    ``query``: what was chosen on the page.
    """

    item_id: UUID
    item_type: str
    version_id: UUID
    hall_guide_id: UUID
    definition: Hashable
    materials: str
    fitted: str
    files: tuple[tuple[str, FileLink], ...]
    query: str


@dataclass(frozen=True, slots=True)
class GuideSource:
    """An item of which there is a guide, with what its page is made of."""

    key: GuideKey
    shown: ShownItem
    values: dict[str, Any] = field(repr=False)
    hall_values: Values = field(repr=False)
    asked: Asked = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuidePage:
    """The page of an item. ``facts`` are those of schema.org. ``ledger``: of a power of own motion, which has no guide
    to apply by."""

    guide: Guide
    ledger: Ledger | None
    chart: Chart | None
    facts: dict[str, Any]
    choice: GuideChoice


def guide_source(shown: ShownItem, *, asked: Asked) -> GuideSource:
    """What the page of an item is made of. ``asked``: what the reader has chosen there (names and values of the
    address). Two queries at most: the shared materials and the files that it names."""
    version, hall_guide, hall_values = shown.version, shown.hall_guide, shown.hall_values
    values = with_materials(version)
    chosen = {name: given for name, given in asked.items() if name == DO or name.startswith(ASKED)}
    key = GuideKey(
        item_id=version.item_id,
        item_type=version.item.item_type,
        version_id=version.pk,
        hall_guide_id=hall_guide.pk,
        definition=additions().mark,
        materials=_digest_of(values["materials"]) if version.material_ids else "",
        fitted="" if hall_values is hall_guide.values else _digest_of(hall_values),
        files=tuple(file_links(values, address=_address(version.item_id)).items()),
        query=guide_choice(effective(values, hall_values), chosen).query if chosen else "",
    )
    return GuideSource(key, shown, values, hall_values, chosen)


def guide_page(source: GuideSource, *, address: str) -> GuidePage:
    """Make the page; some ten milliseconds. ``address``: its own."""
    key, values, hall_values = source.key, source.values, source.hall_values
    choice = guide_choice(effective(values, hall_values), source.asked)
    counting = choice.chosen.situated.values
    offered, made = with_made_forms(counting, address=_address(key.item_id), query=choice.query)
    with as_defined_at(source.shown.version.created_at, source.shown.hall_guide.created_at):
        guide = guide_of(key.item_type, offered, files=dict(key.files) | made)
        ledger = ledger_of(key.item_type, counting) if key.item_type in ACTED else None
    return GuidePage(
        guide=guide,
        ledger=ledger,
        chart=chart_of(
            steps_of(counting),
            case_type=counting.get("case_type", ""),
            excluded_steps=counting.get("excluded_steps", ()),
            limits=counting,
            title=str(counting.get("name") or ""),
            item_type=key.item_type,
        ),
        facts=linked_facts_of(key.item_type, values, hall_values, address=address),
        choice=choice,
    )


def _digest_of(said: object) -> str:
    return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


def _address(item_id: UUID) -> str:
    return f"/services/{item_id}/"
