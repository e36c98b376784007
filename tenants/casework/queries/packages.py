"""一件事 packages at this hall: which it can take as a whole, of what they are made here, and who does the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from foundation.errors import DomainError
from province.cases.models import CaseOffer
from province.cases.queries.referrals import offers_above, offers_online_above, takers_above
from province.catalogue.models import PackageVersion
from province.catalogue.queries.packages import ids_of_items, package_lines, shown_packages
from province.halls.models import Hall
from province.halls.queries.sites import SiteLine, sites_above_by_id
from standards.items import BY_NAME
from standards.items.packages import ChosenItems, PackageDefinition, PackageItem
from standards.items.words import as_spoken
from tenants.casework.models import CaseSetup
from tenants.casework.queries.guides import CaseGuide, GuideMaterial, guide_to_apply_by
from tenants.casework.states import SetupState

type Answers = Mapping[str, tuple[str, ...]]

# before the code of a question in addresses and forms, as guides have it
QUESTION: Final = "q"


@dataclass(frozen=True, slots=True)
class PackagePart:
    """An item of a package as this hall has it. ``setup`` and ``guide``: None where citizens cannot apply for it here
    online; then ``elsewhere`` is the nearest hall above that takes it, None where none does. ``offer``: of the hall
    above to which it is sent from here, None where it is not."""

    item: PackageItem
    item_id: UUID | None
    name: str
    setup: CaseSetup | None
    guide: CaseGuide | None
    elsewhere: SiteLine | None = None
    offer: CaseOffer | None = None

    @property
    def can_be_applied_for(self) -> bool:
        """Whether it can be asked for in the one form of this hall."""
        return self.setup is not None or self.offer is not None

    @property
    def promised(self) -> str:
        """How long it takes, in words."""
        if self.guide is None:
            return str(self._told["promised"]) if self.offer else ""
        return _promised(self.guide)

    @property
    def materials(self) -> tuple[GuideMaterial, ...]:
        """What its guide asks for."""
        if self.guide is None:
            return tuple(GuideMaterial(**row) for row in self._told["materials"]) if self.offer else ()
        return tuple(self.guide.materials)

    @property
    def _told(self) -> Mapping[str, Any]:
        """As ``told_elsewhere`` has written it."""
        told: Mapping[str, Any] = self.offer.guide or {"promised": "", "materials": []} if self.offer else {}
        return told


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """A material that is brought once. ``needed_by``: the names of the items that ask for it; ``is_needed``: by one of
    them; ``can_come_later``: all of them let it be promised by a day."""

    name: str
    note: str
    needed_by: tuple[str, ...]
    is_needed: bool
    can_come_later: bool


@dataclass(frozen=True, slots=True)
class PackageGuide:
    """A package as its page shows it after some answers. ``is_whole``: all that was chosen can be applied for here,
    some of it perhaps for halls above; ``whole_at``: otherwise the one hall above that takes all of it, None where
    there is none."""

    version: PackageVersion
    definition: PackageDefinition
    answers: Answers
    chosen: ChosenItems
    parts: tuple[PackagePart, ...]
    materials: tuple[MergedMaterial, ...]
    whole_at: SiteLine | None

    @property
    def is_whole(self) -> bool:
        return _is_whole(self.parts)

    @property
    def waits(self) -> list[tuple[str, str]]:
        """(item, the items that have to be granted before it)."""
        names = {one.item.code: one.name for one in self.parts}
        return [
            (one.name, "、".join(f"“{names[code]}”" for code in one.item.after)) for one in self.parts if one.item.after
        ]


@dataclass(frozen=True, slots=True)
class PackageHere:
    """A package in a list. ``is_whole``: it can be applied for here, otherwise halls above take the rest."""

    version: PackageVersion
    is_whole: bool


def packages_here(hall: Hall) -> list[PackageHere]:
    """Those of which each item can be applied for here, or at a hall above: one query where there are none, else
    four."""
    versions = shown_packages()
    items = {one.pk: PackageDefinition(one.values).items for one in versions}
    ids = ids_of_items([one for found in items.values() for one in found]) if versions else {}
    if not ids:
        return []
    here = set(_open_online(ids.values()).values_list("item_id", "handling_code"))
    offers = list(offers_above(hall).filter(item_id__in=set(ids.values())))
    above = {(one.item_id, one.handling_code) for one in offers}
    sent_there = {(one.item_id, one.handling_code) for one in offers if one.form is not None and one.guide is not None}
    found = []
    for version in versions:
        wanted = {(ids.get(one.code), one.handling_code) for one in items[version.pk]}
        if wanted <= here | above:
            found.append(PackageHere(version, bool(wanted & here) and wanted <= here | sent_there))
    return found


def package_guide(hall: Hall, version: PackageVersion, asked: Mapping[str, Sequence[str]]) -> PackageGuide:
    """``asked``: what an address says, by ``q`` and the code of a question."""
    definition = PackageDefinition(version.values)
    given = {name.removeprefix(QUESTION): codes for name, codes in asked.items() if name.startswith(QUESTION)}
    answers = definition.known(given)
    chosen = definition.chosen(answers)
    parts = tuple(parts_here(hall, version, chosen.items))
    return PackageGuide(
        version=version,
        definition=definition,
        answers=answers,
        chosen=chosen,
        parts=parts,
        materials=tuple(merged_materials(parts)),
        whole_at=None if _is_whole(parts) else _whole_at(hall, parts),
    )


def parts_here(hall: Hall, version: PackageVersion, items: Sequence[PackageItem]) -> list[PackagePart]:
    """These items of a package as the hall has them: some queries for each, and no more for what it shows itself."""
    lines = {line.item.code: line for line in package_lines(version.values)}
    ids = [line.item_id for line in lines.values() if line.item_id]
    setups = {(one.item_id, one.handling_code): one for one in _open_online(ids)}
    sites: dict[UUID, SiteLine] | None = None
    offers: dict[tuple[UUID, str], CaseOffer] | None = None
    found = []
    for one in items:
        line = lines[one.code]
        setup = setups.get((line.item_id, one.handling_code)) if line.item_id else None
        guide = _guide(setup)
        if setup is None or guide is None:
            sites = sites_above_by_id(hall) if sites is None else sites
            takers = takers_above(hall, line.item_id, one.handling_code) if line.item_id else []
            site = next((sites[taker.pk] for taker in takers if taker.pk in sites), None)
            offers = _offers(hall, ids) if offers is None else offers
            offer = offers.get((line.item_id, one.handling_code)) if line.item_id else None
            # with the hall that it is sent to, where it can be
            site = sites.get(offer.hall_id, site) if offer else site
            found.append(PackagePart(one, line.item_id, line.name or one.code, None, None, site, offer))
        else:
            found.append(PackagePart(one, line.item_id, guide.name, setup, guide))
    return found


def merged_materials(parts: Sequence[PackagePart]) -> list[MergedMaterial]:
    """What is brought for all of them, each once."""
    asked: dict[str, list[tuple[PackagePart, GuideMaterial]]] = {}
    keys = material_keys(parts)
    for part, material in _brought(parts):
        asked.setdefault(keys[part.item.code, material.place], []).append((part, material))
    return [
        MergedMaterial(
            name=found[0][1].name,
            note=next((one.note for _, one in found if one.note), ""),
            needed_by=tuple(part.name for part, _ in found),
            is_needed=any(one.is_needed for _, one in found),
            can_come_later=all(one.can_come_later for _, one in found),
        )
        for found in asked.values()
    ]


def material_keys(parts: Iterable[PackagePart]) -> dict[tuple[str, int], str]:
    """(code of the item, place in its guide) → what the material is: by the code of its licence, otherwise by its name,
    as the catalogue knows shared materials (``catalogue.Material``)."""
    return {
        (part.item.code, one.place): f"code {one.code}" if one.code else f"name {one.name}"
        for part in parts
        for one in part.materials
    }


def told_elsewhere(guide: CaseGuide) -> Mapping[str, Any]:
    """Of this hall's guide what halls below show where its item is applied for there with others: plain JSON."""
    return {"promised": _promised(guide), "materials": [asdict(one) for one in guide.materials]}


