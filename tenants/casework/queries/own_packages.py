"""An application for several items (一件事) as who has applied sees it: one progress, what they must do now, and where
each item stands."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.cases.queries.own import waits_by_case
from province.cases.states import CASE_KIND, CASE_TRANSITIONS, CaseState
from province.citizens.models import Citizen
from province.workdays.queries.clocks import clocks_of
from tenants.casework.models import Case, PackageApplication
from tenants.casework.queries.access import cases_of
from tenants.casework.queries.own_cases import CaseBrief, briefs_of, is_any_late
from tenants.casework.queries.package_forms import AppliedPart, parts_of
from tenants.casework.queries.package_parts import AwayPart, away_parts, case_ids_of
from tenants.shell.slots import Desk

NO_OWN_PACKAGE: Final = "没有这份申请，可能编号有误，或者属于其他人、其他服务厅。"
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class PackageStep:
    """One item of an application. ``case``: None while it waits for others (``waits_for``: their names), where it will
    not be received (``ended``: why), or where a hall above does it (``away``). ``waits``: what the applicant has to do
    now, "" where nothing; ``said``: how it stands with another hall."""

    place: int
    name: str
    case: Case | None
    brief: CaseBrief | None
    waits: str
    waits_for: tuple[str, ...]
    ended: str
    away: AwayPart | None = None
    said: str = ""

    @property
    def sentence(self) -> str:
        """How it stands."""
        if self.brief:
            return self.brief.sentence
        if self.away:
            return self.said
        if self.ended:
            return self.ended
        return f"等{'、'.join(f'“{name}”' for name in self.waits_for)}准予以后自动收件，您不用再申请。"

    @property
    def case_id(self) -> UUID | None:
        """Of the case here, or at the hall that does it."""
        return self.case.pk if self.case else self.away.case_id if self.away else None

    @property
    def number(self) -> str:
        return self.case.number if self.case else self.away.number if self.away else ""

    @property
    def state(self) -> str:
        """How that case stands (``CaseState``), "" where there is none yet."""
        return self.case.state if self.case else self.away.state if self.away else ""

    @property
    def is_late(self) -> bool:
        """Whether one of the limits is over of the hall that does it."""
        return self.away.is_late if self.away else bool(self.brief and self.brief.is_late)

    @property
    def is_over(self) -> bool:
        if self.away:
            return self.away.is_over
        return bool(self.ended) if self.case is None else not self.case.is_open

    @property
    def can_withdraw(self) -> bool:
        if self.away:
            return self.away.is_open
        return not self.ended if self.case is None else CASE_TRANSITIONS.allows(self.case.state, CaseState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class OwnPackageView:
    """The whole of it. ``to_do``: the steps in which the applicant has something to do now."""

    application: PackageApplication
    steps: tuple[PackageStep, ...]
    can_withdraw: bool

    @property
    def to_do(self) -> list[PackageStep]:
        return [one for one in self.steps if one.waits]

    @property
    def over(self) -> int:
        """How many of the items are done, one way or the other."""
        return sum(one.is_over for one in self.steps)

    @property
    def sentence(self) -> str:
        """How the whole stands."""
        if self.application.withdrawn_at:
            return "整件事的申请已经撤回。"
        if self.over == len(self.steps):
            return f"{len(self.steps)} 个事项都已经有了结果。"
        return f"{len(self.steps)} 个事项，已经有结果的 {self.over} 个。"


def own_packages(citizen_id: UUID) -> list[PackageApplication]:
    """What the citizen has sent at this hall, the newest first."""
    return list(_sent().filter(citizen_id=citizen_id).order_by("-pk")[:_MOST])


def own_package(citizen: Citizen, application_id: UUID) -> PackageApplication:
    """The citizen's own that was sent. Raises NotFound, also for another person's and another hall's."""
    found = _sent().filter(pk=application_id, citizen_id=citizen.pk).first()
    if found is None:
        raise NotFound(NO_OWN_PACKAGE)
    return found


def looked_up_package(application_id: UUID) -> PackageApplication:
    """For who has shown number and phone. Raises NotFound."""
    found = _sent().filter(pk=application_id).first()
    if found is None:
        raise NotFound(NO_OWN_PACKAGE)
    return found


