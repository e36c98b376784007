from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from foundation.editing.drafts import with_hand
from foundation.editing.reasons import clean_reason
from foundation.editing.versions import check_may_follow, submission
from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from foundation.tokenizing import search_sounds
from province.audit.operations import record_act
from province.catalogue.events import REVIEW_LATE, VERSION_SUBMITTED
from province.catalogue.models import CatalogueFile, Item, ItemVersion
from province.catalogue.operations.designs import freeze_design
from province.catalogue.operations.drafts import check_not_ended, lock_item
from province.catalogue.operations.item_words import words_found_by
from province.catalogue.operations.materials import keep_materials
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.designs import design_editors, design_faults, drafted_design, has_drafted_other
from province.catalogue.queries.desks import require_over
from province.catalogue.queries.reviews import offices, reasons_to_answer
from province.catalogue.states import OPEN_REVIEWS, VERSION_TRANSITIONS, VersionState
from province.messaging.operations.reviews import set_review_limits
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from standards.items import ELEMENTS
from standards.items.facets import facets_of
from standards.items.values import file_ids_in

declare("catalogue.submit", "报送事项", reach=Reach.UNIT, roles={Role.PROVINCE_OPERATOR})


@transaction.atomic
def submit_version(*, by: Actor, item: Item, answers: Mapping[UUID, str] | None = None) -> ItemVersion:
    """Freeze the draft as the next version, which waits for the offices. ``answers``: by the review's id, what the
    department answers to each reason for which the version before came back.

    Raises Invalid for what is missing or wrong, and for a reason without an answer; Conflict while an earlier version
    is under review, or where nothing has changed since the last one that was not recalled.
    """
    draft = lock_item(by, item)
    require_over(by, "catalogue.submit", draft)
    check_not_ended(draft)
    # an office that says its opinion at this moment comes before it or after it
    attempts = list(draft.versions.select_for_update(of=("self",)).order_by("-number"))
    latest = attempts[0] if attempts else None
    before = next((one for one in attempts if one.state != VersionState.RECALLED), None)
    for one in (latest, before):
        if one is not None:
            _check_follows(one, draft)
    _check_whole(draft)
    answered = _answers(before, answers or {})
    deciding = [office.pk for office in offices()]
    if not deciding:
        raise Conflict("还没有设置审核部门，暂时不能报送。请联系管理员。")
    authors = with_hand(list(dict.fromkeys([*draft.editor_ids, *design_editors(draft)])), by)
    if latest is not None and latest.state in {VersionState.RETURNED, VersionState.RECALLED}:
        authors = list(dict.fromkeys([*authors, *latest.author_ids]))
    version = version_of(
        draft,
        office_ids=deciding,
        answers=answered,
        material_ids=keep_materials(draft.values.get("materials", [])),
        **submission(by=by, after=latest, author_ids=authors),
    )
    version.save(force_insert=True)
    freeze_design(draft, version)
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
    set_review_limits(kind=REVIEW_LATE, version_ids=[version.pk], code=settings.PROVINCE_CODE)
    return version


@transaction.atomic
def recall_version(*, by: Actor, version: ItemVersion) -> ItemVersion:
    """Take a version back while offices still decide on it; what some of them have said stays to be read. Raises
    Conflict where it is decided."""
    item = lock_item(by, version.item)
    require_over(by, "catalogue.submit", item)
    locked = item.versions.select_for_update(of=("self",)).get(pk=version.pk)
    before = VersionState(locked.state)
    if before not in OPEN_REVIEWS:
        message = f"{locked.called}{before.label}，不能再撤回。"
        raise Conflict(message)
    VERSION_TRANSITIONS.check(before, VersionState.RECALLED)
    locked.state = VersionState.RECALLED
    locked.save(update_fields=["state"])
    record_act(
        by=by,
        act="catalogue.recall_version",
        object_type="item",
        object_id=item.pk,
        changes={
            "version": [locked.number, locked.number],
            "version_state": [before.value, VersionState.RECALLED.value],
        },
    )
    return locked


def version_of(item: Item, **facts: Any) -> ItemVersion:
    """The draft as a version that is not yet saved."""
    found = check_item(family=item.drafted_family, item_type=item.drafted_type, values=item.values)
    return ItemVersion(
        item=item,
        name=item.name,
        department=item.department,
        values=item.values,
        search_words=words_found_by(item.name, item.department.name, item.values, code=item.basic_code),
        sounds=search_sounds(item.name),
        facets=facets_of(item.values),
        ends_on=_day(item.values.get("cancelled_on")),
        is_complete=found.province.is_complete,
        contradictions=[one.code for one in found.contradictions],
        **facts,
    )


def _is_drafted(item: Item, version: ItemVersion) -> bool:
    """Whether the version says what the draft says, form and flow with it."""
    return bool(version.values == item.values) and not has_drafted_other(item, version)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _check_follows(latest: ItemVersion, draft: Item) -> None:
    check_may_follow(
        latest,
        state=VersionState(latest.state).label,
        is_open=latest.state in OPEN_REVIEWS,
        is_same=latest.state != VersionState.RECALLED and _is_drafted(draft, latest) and not latest.sample_note,
        verb="报送",
        called=latest.called,
    )


def _answers(before: ItemVersion | None, answers: Mapping[UUID, str]) -> dict[str, str]:
    """By the review's id, an answer to each reason for which it came back. Raises Invalid where one is missing."""
    reasons = reasons_to_answer(before)
    texts = {one.pk: clean_reason(answers.get(one.pk, ""), field=f"answer-{one.pk}") for one in reasons}
    faults = [
        Fault(f"answer-{one.pk}", f"请答复{one.office.name}退回的原因：{one.reason}")
        for one in reasons
        if not texts[one.pk]
    ]
    if faults:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 条退回的原因没有答复，请逐条答复后再报送。")
    return {str(review_id): text for review_id, text in texts.items()}


def _check_whole(draft: Item) -> None:
    """The draft may have gaps; what goes to the offices has none."""
    found = check_item(family=draft.drafted_family, item_type=draft.drafted_type, values=draft.values)
    faults = [*found.province.faults, *found.province.missing, *found.opposing]
    files = set(file_ids_in(ELEMENTS, draft.values))
    if CatalogueFile.objects.filter(pk__in=files).count() < len(files):
        faults.append(Fault("materials", "引用的文件不在事项目录中，请重新上传。"))
    faults += design_faults(draft, drafted_design(draft))
    if faults:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 处要补充或修改，请按提示处理后再报送。")
