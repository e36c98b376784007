from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.editing.versions import has_decided, has_hand_in
from foundation.errors import NotFound
from province.catalogue.models import Item, ItemReview, ItemVersion, Office
from province.catalogue.states import ENDED, OPEN_REVIEWS, OPEN_TO_OPINIONS, VersionState
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
    """The offices whose turn it is: they have not decided, and all of the steps before have passed it. Where one has
    returned it, the others of its step, until the department submits again: it reads all opinions together."""
    if version.state not in OPEN_TO_OPINIONS:
        return []
    reviews = list(version.reviews.all())
    decided = {review.office_id for review in reviews}
    deciding = _offices_with(version.office_ids)
    waiting = [office for office in deciding if office.pk not in decided]
    refused = {review.office_id for review in reviews if not review.is_passed}
    step = min((one.step for one in deciding if one.pk in refused), default=None)
    if step is None:
        step = min((office.step for office in waiting), default=0)
    elif version.item.versions.filter(number__gt=version.number).exists():
        return []
    return [office for office in waiting if office.step == step]


def why_not_review(by: Actor, version: ItemVersion) -> str:
    """Why this person may not decide on the version at all; "" where they may."""
    if has_hand_in(version, by):
        return "您参与了这一版的编写，应由没有参与编写的人审核。"
    reviews = list(version.reviews.all())
    if has_decided(reviews, by):
        own = next(one for one in reviews if one.reviewer_id == by.id)
        return f"您已代表{own.office.name}审核过这一版，其他部门应由各自的人审核。"
    if by.acting_for_id is not None and any(one.reviewer_id == by.acting_for_id for one in reviews):
        return f"{by.acting_for}已审核过这一版，其他部门应由各自的人审核。"
    return ""


def reasons_to_answer(before: ItemVersion | None) -> list[ItemReview]:
    """For what ``before`` came back, in the order of the opinions: the department answers each when it submits
    again."""
    if before is None or before.state != VersionState.RETURNED:
        return []
    return list(before.reviews.filter(is_passed=False).select_related("office").order_by("created_at", "id"))


@dataclass(frozen=True, slots=True)
class AnsweredReason:
    """For what the version before came back, and what the department answers to it ("" before it has)."""

    review: ItemReview
    answer: str


def returned_before(version: ItemVersion) -> ItemVersion | None:
    """The version that came back and that this one mends; None where the one before did not come back."""
    earlier = version.item.versions.filter(number__lt=version.number).exclude(state=VersionState.RECALLED)
    before = earlier.order_by("-number").first()
    return before if before is not None and before.state == VersionState.RETURNED else None


def answered_reasons(version: ItemVersion) -> list[AnsweredReason]:
    """The reasons for which the version before came back, each with this one's answer."""
    return [
        AnsweredReason(review, version.answers.get(str(review.pk), ""))
        for review in reasons_to_answer(returned_before(version))
    ]


def reasons_for_draft(item: Item) -> list[AnsweredReason]:
    """What the next submission of the draft has to answer, with the answers of one that was recalled."""
    attempts = list(item.versions.order_by("-number"))
    before = next((one for one in attempts if one.state != VersionState.RECALLED), None)
    said = attempts[0].answers if attempts and attempts[0] is not before else {}
    return [AnsweredReason(one, said.get(str(one.pk), "")) for one in reasons_to_answer(before)]


def review_queue(by: Actor) -> QuerySet[ItemVersion]:
    """What waits for a decision of the actor's offices, the oldest first. Of a later step it may wait for others."""
    waits_for_mine = Q(pk__in=())
    later = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    is_open = Q(state__in=OPEN_REVIEWS)
    for office in offices_of(by):
        decided = ItemReview.objects.filter(version=OuterRef("pk"), office=office)
        # one of its step has returned it: this one may still say what it thinks
        refused = ItemReview.objects.filter(version=OuterRef("pk"), is_passed=False, office__step=office.step)
        is_asked = is_open | (Q(state=VersionState.RETURNED) & Exists(refused) & ~Exists(later))
        waits_for_mine |= Q(~Exists(decided), is_asked, office_ids__contains=[office.pk])
    rows = ItemVersion.objects.filter(waits_for_mine).exclude(item__state__in=ENDED)
    if by.id is not None:
        # who wrote it does not decide, and nobody decides for two offices
        given = ItemReview.objects.filter(version=OuterRef("pk"), reviewer_id__in=[by.id, by.acting_for_id or by.id])
        rows = rows.exclude(author_ids__contains=[by.id]).exclude(Exists(given))
    return rows.select_related("item", "department").prefetch_related("reviews__office").order_by("created_at", "id")


def versions_to_mend(by: Actor) -> QuerySet[ItemVersion]:
    """What came back to the departments whose items the actor writes, the last returned first."""
    own = within_reach(by, "catalogue.write", unit="item__department__unit_id")
    rows = _latest(VersionState.RETURNED, VersionState.RECALLED).filter(own).select_related("item", "department")
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


def _latest(*states: VersionState) -> QuerySet[ItemVersion]:
    """The latest versions of their items that stand there; without abolished items."""
    later = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    return ItemVersion.objects.filter(~Exists(later), state__in=states).exclude(item__state__in=ENDED)


def _offices_with(ids: Sequence[UUID]) -> list[Office]:
    return list(Office.objects.filter(pk__in=ids).order_by("step", "code"))


def deciding_offices(version: ItemVersion) -> QuerySet[Office]:
    """The offices that decide on the version, in their order."""
    return Office.objects.filter(pk__in=version.office_ids).order_by("step", "code")