def package_view(application: PackageApplication, *, is_looked_up: bool = False) -> OwnPackageView:
    """``is_looked_up``: by number and phone alone; then nothing personal is in it, nor what was decided. Five queries,
    and at most one more for each item; some ten more where halls above do some of it."""
    parts = parts_of(application)
    names = {one.place: one.name for one in parts}
    cases = {one.package_place: one for one in application.cases.all()}
    briefs = briefs_of(list(cases.values()), is_looked_up=is_looked_up)
    away = away_parts(application)
    waits = waits_by_case([*(one.pk for one in cases.values()), *case_ids_of(away.values())])
    ended = {row["place"]: str(row["why"]) for row in application.ended}
    steps = tuple(
        _step_away(part, away[part.place], waits, is_looked_up=is_looked_up)
        if part.place in away
        else _step(part, names, cases.get(part.place), briefs, waits, ended)
        for part in parts
    )
    can_withdraw = any(one.can_withdraw for one in steps)
    return OwnPackageView(application, steps, not is_looked_up and not application.withdrawn_at and can_withdraw)


@dataclass(frozen=True, slots=True)
class SiblingLine:
    """An item of an application, as the desk sees it. ``case``: None where there is none; ``ended``: why it will not be
    received; ``may_open``: whether the person handles that case; ``away``: how it stands with a hall above;
    ``is_late``: one of the limits is over of the hall that does it."""

    name: str
    case: Case | None
    ended: str
    may_open: bool
    away: AwayPart | None = None
    is_late: bool = False


def siblings_of(desk: Desk, case: Case) -> list[SiblingLine]:
    """The other items of the application, in their order; none for a case by itself."""
    lines = items_at_desk(desk, case.package) if case.package else []
    return [one for one in lines if one.case is None or one.case.pk != case.pk]


def items_at_desk(desk: Desk, application: PackageApplication) -> list[SiblingLine]:
    """All items of an application, in their order: four queries, some ten more where halls above do some of it."""
    cases = {one.package_place: one for one in application.cases.all()}
    away = away_parts(application)
    clocks = clocks_of(CASE_KIND, [one.pk for one in cases.values()])
    own = set(cases_of(desk).filter(package=application).values_list("pk", flat=True))
    ended = {row["place"]: str(row["why"]) for row in application.ended}
    return [
        SiblingLine(
            name=part.name,
            case=case,
            ended="" if case else ended.get(part.place, ""),
            may_open=bool(case and case.pk in own),
            away=away.get(part.place),
            is_late=is_any_late(clocks[case.pk]) if case else part.place in away and away[part.place].is_late,
        )
        for part in parts_of(application)
        for case in [cases.get(part.place)]
    ]


def packages_at_desk() -> QuerySet[PackageApplication]:
    """What was taken in at the desk for somebody and sent, the newest first."""
    return _sent().filter(citizen_id=None).order_by("-pk")


def numbers_in_package(application: PackageApplication) -> list[str]:
    """The numbers of those of its items that have become cases, in the order in which they did; then those of other
    halls."""
    here = list(application.cases.order_by("pk").values_list("number", flat=True))
    return here + [one.number for one in away_parts(application).values() if one.number]


def package_at_desk(application_id: UUID) -> PackageApplication:
    """Raises NotFound, also for what a citizen has sent and for another hall's."""
    found = packages_at_desk().filter(pk=application_id).first()
    if found is None:
        raise NotFound(NO_OWN_PACKAGE)
    return found


def _step(
    part: AppliedPart,
    names: dict[int, str],
    case: Case | None,
    briefs: dict[UUID, CaseBrief],
    waits: dict[UUID, str],
    ended: dict[int, str],
) -> PackageStep:
    return PackageStep(
        place=part.place,
        name=part.name,
        case=case,
        brief=briefs[case.pk] if case else None,
        waits=waits.get(case.pk, "") if case else "",
        waits_for=() if case else tuple(names[place] for place in part.after),
        ended="" if case else ended.get(part.place, ""),
    )


def _step_away(part: AppliedPart, away: AwayPart, waits: dict[UUID, str], *, is_looked_up: bool) -> PackageStep:
    return PackageStep(
        place=part.place,
        name=part.name,
        case=None,
        brief=None,
        waits=waits.get(away.case_id, "") if away.case_id else "",
        waits_for=(),
        ended="",
        away=away,
        said=away.sentence(is_looked_up=is_looked_up),
    )


def _sent() -> QuerySet[PackageApplication]:
    return PackageApplication.objects.filter(sent_at__isnull=False)
