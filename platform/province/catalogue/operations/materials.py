"""Materials that many items share, and the files of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.files.store import Readable, store_file
from province.audit.operations import record_act
from province.catalogue.models import CatalogueFile, Material
from province.content.operations.generations import count_up_generation
from province.rights.actors import Actor
from province.rights.queries import require, require_work_at
from standards.items import BY_NAME, Kind
from standards.items.codelists import ItemType
from standards.items.values import Report, check_value, is_blank

FOLDER: Final = "catalogue"
ITEMS_OWN: Final = frozenset({"name", "need", "copies"})


def add_file(*, by: Actor, name: str, content: Readable) -> CatalogueFile:
    """Keep a blank form or a sample. A file with the content of one that is there gets that one's row.

    The object goes into the store before the row is written, and outside the transaction. Raises Invalid where the file
    is refused.
    """
    require_work_at(by, "catalogue.write")
    facts = store_file(folder=FOLDER, name=name, content=content)
    with transaction.atomic():
        file, is_new = CatalogueFile.objects.get_or_create(key=facts.key, defaults=asdict(facts))
        if is_new:
            record_act(by=by, act="catalogue.add_file", object_type="catalogue_file", object_id=file.pk)
    return file


@transaction.atomic
def change_material(
    *,
    by: Actor,
    material: Material,
    values: Mapping[str, Any],
    blank_form: CatalogueFile | None = None,
    filled_sample: CatalogueFile | None = None,
) -> Material:
    """Write what the material brings along, for all items that ask for it, at once on every hall's pages.

    Raises Invalid for values that are wrong.
    """
    require(by, "catalogue.publish")
    locked = Material.objects.select_for_update().get(pk=material.pk)
    plain = {name: value for name, value in values.items() if not is_blank(value)}
    _check_cells(plain)
    facts = {"values": plain, "blank_form": blank_form, "filled_sample": filled_sample}
    before = {name: getattr(locked, name) for name in facts}
    if before == facts:
        return locked
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(facts))
    changed = [name for name, value in facts.items() if before[name] != value]
    record_act(
        by=by,
        act="catalogue.change_material",
        object_type="material",
        object_id=locked.pk,
        changes={"elements": [None, changed]},
    )
    count_up_generation(settings.PROVINCE_CODE)
    return locked


def keep_materials(rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Find the shared materials that these rows of an item name, and create those that are missing; part of a
    submission."""
    names = list(dict.fromkeys(row["name"] for row in rows if row.get("name")))
    firsts = {row["name"]: row for row in reversed(rows) if row.get("name")}
    known = set(Material.objects.filter(name__in=names).values_list("name", flat=True))
    # sorted: of two submissions with the same new materials one waits for the other
    Material.objects.bulk_create(
        [Material(name=name, values=_shared_cells(firsts[name])) for name in sorted({*names} - known)],
        ignore_conflicts=True,
    )
    ids = dict(Material.objects.filter(name__in=names).values_list("name", "pk"))
    return [ids[name] for name in names]


def _shared_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {cell.name for cell in BY_NAME["materials"].cells if cell.kind is not Kind.FILE} - ITEMS_OWN
    return {name: value for name, value in row.items() if name in cells and not is_blank(value)}


def _check_cells(values: Mapping[str, Any]) -> None:
    cells = {cell.name: cell for cell in BY_NAME["materials"].cells}
    report = Report()
    for name, value in values.items():
        cell = cells.get(name)
        if cell is None or cell.kind is Kind.FILE or name in ITEMS_OWN:
            report.faults.append(Fault(name, f"材料没有“{name}”这一栏，或者应由各事项自己填写。"))
        else:
            words = f"「{cell.label}」"
            check_value(cell, value, item_type=ItemType.LICENCE, where=name, words=words, report=report)
    if report.faults:
        raise Invalid(report.faults[0].message, faults=report.faults)
