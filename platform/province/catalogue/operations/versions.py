from typing import Any

from django.db import transaction

from foundation.editing.drafts import with_hand
from foundation.editing.versions import check_may_follow, submission
from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from foundation.tokenizing import search_sounds, search_words, sounds_of
from province.audit.operations import record_act
from province.catalogue.events import VERSION_SUBMITTED
from province.catalogue.models import CatalogueFile, Item, ItemVersion
from province.catalogue.operations.drafts import check_not_abolished, lock_item
from province.catalogue.operations.materials import keep_materials
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.desks import require_over
from province.catalogue.queries.reviews import offices
from province.catalogue.states import OPEN_REVIEWS, VersionState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from standards.items import ELEMENTS
from standards.items.facets import facets_of
from standards.items.values import file_ids_in

declare("catalogue.submit", "报送事项", reach=Reach.UNIT, roles={Role.PROVINCE_OPERATOR})


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
    authors = with_hand(draft.editor_ids, by)
    if latest is not None and latest.state == VersionState.RETURNED:
        authors = list(dict.fromkeys([*authors, *latest.author_ids]))
    version = version_of(
        draft,
        office_ids=deciding,
        material_ids=keep_materials(draft.values.get("materials", [])),
        **submission(by=by, after=latest, author_ids=authors),
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
    emit_event(kind=VERSION_SUBMITTED, subject_id=version.pk)
    return version


def version_of(item: Item, **facts: Any) -> ItemVersion:
    """The draft as a version that is not yet saved."""
    found = check_item(family=item.family, item_type=item.item_type, values=item.values)
    return ItemVersion(
        item=item,
        name=item.name,
        department=item.department,
        values=item.values,
        search_words=words_of(item),
        sounds=search_sounds(item.name),
        facets=facets_of(item.values),
        is_complete=found.province.is_complete,
        contradictions=[one.code for one in found.contradictions],
        **facts,
    )


def is_ready(item: Item) -> bool:
    """Whether the draft is complete, as far as it is the province's to fill in, and at one with itself."""
    found = check_item(family=item.family, item_type=item.item_type, values=item.values)
    return found.province.is_complete and not found.contradictions


def words_of(item: Item) -> str:
    """What somebody who looks for the item may type: its words, its name without Chinese letters, its code."""
    values = item.values
    lists = (("materials", "name"), ("results", "name"), ("questions", "question"))
    others = [row[cell] for name, cell in lists for row in values.get(name, []) if row.get(cell)]
    texts = (item.name, item.department.name, str(values.get("conditions", "")), *others)
    return " ".join((search_words(*texts), *sounds_of(item.name), item.basic_code))


def _check_follows(latest: ItemVersion, draft: Item) -> None:
    check_may_follow(
        latest,
        state=VersionState(latest.state).label,
        is_open=latest.state in OPEN_REVIEWS,
        is_same=latest.state != VersionState.RETURNED and latest.values == draft.values and not latest.sample_note,
        verb="报送",
    )


def _check_whole(draft: Item) -> None:
    """The draft may have gaps; what goes to the offices has none."""
    found = check_item(family=draft.family, item_type=draft.item_type, values=draft.values)
    faults = [*found.province.faults, *found.province.missing, *found.opposing]
    files = set(file_ids_in(ELEMENTS, draft.values))
    if CatalogueFile.objects.filter(pk__in=files).count() < len(files):
        faults.append(Fault("materials", "引用的文件不在事项目录中，请重新上传。"))
    if faults:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 处要补充或修改，请按提示处理后再报送。")
