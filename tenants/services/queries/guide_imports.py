"""Files of the hall's guides: what an import would change, said before anything is written; and how far it is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotAllowed, NotFound
from foundation.masking import masked
from province.catalogue.models import ItemVersion
from province.catalogue.queries.codes import followed, item_ids_by_code
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
from province.catalogue.states import HallGuideState, LineKind, VersionState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require
from standards.items.exchange import ExchangeItem, GuideReading, ReadGuide, Reading, hall_part, merged
from tenants.services.models import Adoption, GuideImport, GuideImportLine
from tenants.services.queries.prefill import findings_of


def guide_importer(by: Actor, hall: Hall) -> UUID:
    """The person whose import it is. Raises NotAllowed for anybody who fills in no guides here."""
    require(by, "services.adopt", hall_id=hall.pk)
    if by.id is None:
        raise NotAllowed("导入要以本人的账号办理。")
    return by.id


def guide_imports_of(by: Actor, hall: Hall) -> QuerySet[GuideImport]:
    """The actor's own imports at this hall, the latest first."""
    return GuideImport.objects.filter(by_id=guide_importer(by, hall)).order_by("-created_at")


def guide_import_of(by: Actor, hall: Hall, import_id: UUID) -> GuideImport:
    """The import. Raises NotFound, also for somebody else's and another hall's."""
    found = guide_imports_of(by, hall).filter(pk=import_id).first()
    if found is None:
        raise NotFound("没有找到这次导入。导入的预览保留 30 天。")
    return found


def guide_import_lines(upload: GuideImport, show: str = "") -> QuerySet[GuideImportLine]:
    """Its lines, as ``lines_shown`` takes ``show``."""
    return lines_shown(upload.lines.all(), show)


def guide_import_figures(upload: GuideImport) -> ImportFigures:
    return figures_of(upload.lines.all())


def guide_import_faults(upload: GuideImport) -> Iterator[tuple[str, str, str, str]]:
    """Place, code, name and message of everything that was not taken, to be worked off."""
    yield from (("", "", "", message) for _, message in upload.faults)
    for line in upload.lines.exclude(faults=[], refusal="").order_by("position"):
        said = [message for _, message in line.faults] or [line.refusal]
        yield from ((line.place, line.basic_code, line.name, message) for message in said)


def guides_of_items(reading: Reading) -> GuideReading:
    """The reading of a national file as the hall's part of its items, by the versions for which the hall writes."""
    known = _known([read.item.code for read in reading.items])
    guides = []
    for read in reading.items:
        found = known.get(read.item.code)
        guides.append(hall_part(read, found.version.values) if found and found.version else ReadGuide(read))
    return GuideReading(tuple(guides), reading.faults, reading.more_faults, reading.notices)


def guide_preview(reading: GuideReading) -> Iterator[GuideImportLine]:
    """A line for every guide of the file, not yet saved: what an import would do with the hall's draft now."""
    known = _known([guide.read.item.code for guide in reading.guides])
    for position, guide in enumerate(reading.guides, start=1):
        yield _line(guide, known.get(guide.read.item.code), position)


@dataclass(frozen=True, slots=True)
class _Known:
    """An adoption with the version for which its draft is written; None where that is published no more."""

    adoption: Adoption
    version: ItemVersion | None


def _known(codes: Collection[str]) -> dict[str, _Known]:
    """By 基本编码, also one that was borne before, what the hall has adopted: four queries, whatever their number."""
    items = item_ids_by_code(codes)
    adoptions = {one.item_id: one for one in Adoption.objects.filter(item_id__in=set(items.values()))}
    published = ItemVersion.objects.filter(item_id__in=adoptions, state=VersionState.PUBLISHED)
    chosen: dict[UUID, UUID] = {}
    for item_id, number, pk in published.order_by("number").values_list("item_id", "number", "pk"):
        adoption = adoptions[item_id]
        # as version_to_fill: the newest accepted one, or the newer one for which the hall has begun
        if number <= adoption.version_number or number == adoption.draft_number:
            chosen[item_id] = pk
    versions = ItemVersion.objects.select_related("item").defer("item__values").in_bulk(list(chosen.values()))
    return {
        code: _Known(adoptions[item_id], versions.get(chosen.get(item_id, item_id)))
        for code, item_id in items.items()
        if item_id in adoptions
    }


def _line(guide: ReadGuide, known: _Known | None, position: int) -> GuideImportLine:
    item = guide.read.item
    line = GuideImportLine(
        position=position,
        place=guide.read.place[:LONGEST_PLACE],
        basic_code=item.code[:LONGEST_CODE],
        name=(known.version.name if known and known.version else item.name)[:LONGEST_NAME],
        kind=LineKind.FAULTY,
    )
    if known is None:
        line.refusal = "本厅没有认领这个事项，没有导入。请先认领。"
        return line
    if refusal := _refusal(known):
        line.refusal = refusal
        return line
    line.adoption_id, line.revision = known.adoption.pk, known.adoption.revision
    if guide.read.faults:
        line.faults = [[fault.where, fault.message] for fault in guide.read.faults]
        return line
    return _judged(line, guide, known.adoption, known.version)


def _refusal(known: _Known) -> str:
    if known.adoption.guide_state == HallGuideState.SUBMITTED:
        return "正在审核，不能修改。如需修改，请先撤回送审。"
    return "" if known.version else "这个事项现在没有公布的版本。"


def _judged(
    line: GuideImportLine, guide: ReadGuide, adoption: Adoption, version: ItemVersion | None
) -> GuideImportLine:
    if version is None:
        return line
    before = ExchangeItem(version.item_type, version.values, adoption.values)
    values = dict(followed(version, drafted(merged(guide.read, before).hall_values)))
    changes = difference(drafted(adoption.values), values)
    if changes and guide.revision is not None and guide.revision != adoption.revision:
        by = masked(adoption.edited_by_name) or "有人"
        line.refusal = f"这份表格导出以后，{by}又改过这一项，没有导入。请重新下载表格再填。"
        return line
    found = findings_of(version, values)
    if found.hall.faults:
        placed = map(guide.placed, found.hall.faults)
        line.faults = [[fault.where, fault.message] for fault in placed]
        return line
    line.kind = LineKind.CHANGED if changes else LineKind.UNCHANGED
    line.changes = [change.sentence for change in changes]
    line.removals = removals_among(changes)
    if changes:
        line.values = values
        line.changes += [f"提醒：{one.message}改好后才能提交。" for one in found.contradictions]
    line.changes += guide.notices
    code, own = guide.read.item.code, version.values["basic_code"]
    if code != own:
        line.changes.append(f"文件里的基本编码 {code} 是曾用编码，现为 {own}，已按“{version.name}”办理。")
    return line