def _brought(parts: Iterable[PackagePart]) -> Iterator[tuple[PackagePart, GuideMaterial]]:
    for part in parts:
        for one in part.materials:
            if not one.is_exempt:
                yield part, one


def _open_online(item_ids: Iterable[Any]) -> Any:
    return CaseSetup.objects.filter(item_id__in=set(item_ids), state=SetupState.OPEN, is_online=True)


def _guide(setup: CaseSetup | None) -> CaseGuide | None:
    """None where citizens find no guide of it any more, or it lacks something."""
    if setup is None:
        return None
    try:
        guide = guide_to_apply_by(setup.item_id, setup.handling_code)
    except DomainError:
        return None
    return None if guide.lacks else guide


def _is_whole(parts: Sequence[PackagePart]) -> bool:
    """A hall sends on to others only what is applied for with something of its own."""
    return all(one.can_be_applied_for for one in parts) and any(one.setup for one in parts)


def _offers(hall: Hall, item_ids: Collection[UUID]) -> dict[tuple[UUID, str], CaseOffer]:
    """Item and handling item → the offer of the nearest hall above."""
    found: dict[tuple[UUID, str], CaseOffer] = {}
    for one in offers_online_above(hall, item_ids):
        found.setdefault((one.item_id, one.handling_code), one)
    return found


def _promised(guide: CaseGuide) -> str:
    return as_spoken(BY_NAME["promised_days"], guide.values.get("promised_days"), guide.values)


def _whole_at(hall: Hall, parts: Sequence[PackagePart]) -> SiteLine | None:
    takers: list[set[UUID]] = [
        {one.pk for one in takers_above(hall, part.item_id, part.item.handling_code)} if part.item_id else set()
        for part in parts
    ]
    together = set.intersection(*takers) if takers else set()
    return next((site for pk, site in sites_above_by_id(hall).items() if pk in together), None)
