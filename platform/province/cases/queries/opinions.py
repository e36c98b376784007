"""Which departments of other halls can be asked for an opinion on a 联办件."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foundation.errors import Conflict
from province.cases.models import OpinionOffer
from province.cases.queries.referrals import check_open, near
from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES
from province.people.models import Unit

MOST_GIVERS: Final = 200
WHOLE_HALL: Final = "综合窗口"


@dataclass(frozen=True, slots=True)
class OpinionGiver:
    """A department of a hall. ``unit_id``: None for those who work for the whole hall."""

    hall: Hall
    unit_id: UUID | None
    unit_name: str

    @property
    def name(self) -> str:
        return f"{self.hall.name} · {self.unit_name}"


def opinion_givers(hall: Hall) -> list[OpinionGiver]:
    """Of open halls of the same county, above and below, what they offer, by their places. Two queries."""
    halls = Hall.objects.filter(near(hall), state__in=OPEN_STATES, division__valid_to=None).exclude(pk=hall.pk)
    offers = OpinionOffer.objects.filter(hall__in=halls).select_related("hall")
    found = list(offers.order_by("hall__division__level", "hall__division__code", "pk")[:MOST_GIVERS])
    return _named(found)


def offered_units(hall: Hall) -> list[UUID | None]:
    """Which of its own departments a hall lets others ask."""
    return list(OpinionOffer.objects.filter(hall=hall).order_by("pk").values_list("unit_id", flat=True))


def giver_for(hall: Hall, giver_id: UUID, unit_id: UUID | None) -> OpinionGiver:
    """The department of another hall that this one asks. Raises Conflict, in a sentence for the clerk who asks, for a
    hall that cannot be asked: too far, suspended, not open, or one that offers no such department."""
    other = Hall.objects.filter(near(hall), pk=giver_id).exclude(pk=hall.pk).first()
    if other is None:
        raise Conflict("只能请上级、下级或者同一个县的服务厅出具意见，请重新选择。")
    check_open(other)
    found = _named(list(OpinionOffer.objects.filter(hall=other, unit_id=unit_id).select_related("hall")))
    if not found:
        message = f"{other.name}的这个部门没有开放联办征询，请选择其他部门或者联系对方开放。"
        raise Conflict(message)
    return found[0]


def _named(offers: list[OpinionOffer]) -> list[OpinionGiver]:
    """Without those whose department is no more: one query."""
    wanted = {one.unit_id for one in offers if one.unit_id}
    names = dict(Unit.objects.filter(pk__in=wanted, retired_at=None).values_list("pk", "name"))
    return [
        OpinionGiver(one.hall, one.unit_id, names[one.unit_id] if one.unit_id else WHOLE_HALL)
        for one in offers
        if one.unit_id is None or one.unit_id in names
    ]
