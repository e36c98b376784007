from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.outbox.operations import emit_event
from foundation.words import search_sounds, search_words, sounds_of
from province.audit.operations import record_act
from province.catalogue.definition import ELEMENTS, check
from province.catalogue.definition.facets import facets_of
from province.catalogue.definition.values import file_ids_in
from province.catalogue.models import CatalogueFile, Item, ItemVersion
from province.catalogue.operations.drafts import check_not_abolished, lock_item
from province.catalogue.operations.materials import keep_materials
from province.catalogue.queries.desks import require_over
from province.catalogue.queries.reviews import offices
from province.catalogue.states import OPEN_REVIEWS, VersionState
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare

declare("catalogue.submit", "报送事项", reach=Reach.UNIT)

# an event for each version that offices have to decide on: subject the version
SUBMITTED = "catalogue.version_submitted"


@transaction.atomic
def submit_version(*, by: Actor, item: Item) -> ItemVersion:
    """Freeze the draft as the next version, which waits for the offices.

    Raises Invalid for what is missing or wrong, Conflict while an earlier version is under review, or where nothing has
    changed since the last one that was not returned.
    """
    draft = lock_item(by, item)
    require_over(by, "catalogue.submit", draft)
    check_not_abolished(draft)
    latest = draft.versions.order_by("-number").first()
    if latest is not None:
        _check_follows(latest, draft)
    _check_whole(draft)
    deciding = [office.pk for office in offices()]
    if not deciding:
        raise Conflict("还没有设置审核部门，暂时不能报送。请联系管理员。")
    authors = [*draft.editor_ids, *([by.id] if by.id else [])]
    if latest is not None and latest.state == VersionState.RETURNED:
        authors += latest.author_ids
    version = version_of(
        draft,
        number=latest.number + 1 if latest else 1,
        office_ids=deciding,
        author_ids=list(dict.fromkeys(authors)),
        submitted_by_id=by.id,
        submitted_by_name=by.name,
        material_ids=keep_materials(draft.values.get("materials", [])),
        # and not the transaction's beginning: it must not lie before the draft's last change
        created_at=timezone.now(),
    )
    version.save(force_insert=True)
    draft.editor_ids = []
    draft.save(update_fields=["editor_ids"])
    record_act(
        by=by,
        act="catalogue.submit_version",
        object_type="item",
        object_id=draft.pk,
        changes={"version": [None, version.number]},
    )
    emit_event(kind=SUBMITTED, subject_id=version.pk)
    return version


def version_of(item: Item, **facts: Any) -> ItemVersion:
    """The draft as a version that is not yet saved."""
    return ItemVersion(
        item=item,
        name=item.name,
        department=item.department,
        values=item.values,
        search_words=words_of(item),
        sounds=search_sounds(item.name),
        facets=facets_of(item.values),
        **facts,
    )


def words_of(item: Item) -> str:
    """What somebody who looks for the item may type: its words, its name without Chinese letters, its code."""
    values = item.values
    lists = (("materials", "name"), ("results", "name"), ("questions", "question"))
    others = [row[cell] for name, cell in lists for row in values.get(name, []) if row.get(cell)]
    texts = (item.name, item.department.name, str(values.get("conditions", "")), *others)
    return " ".join((search_words(*texts), *sounds_of(item.name), item.basic_code))


def _check_follows(latest: ItemVersion, draft: Item) -> None:
    if latest.state in OPEN_REVIEWS:
        message = f"第 {latest.number} 版正在审核（{VersionState(latest.state).label}），退回或通过之后才能再次报送。"
        raise Conflict(message)
    if latest.state != VersionState.RETURNED and latest.values == draft.values and not latest.sample_note:
        message = f"内容与第 {latest.number} 版（{VersionState(latest.state).label}）相同，无需再次报送。"
        raise Conflict(message)


def _check_whole(draft: Item) -> None:
    """The draft may have gaps; what goes to the offices has none."""
    part = check(family=draft.family, item_type=draft.item_type, values=draft.values).province
    faults = [*part.faults, *part.missing]
    files = set(file_ids_in(ELEMENTS, draft.values))
    if CatalogueFile.objects.filter(pk__in=files).count() < len(files):
        faults.append(Fault("materials", "引用的文件不在事项目录中，请重新上传。"))
    if faults:
        message = (
            faults[0].message if len(faults) == 1 else f"还有 {len(faults)} 处要补充或修改，请按提示处理后再报送。"
        )
        raise Invalid(message, faults=faults)
