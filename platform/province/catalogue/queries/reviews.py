from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.editing.versions import has_hand_in
from foundation.errors import NotFound
from province.catalogue.models import ItemReview, ItemVersion, Office
from province.catalogue.states import OPEN_REVIEWS, ItemLife, VersionState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, within_reach
from province.rights.roles import Reach, Role
from standards.items import ELEMENTS, Element, Filler

REVIEW = declare("catalogue.review", "审核事项", reach=Reach.UNIT, roles={Role.PROVINCE_OPERATOR})


def offices() -> QuerySet[Office]:
    """The offices that decide on what is submitted now, in their order."""
    return Office.objects.filter(retired_at=None).order_by("step", "code")


def office_with_code(code: str) -> Office:
    """Raises NotFound."""
    found = Office.objects.filter(code=code).first()
    if found is None:
        raise NotFound("没有这个审核部门。")
    return found


def part_of(office: Office) -> tuple[Element, ...]:
    """The elements of the province's part on which this office decides."""
    return tuple(
        element
        for element in reviewed_elements()
        if element.section in office.sections or element.name in office.elements
    )


def offices_of(by: Actor) -> list[Office]:
    """The offices for which the actor decides."""
    return [office for office in offices() if may(by, "catalogue.review", unit_id=office.unit_id)]


def open_offices(version: ItemVersion) -> list[Office]:
    """The offices whose turn it is: they have not decided, and all of the steps before have passed it."""
    if version.state not in OPEN_REVIEWS:
        return []
    decided = {review.office_id for review in version.reviews.all()}
    waiting = [office for office in _offices_with(version.office_ids) if office.pk not in decided]
    first = min((office.step for office in waiting), default=0)
    return [office for office in waiting if office.step == first]


def why_not_review(by: Actor, version: ItemVersion) -> str:
    """Why this person may not decide on the version at all; "" where they may."""
    if has_hand_in(version, by):
        return "您参与了这一版的编写，应由没有参与编写的人审核。"
    return ""


def review_queue(by: Actor) -> QuerySet[ItemVersion]:
    """What waits for a decision of the actor's offices, the oldest first. Of a later step it may wait for others."""
    waits_for_mine = Q(pk__in=())
    for office in offices_of(by):
        decided = ItemReview.objects.filter(version=OuterRef("pk"), office=office)
        waits_for_mine |= Q(~Exists(decided), office_ids__contains=[office.pk])
    rows = ItemVersion.objects.filter(waits_for_mine, state__in=OPEN_REVIEWS)
    if by.id is not None:
        rows = rows.exclude(author_ids__contains=[by.id])
    return rows.select_related("item", "department").prefetch_related("reviews__office").order_by("created_at", "id")


def versions_to_mend(by: Actor) -> QuerySet[ItemVersion]:
    """What came back to the departments whose items the actor writes, the last returned first."""
    own = within_reach(by, "catalogue.write", unit="item__department__unit_id")
    rows = _latest(VersionState.RETURNED).filter(own).select_related("item", "department")
    return rows.prefetch_related("reviews__office").order_by("-created_at", "-id")


def versions_to_publish(by: Actor) -> QuerySet[ItemVersion]:
    """What all offices have passed, for who publishes."""
    return _latest(VersionState.APPROVED) if may(by, "catalogue.publish") else ItemVersion.objects.none()


def elements_without_office() -> list[Element]:
    """Of the province's part, those on which nobody decides."""
    covered = {element.name for office in offices() for element in part_of(office)}
    return [element for element in reviewed_elements() if element.name not in covered]


def reviewed_elements() -> list[Element]:
    """The province's part: whatever an office can decide on."""
    return [element for element in ELEMENTS if element.by in {Filler.PROVINCE, Filler.BOTH}]


def office_with_id(office_id: UUID) -> Office:
    """Raises NotFound."""
    found = Office.objects.filter(pk=office_id).first()
    if found is None:
        raise NotFound("没有这个审核部门。")
    return found


def offices_retired() -> QuerySet[Office]:
    return Office.objects.exclude(retired_at=None).order_by("name")


def versions_under_review(office: Office) -> int:
    """How many versions under review this office decides on, or has decided."""
    return ItemVersion.objects.filter(state__in=OPEN_REVIEWS, office_ids__contains=[office.pk]).count()


def _latest(state: VersionState) -> QuerySet[ItemVersion]:
    """The latest versions of their items that stand there; without abolished items."""
    later = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    return ItemVersion.objects.filter(~Exists(later), state=state).exclude(item__state=ItemLife.ABOLISHED)


def _offices_with(ids: Sequence[UUID]) -> list[Office]:
    return list(Office.objects.filter(pk__in=ids).order_by("step", "code"))


def deciding_offices(version: ItemVersion) -> QuerySet[Office]:
    """The offices that decide on the version, in their order."""
    return Office.objects.filter(pk__in=version.office_ids).order_by("step", "code")
