"""Files of items: what an import would change, said before anything is imported; and how far it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import Fault, NotAllowed, NotFound
from province.catalogue.models import Department, ImportLine, Item, ItemImport
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.codes import bearers_of_merged_codes, items_by_code, succession_words
from province.catalogue.queries.differences import difference
from province.catalogue.queries.drafts import drafted
from province.catalogue.queries.import_lines import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_PLACE,
    ImportFigures,
    figures_of,
    lines_shown,
    removals_among,
)
from province.catalogue.states import ImportState, ItemLife, LineKind, LineState
from province.rights.actors import Actor
from province.rights.queries import may, require_anywhere
from standards.items.codelists import FAMILY_OF, ItemType
from standards.items.codes import type_under
from standards.items.exchange import ExchangeItem, Reading, ReadItem, merged

# a file that nobody has carried on for so long was left by a killed worker
ABANDONED_AFTER: Final = timedelta(seconds=30)
_AT_ONCE: Final = 500


def importer(by: Actor) -> UUID:
    """The person whose import it is; it goes on with what they may do then. Raises NotAllowed for anybody who writes
    no items at all."""
    require_anywhere(by, "catalogue.write")
    if by.id is None:
        raise NotAllowed("导入要以本人的账号办理。")
    return by.id


def imports_of(by: Actor) -> QuerySet[ItemImport]:
    """The actor's own imports, the latest first."""
    return ItemImport.objects.filter(by_id=importer(by)).order_by("-created_at")


def import_of(by: Actor, import_id: UUID) -> ItemImport:
    """The import. Raises NotFound, also for somebody else's."""
    found = imports_of(by).filter(pk=import_id).first()
    if found is None:
        raise NotFound("没有找到这次导入。上传的文件保留 30 天。")
    return found


def import_figures(upload: ItemImport) -> ImportFigures:
    return figures_of(upload.lines.all())


def import_lines(upload: ItemImport, show: str = "") -> QuerySet[ImportLine]:
    """The import's lines, as ``lines_shown`` takes ``show``."""
    return lines_shown(upload.lines.all(), show)


def import_faults(upload: ItemImport) -> Iterator[tuple[str, str, str, str]]:
    """Place, code, name and what is wrong, for all that is not imported; what belongs to no item comes first."""
    yield from ((where, "", "", message) for where, message in upload.faults)
    faulty = upload.lines.filter(Q(kind=LineKind.FAULTY) | Q(state=LineState.REFUSED)).defer("values", "changes")
    for line in faulty.order_by("position").iterator(chunk_size=_AT_ONCE):
        for _, message in line.faults:
            yield line.place, line.basic_code, line.name, message
        if line.refusal:
            yield line.place, line.basic_code, line.name, line.refusal


def abandoned_imports() -> list[UUID]:
    """Imports that nobody carries on."""
    before = timezone.now() - ABANDONED_AFTER
    at_work = ItemImport.objects.filter(state__in=[ImportState.READING, ImportState.IMPORTING], progress_at__lt=before)
    return list(at_work.order_by("progress_at").values_list("pk", flat=True)[:100])


def import_preview(by: Actor, reading: Reading) -> Iterator[ImportLine]:
    """A line for every item of the file, not yet saved: what an import would do with it now.

    Items are matched by their basic code; one without a code, by name and department where only one has that name.
    """
    departments = dict(Department.objects.values_list("name", "unit_id"))
    position = 0
    for some in batched(reading.items, _AT_ONCE, strict=False):
        known = _known(some)
        merged_codes = bearers_of_merged_codes([read.item.code for read in some if read.item.code])
        for read in some:
            position += 1
            bearer = merged_codes.get(read.item.code, "")
            yield _line(by, read, known.get(_key(read.item)), departments, position, bearer=bearer)


def _key(item: ExchangeItem) -> tuple[str, ...]:
    return (item.code,) if item.code else (item.name, str(item.values.get("department") or ""))


def _known(reads: Sequence[ReadItem]) -> dict[tuple[str, ...], Item]:
    rows = Item.objects.select_related("department")
    codes = [read.item.code for read in reads if read.item.code]
    found: dict[tuple[str, ...], Item] = {(code,): item for code, item in items_by_code(codes).items()}
    keys = {_key(read.item) for read in reads if not read.item.code and read.item.name}
    named = [((one.name, one.department.name), one) for one in rows.filter(name__in=[name for name, _ in keys])]
    counts = Counter(key for key, _ in named)
    return found | {key: item for key, item in named if key in keys and counts[key] == 1}


