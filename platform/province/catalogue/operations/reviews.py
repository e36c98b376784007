"""联合审核: each office decides on its own part."""

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.editing.versions import decision
from foundation.errors import Conflict, NotAllowed
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.catalogue.events import VERSION_DECIDED, VersionDecision
from province.catalogue.models import ItemReview, ItemVersion, Office
from province.catalogue.queries.desks import check_version_in_sight
from province.catalogue.queries.reviews import open_offices, why_not_review
from province.catalogue.states import OPEN_TO_OPINIONS, VERSION_TRANSITIONS, VersionState
from province.rights.actors import Actor
from province.rights.queries import require


@transaction.atomic
def pass_review(*, by: Actor, version: ItemVersion, office: Office, reason: str = "") -> ItemVersion:
    """This office agrees with its part; the last one approves the version. ``reason`` is an opinion, may be empty.

    Raises NotAllowed for somebody who has a hand in the text or has decided for another office, Conflict where the
    office has decided, it is not yet its turn, or the version is no longer under review. Where another office of its
    step has returned the version, it stays returned, and the department reads this opinion beside that one.
    """
    locked = _lock(by, version, office)
    _decide(locked, by, office, is_passed=True, reason=clean_reason(reason))
    return locked


@transaction.atomic
def return_version(*, by: Actor, version: ItemVersion, office: Office, reason: str) -> ItemVersion:
    """This office sends it back to its department, with a reason. A new version is submitted then, and answers it.
    Raises as ``pass_review``."""
    locked = _lock(by, version, office)
    reason = clean_reason(reason, ask="请写明退回的原因。")
    _decide(locked, by, office, is_passed=False, reason=reason)
    return locked


def _lock(by: Actor, version: ItemVersion, office: Office) -> ItemVersion:
    """The version, locked, if this office may decide on it now."""
    check_version_in_sight(by, version.pk)
    locked = ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    require(by, "catalogue.review", unit_id=office.unit_id)
    decided = {review.office_id: review for review in locked.reviews.select_related("office")}
    if own := decided.get(office.pk):
        message = f"{own.reviewer_name}已代表{office.name}{'通过' if own.is_passed else '退回'}了这一版，不能再次决定。"
        raise Conflict(message)
    if locked.state not in OPEN_TO_OPINIONS:
        message = f"这一版{VersionState(locked.state).label}，不能再审核。"
        raise Conflict(message)
    if locked.item.versions.filter(number__gt=locked.number).exists():
        raise Conflict("编写部门已重新报送，请审核新报送的内容。")
    if office.pk not in locked.office_ids:
        message = f"{office.name}不参与这一版的审核。"
        raise Conflict(message)
    turn = open_offices(locked)
    if office not in turn:
        waits_for = f"请等{'、'.join(one.name for one in turn)}先审核" if turn else "这一版已退回"
        message = f"还没有轮到{office.name}，{waits_for}。"
        raise Conflict(message)
    if why := why_not_review(by, locked):
        raise NotAllowed(why)
    return locked


def _decide(version: ItemVersion, by: Actor, office: Office, *, is_passed: bool, reason: str) -> None:
    before = VersionState(version.state)
    ItemReview.objects.create(version=version, office=office, **decision(by=by, is_passed=is_passed, reason=reason))
    is_last = version.reviews.count() == len(version.office_ids)
    passed = VersionState.APPROVED if is_last else VersionState.IN_REVIEW
    is_returned = not is_passed or before == VersionState.RETURNED
    after = VersionState.RETURNED if is_returned else passed
    VERSION_TRANSITIONS.check(before, after)
    version.state = after
    version.save(update_fields=["state"])
    record_act(
        by=by,
        act="catalogue.pass_review" if is_passed else "catalogue.return_version",
        object_type="item",
        object_id=version.item_id,
        reason=reason,
        changes={
            "version": [version.number, version.number],
            "office": [None, office.name],
            "version_state": [before.value, after.value],
        },
    )
    if after == VersionState.IN_REVIEW or after != before:
        emit_event(kind=VERSION_DECIDED, subject_id=version.pk, payload=VersionDecision(state=after, by_id=by.id))
