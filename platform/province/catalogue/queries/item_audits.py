"""体检: what the audit of the standards finds in the items of the catalogue, and in the files of the base list."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item
from province.catalogue.queries.desks import check_reader, items_in_sight, sees_draft
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import ENDED
from province.rights.actors import Actor
from standards.items.audit import Audited, AuditFinding, AuditKind, audit


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One finding with its item; ``item_id`` is empty where the item is only in a file."""

    item_id: str
    basic_code: str
    name: str
    department: str
    kind: str
    label: str
    where: str
    message: str
    is_hint: bool


def item_audit_of(by: Actor) -> list[AuditLine]:
    """What is found in the items in the actor's sight, as they are in force, else in their drafts where the actor sees
    those. Items that have ended are left out."""
    check_reader(by)
    items = Item.objects.filter(items_in_sight(by)).exclude(state__in=ENDED).select_related("department")
    valid = dict(items_valid_at(timezone.now()).values_list("item_id", "values"))
    read = []
    for item in items.order_by("department__name", "basic_code"):
        values = valid.get(item.pk) or (item.values if sees_draft(by, item) else None)
        if values:
            read.append(_audited(str(item.pk), item.department.name, item.item_type, values))
    return _lines(read)


def base_list_audit() -> list[AuditLine]:
    """What is found in the files of the base list, which need no database."""
    return _lines(_audited("", item.department, item.item_type, item.values) for item in read_base_list())


def counts_of(lines: Iterable[AuditLine]) -> list[tuple[AuditKind, int]]:
    """How often each kind is found, the gravest first; kinds that are not found are left out."""
    counts = Counter(line.kind for line in lines)
    return [(kind, counts[kind]) for kind in AuditKind if counts[kind]]


def _audited(item_id: str, department: str, item_type: str, values: Mapping[str, Any]) -> tuple[Audited, str, str]:
    code, name = str(values.get("basic_code", "")), str(values.get("name", ""))
    return Audited(item_id or f"{department}/{code}", name, item_type, values), item_id, department


def _lines(read: Iterable[tuple[Audited, str, str]]) -> list[AuditLine]:
    known = {audited.key: (audited, item_id, department) for audited, item_id, department in read}
    return [_line(found, *known[found.item.key][1:]) for found in audit(one[0] for one in known.values())]


def _line(found: AuditFinding, item_id: str, department: str) -> AuditLine:
    return AuditLine(
        item_id=item_id,
        basic_code=str(found.item.values.get("basic_code", "")),
        name=found.item.name,
        department=department,
        kind=found.kind.value,
        label=str(found.kind.label),
        where=found.where,
        message=found.message,
        is_hint=found.is_hint,
    )
