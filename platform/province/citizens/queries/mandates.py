"""Who may act for whom: clerks with a mandate, agents of companies."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import NotAllowed, NotFound
from province.citizens.models import Citizen, Company, CompanyAgent, Mandate
from province.citizens.models.mandates import EVERYTHING
from province.rights.actors import Actor
from province.rights.queries import may, require

NO_AGENCY = "您没有代这个单位办理这个事项的授权。请法定代表人先确认授权。"
_OPEN_MANDATES = (Mandate.State.WAITING, Mandate.State.VALID)
_OPEN_AGENCIES = (CompanyAgent.State.ASKED, CompanyAgent.State.CONFIRMED)


def acting_for(*, by: Actor, citizen: Citizen, hall_id: UUID, act: str = EVERYTHING) -> Actor:
    """The clerk in the citizen's place: ``acting_for`` names the citizen wherever the act is shown. Raises NotAllowed
    without a mandate that is in force in this hall and covers the act."""
    require(by, "citizens.act", hall_id=hall_id)
    mandates = Mandate.objects.filter(
        citizen=citizen, citizen__ended_at=None, clerk_id=by.id, hall_id=hall_id, state=Mandate.State.VALID
    )
    mandates = mandates.filter(ends_at__gt=timezone.now(), acts__overlap=[act, EVERYTHING])
    if by.acting_for_id or not mandates.exists():
        raise NotAllowed("没有这位群众的有效委托，或委托不包括这个事项。请先办理委托。")
    return by.in_place_of(citizen.pk, str(citizen))


def companies_to_act_for(citizen: Citizen, acts: Collection[str]) -> QuerySet[Company]:
    """The companies that the citizen represents, or whose agent they are today for one of ``acts``, by name. An act is
    an item's name, as the representative has confirmed it."""
    today = timezone.localdate()
    agencies = citizen.agencies.filter(
        state=CompanyAgent.State.CONFIRMED, from_on__lte=today, to_on__gte=today, acts__overlap=[*acts, EVERYTHING]
    )
    return Company.objects.filter(Q(representative=citizen) | Q(pk__in=agencies.values("company_id"))).order_by("name")


def mandates_of(citizen: Citizen) -> QuerySet[Mandate]:
    """The citizen's mandates in force or waiting, the newest first."""
    return _open_mandates().filter(citizen=citizen)


def mandates_of_clerk(clerk_id: UUID, hall_id: UUID) -> QuerySet[Mandate]:
    """The clerk's own mandates in this hall, in force or waiting, the newest first."""
    return _open_mandates().filter(clerk_id=clerk_id, hall_id=hall_id)


def mandate_with_id(mandate_id: UUID, *, citizen: Citizen | None = None, hall_id: UUID | None = None) -> Mandate:
    """The mandate in force or waiting, of this citizen or of this hall. Raises NotFound."""
    belongs = Q(citizen=citizen) if citizen else Q(hall_id=hall_id)
    found = _open_mandates().filter(belongs, pk=mandate_id).first()
    if found is None:
        raise NotFound("没有这份委托，或者它已失效。")
    return found


def may_open_paper(by: Actor, mandate: Mandate) -> bool:
    """Name and number stand on it in full: it is for the clerk whom it names, and for who may see such data in the
    hall."""
    is_own = by.id == mandate.clerk_id and may(by, "citizens.act", hall_id=mandate.hall_id)
    return is_own or may(by, "citizens.reveal", hall_id=mandate.hall_id)


def _open_mandates() -> QuerySet[Mandate]:
    mandates = Mandate.objects.filter(state__in=_OPEN_MANDATES, ends_at__gt=timezone.now())
    return mandates.select_related("citizen", "clerk").order_by("-pk")


def agencies_of(citizen: Citizen) -> QuerySet[CompanyAgent]:
    """For which companies the citizen acts, or has asked to."""
    return _open_agencies().filter(citizen=citizen)


def agents_of_representative(citizen: Citizen) -> QuerySet[CompanyAgent]:
    """Who acts for the citizen's companies, or has asked to."""
    return _open_agencies().filter(company__representative=citizen)


def agency_with_id(agency_id: UUID, citizen: Citizen) -> CompanyAgent:
    """The citizen's own, or one for a company that the citizen represents. Raises NotFound."""
    concerns = Q(citizen=citizen) | Q(company__representative=citizen)
    found = _open_agencies().filter(concerns, pk=agency_id).first()
    if found is None:
        raise NotFound("没有这项授权，或者它已失效。")
    return found


def _open_agencies() -> QuerySet[CompanyAgent]:
    agencies = CompanyAgent.objects.filter(state__in=_OPEN_AGENCIES, to_on__gte=timezone.localdate())
    return agencies.select_related("company", "citizen").order_by("pk")