def _line(
    by: Actor,
    read: ReadItem,
    item: Item | None,
    departments: Mapping[str, UUID | None],
    position: int,
    *,
    bearer: str = "",
) -> ImportLine:
    before = ExchangeItem(item.drafted_type, item.values) if item else None
    told_code = read.item.code
    read, understood = _under_own_code(read, item)
    whole = merged(read, before)
    values = drafted(whole.values)
    line = ImportLine(
        position=position,
        place=read.place[:LONGEST_PLACE],
        basic_code=str(values.get("basic_code", ""))[:LONGEST_CODE],
        name=str(values.get("name", ""))[:LONGEST_NAME],
        item_type=whole.item_type if whole.item_type in ItemType else "",
        kind=LineKind.FAULTY,
    )
    refusal = _refusal(by, item, values, departments)
    if item and bearer and not refusal:
        refusal = (
            f"基本编码 {told_code} 原属“{bearer}”，已并入“{item.name}”（{item.basic_code}），没有导入。"
            "请改用现用的编码，并核对内容。"
        )
    if refusal:
        line.refusal = refusal
        return line
    if faults := read.faults or _faults(read, item, values, departments):
        line.faults = [[fault.where, fault.message] for fault in faults]
        return line
    line = _judged(line, item, values)
    line.changes += understood
    return line


def _under_own_code(read: ReadItem, item: Item | None) -> tuple[ReadItem, list[str]]:
    """The item as the file tells it, under the code that the draft has: a file from before may name it by an older one,
    which is no wish to have that again. With what to say of it."""
    if item is None:
        return read, []
    code, own = read.item.code, str(item.values.get("basic_code") or item.basic_code)
    if code == own:
        return read, []
    values = {**read.item.values, "basic_code": own}
    item_type = read.item.item_type if read.item.item_type != _type_in(code) else ""
    told = replace(read, item=replace(read.item, item_type=item_type or item.drafted_type, values=values))
    words = f"文件里的基本编码 {code} 是曾用编码，现为 {own}，已按“{item.name}”办理。"
    return told, [words] if code else []


def _type_in(code: str) -> str:
    return type_under("", "", code)


def _refusal(by: Actor, item: Item | None, values: Mapping[str, Any], departments: Mapping[str, UUID | None]) -> str:
    """Why this person may not import it at all: said first, and the same whether or not they see the other's item."""
    if item and not may(by, "catalogue.write", unit_id=item.department.unit_id):
        return f"基本编码 {item.basic_code} 的事项不由您的部门编写，没有导入。"
    if item and item.state == ItemLife.ABOLISHED:
        return "这个事项已废止。如是误操作，请先恢复。"
    if item and item.state == ItemLife.SUCCEEDED:
        return succession_words(item)
    name = values.get("department")
    if name in departments and not may(by, "catalogue.write", unit_id=departments[str(name)]):
        return f"您不能编写“{name}”的事项，没有导入。"
    return ""


def _faults(
    read: ReadItem, item: Item | None, values: Mapping[str, Any], departments: Mapping[str, UUID | None]
) -> list[Fault]:
    """What the file alone does not show: together with the draft something is wrong, or an item lacks what a new one
    needs."""
    if item and read.item.item_type not in {"", item.drafted_type}:
        label = ItemType(item.drafted_type).label
        return [Fault("item_type", f"{read.place}「事项类型」不能改，目录中是“{label}”。")]
    if not item:
        needed = {"basic_code": "「基本编码」", "name": "「事项名称」", "department": "「主管部门」"}
        if lacking := [label for name, label in needed.items() if name not in values]:
            return [Fault("", f"{read.place}缺少{'、'.join(lacking)}：新事项必须填写。")]
    if (name := values.get("department")) and name not in departments:
        return [Fault("department", f"{read.place}没有“{name!s:.40}”这个主管部门。")]
    if item is None:
        return []
    findings = check_item(family=item.drafted_family, item_type=item.drafted_type, values=values)
    return [Fault(fault.where, f"{read.place}{fault.message}") for fault in findings.province.faults]


def _judged(line: ImportLine, item: Item | None, values: dict[str, Any]) -> ImportLine:
    line.kind = LineKind.NEW
    if item:
        line.item_id, line.revision = item.pk, item.revision
        changes = difference(drafted(item.values), values)
        line.kind = LineKind.CHANGED if changes else LineKind.UNCHANGED
        line.changes = [change.sentence for change in changes]
        line.removals = removals_among(changes)
    if line.kind != LineKind.UNCHANGED:
        line.values = values
        line.changes += _warnings(line.item_type, values)
    return line


def _warnings(item_type: str, values: Mapping[str, Any]) -> list[str]:
    """What the draft will say against itself: it is written all the same, and cannot be submitted."""
    if item_type not in FAMILY_OF:
        return []
    found = check_item(family=FAMILY_OF[item_type], item_type=item_type, values=values)
    return [f"提醒：{one.message}改好后才能报送。" for one in found.contradictions]
