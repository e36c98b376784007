"""体检: what the audit of the standards finds in the items of the catalogue, and in the files of the base list."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import HallItem, Item, ItemVersion
from province.catalogue.queries.desks import check_reader, items_in_sight, sees_draft
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import ENDED, AdoptionState, VersionState
from province.rights.actors import Actor
from standards.items.audit import Audited, AuditFinding, AuditKind, audit, bases_of

_CODES: Final = re.compile(r"\d{12}")


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
    # the address of the page on which it is mended; empty with ``item_id``
    mend: str = ""


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
    return _lines(read, _unlike_in_halls({one[0].key: one[0] for one in read}))


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


def _lines(read: Iterable[tuple[Audited, str, str]], more: Sequence[AuditFinding] = ()) -> list[AuditLine]:
    known = {audited.key: (audited, item_id, department) for audited, item_id, department in read}
    by_code = {str(one[0].values.get("basic_code", "")): one[1] for one in known.values()}
    findings = [*more, *audit(one[0] for one in known.values())]
    return [_line(found, *known[found.item.key][1:], by_code) for found in findings]


def _unlike_in_halls(read: Mapping[str, Audited]) -> list[AuditFinding]:
    """四级四同 while halls still have time for a new version: another name or legal basis stands at those that have
    accepted it than at those that have not. Of code and type there is none: halls are given no time for them. Three
    queries; only items of which such a time is running are looked at."""
    now = timezone.now()
    running = ItemVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=now), state=VersionState.PUBLISHED, valid_from__lte=now, required_from__gt=now
    )
    newest = {one.item_id: one for one in running.filter(item__in=list(read)).only("item_id", "number")}
    reports = HallItem.objects.filter(item__in=newest, state=AdoptionState.PUBLISHED)
    counts = reports.values_list("item_id", "version_number").annotate(halls=Count("pk")).order_by("item_id")
    behind = {(item, number): halls for item, number, halls in counts if number < newest[item].number}
    numbers = {number for _, number in behind}
    rows = ItemVersion.objects.filter(item__in={item for item, _ in behind}, number__in=numbers)
    found: list[AuditFinding] = []
    for version in rows.only("item_id", "number", "name", "values"):
        if halls := behind.get((version.item_id, version.number)):
            own = read[str(version.item_id)]
            found += _unlike_version(own, version, halls)
    return found


def _unlike_version(own: Audited, version: ItemVersion, halls: int) -> Iterator[AuditFinding]:
    before = Audited(own.key, version.name, own.item_type, version.values)
    till = f"还有 {halls} 个服务厅按旧版（第 {version.number} 次报送）显示"
    if before.name != own.name:
        words = f"{till}，名称是“{before.name}”，新版是“{own.name}”。四级四同：请催办接受新版。"
        yield AuditFinding(own, AuditKind.UNLIKE_NAME, "name", words)
    if bases_of(before) != bases_of(own):
        words = f"{till}，设定依据与新版不同。四级四同：请催办接受新版。"
        yield AuditFinding(own, AuditKind.UNLIKE_BASIS, "laws.halls", words)


def _mend(found: AuditFinding, item_id: str, by_code: Mapping[str, str]) -> str:
    """Namesakes with codes of their own are merged; halls that are behind are looked up; else the draft is changed."""
    if not item_id:
        return ""
    if found.kind is AuditKind.UNLIKE_NAME or found.where == "laws.halls":
        return f"{reverse('console-item', args=[item_id])}?tab=uses"
    if found.kind is AuditKind.UNLIKE_CODE:
        own = str(found.item.values.get("basic_code", ""))
        codes = [one for one in _CODES.findall(found.message) if one != own and one in by_code]
        query = urlencode({"kind": "merger", "codes": "\n".join(codes)})
        return f"{reverse('console-item-succession', args=[item_id])}?{query}"
    return reverse("console-item-edit", args=[item_id])


def _line(found: AuditFinding, item_id: str, department: str, by_code: Mapping[str, str]) -> AuditLine:
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
        mend=_mend(found, item_id, by_code),
    )
