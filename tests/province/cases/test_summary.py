"""办件概览: figures agree with the cases and with each other, whatever happens, and reach no farther than who asks."""

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from typer.testing import CliRunner

from config.cli.cases import app
from config.doctor.cases import figures_agree
from foundation.errors import NotFound
from foundation.rows import draw_id
from province.cases.api import CaseSumsOut
from province.cases.models import CHANNELS, MEASURES, CaseFigure, CaseReport, ItemFigure, UnitFigure
from province.cases.operations import CaseFacts, forget_cases_but, report_case
from province.cases.operations.feed import number_changes
from province.cases.operations.figures import recount_cases
from province.cases.queries.counting import halls_with_wrong_figures
from province.cases.queries.figures import CaseSums, area_of, case_summary, item_lines, month_lines
from province.cases.queries.listed import SHOWN, listed_cases
from province.cases.slots import SummaryArea
from province.cases.states import CASE_TRANSITIONS, NATIONAL_CHANNELS, OPEN_CASES, CaseChannel, CaseOutcome, CaseState
from province.console.queries.months import months_back
from province.halls.models import Division, Hall
from province.rights.actors import Actor
from province.rights.roles import Role
from province.satisfaction.operations import change_rating_figure
from province.workdays.models import Clock
from province.workdays.operations.clocks import end_clocks, pause_clocks, resume_clocks
from province.workdays.states import ClockKind
from standards.items.codelists import CaseType
from tests.conftest import person
from tests.factories.clocks import known_owners, make_clock
from tests.factories.halls import make_person
from tests.factories.kills import Killed, killed_at
from tests.factories.people import client_of, program_of

pytestmark = pytest.mark.django_db

_ENDS = ("finished", "declined", "withdrawn", "terminated", "transferred")
_ITEMS = [draw_id() for _ in range(3)]


def report(hall: Hall, case_id: UUID | None = None, **values: Any) -> UUID:
    """What a hall's operation reports of a case: one that was just received, but for these values."""
    today = timezone.localdate()
    case_id = case_id or draw_id()
    facts: dict[str, Any] = {
        "number": case_id.hex,
        "item_id": _ITEMS[0],
        "item_name": "食品经营许可",
        "citizen_id": None,
        "case_type": CaseType.PROMISED,
        "channel": CaseChannel.WINDOW,
        "state": CaseState.RECEIVED,
        "outcome": "",
        "received_on": today,
        "accepted_on": None,
        "decided_on": None,
        "ended_on": None,
        "owes_materials": False,
        "was_late": False,
    }
    report_case(hall_id=hall.pk, case_id=case_id, facts=CaseFacts(**facts | values))
    return case_id


def decided(hall: Hall, case_id: UUID | None = None, **values: Any) -> UUID:
    today = timezone.localdate()
    dates = {"accepted_on": today, "decided_on": today, "outcome": CaseOutcome.GRANTED}
    return report(hall, case_id, **{"state": CaseState.DECIDED, **dates, **values})


def area(by: Actor | None = None, *, place: str = "", hall: Hall | None = None, months: int = 11) -> SummaryArea:
    last = months_back(timezone.localdate(), 0)
    first = months_back(last, months)
    return area_of(by or person("zhao"), place=place, hall=str(hall.pk) if hall else "", first=first, last=last)


def total(place: str = "", hall: Hall | None = None) -> CaseSums:
    return case_summary(person("zhao"), area(place=place, hall=hall)).total


def county_of(hall: Hall) -> str:
    return hall.division.code[:6]


def count_all() -> None:
    while number_changes():
        pass


def live(halls: list[Hall], most: int) -> int:
    """So many cases go any way that the states allow, and are counted in between, always in the same order; returns how
    many there are."""
    chance = Random(14)  # noqa: S311 - the same at each run
    known: dict[UUID, dict[str, Any]] = {}
    today = timezone.localdate()
    for _ in range(220):
        if len(known) < most and chance.random() < 0.4:
            facts: dict[str, Any] = {
                "hall": chance.choice(halls),
                "case_type": chance.choice(list(CaseType)),
                "channel": chance.choice(list(CaseChannel)),
                "item_id": chance.choice(_ITEMS),
                "received_on": months_back(today, chance.randrange(11)),
                "state": CaseState.RECEIVED,
            }
            known[report(**facts)] = facts
        elif known:
            case_id = chance.choice(list(known))
            move(case_id, known[case_id], chance)
        if chance.random() < 0.2:
            number_changes(most=chance.choice([1, 3, 100]))
    return len(known)


def move(case_id: UUID, facts: dict[str, Any], chance: Random) -> None:
    today = timezone.localdate()
    follow = [one for one in CaseState if CASE_TRANSITIONS.allows(facts["state"], one)]
    if not follow:
        return
    state = facts["state"] = chance.choice(follow)
    if state in {CaseState.ACCEPTED, CaseState.DECIDED}:
        facts["accepted_on"] = today
    if state == CaseState.DECIDED:
        facts |= {"decided_on": today, "outcome": chance.choice(list(CaseOutcome))}
    facts["ended_on"] = None if state in OPEN_CASES else today
    report(case_id=case_id, **facts)


def check_lists(hall: Hall) -> None:
    """Every figure of a hall leads to as many cases as it says."""
    at = area(hall=hall)
    found = case_summary(person("zhao"), at)
    for name in SHOWN:
        assert listed_cases(at, shown=name).count() == found.total.of(name), name
        for kind, one in found.types:
            assert listed_cases(at, shown=name, case_type=kind).count() == one.of(name), (name, kind)
    for line in item_lines(person("zhao"), at):
        assert listed_cases(at, item=str(line.item_id)).count() == line.sums.of("received")


def figures() -> list[list[tuple[Any, ...]]]:
    """All of both tables, without their ids."""
    return [
        sorted(tuple(str(row[one]) for one in sorted(row) if one not in {"id", "created_at"}) for row in rows.values())
        for rows in (CaseFigure.objects, ItemFigure.objects, UnitFigure.objects)
    ]


class TestFigures:
    def test_agree_with_cases_and_with_each_other_whatever_happens(self, north: Hall, south: Hall) -> None:
        halls = [north, south, Hall.objects.get(slug="village")]
        assert live(halls, 40) == 40
        count_all()
        found = case_summary(person("zhao"), area())
        rows = CaseReport.objects.all()
        assert found.total.of("received") == rows.count() == 40
        assert found.total.of("in_hand") == rows.filter(state__in=OPEN_CASES).count()
        assert found.total.of("granted") == rows.filter(outcome=CaseOutcome.GRANTED).count()
        for name in _ENDS:
            assert found.total.of(name) == rows.filter(state=name).count(), name
        sums = [found.total, *(one for _, one in found.types), *(one.sums for one in found.places)]
        sums += [one.sums for one in item_lines(person("zhao"), area())]
        for one in sums:
            assert one.of("received") == one.of("in_hand") + sum(one.of(end) for end in _ENDS)
        channels = sum(found.total.of(f"by_{one}") for one in CaseChannel)
        assert channels == sum(one.sums.of("received") for one in found.places) == 40
        months = month_lines(person("zhao"), area())
        assert (len(months), sum(one.received for one in months)) == (12, 40)
        for hall in halls:
            check_lists(hall)
        assert halls_with_wrong_figures() == 0
        before = figures()
        assert recount_cases() == 0
        assert figures() == before

    def test_turn_when_a_case_is_late_and_when_it_is_decided_late(self, north: Hall) -> None:
        today = timezone.localdate()
        with known_owners():
            case_id = report(north, state=CaseState.ACCEPTED, accepted_on=today)
            for kind in (ClockKind.STATUTORY, ClockKind.PROMISED):
                make_clock(north, owner_id=case_id, kind=kind)
            count_all()
            names = ("due_soon", "over_statutory", "over_promised", "late_statutory", "late_promised")

            def told() -> list[int]:
                numbers = [total().of(one) for one in names]
                assert numbers == [total(hall=north).of(one) for one in names]
                assert numbers == [listed_cases(area(hall=north), shown=one).count() for one in names]
                assert numbers == [item_lines(person("zhao"), area())[0].sums.of(one) for one in names]
                return numbers

            assert told() == [0, 0, 0, 0, 0]
            promised = Clock.objects.filter(owner_id=case_id, kind=ClockKind.PROMISED)
            promised.update(near_on=today)
            assert told() == [1, 0, 0, 0, 0]
            promised.update(began_on=today - timedelta(days=30), due_on=today - timedelta(days=1), near_on=today)
            assert told() == [0, 0, 1, 0, 0]
            end_clocks(hall=north, owner_ids=[case_id])
            decided(north, case_id)
            count_all()
            assert told() == [0, 0, 0, 0, 1]

    def test_count_working_days_without_those_that_do_not_count(self, north: Hall) -> None:
        """承诺 10 个工作日; 3 to 5 June stand still (of 2026, all of them working days)."""
        with known_owners():
            case_id = report(north, state=CaseState.ACCEPTED)
            began = date(2026, 6, 1)
            given: dict[str, Any] = {"hall": north, "owner_ids": [case_id]}
            make_clock(north, owner_id=case_id, kind=ClockKind.PROMISED, began_on=began)
            pause_clocks(**given, why="专家评审", on=date(2026, 6, 3))
            resume_clocks(**given, on=date(2026, 6, 6))
            end_clocks(**given, on=date(2026, 6, 9))
            decided(north, case_id)
            count_all()
        found = total()
        # 2, 8 and 9 June
        assert (found.of("timed"), found.mean_days, found.mean_promised, found.kept_share) == (1, 3.0, 10.0, 100.0)

    def test_know_every_way_and_its_national_code(self) -> None:
        assert set(NATIONAL_CHANNELS) == set(CaseChannel)
        assert tuple(name for name in CaseSumsOut.model_fields if name.startswith("by_")) == CHANNELS

    def test_lose_what_a_hall_forgets_and_count_a_merged_hall_once(self, north: Hall, south: Hall) -> None:
        kept, _ = report(north), report(north)
        report(south)
        count_all()
        forget_cases_but(hall_id=north.pk, case_ids=[kept])
        assert (total().of("received"), halls_with_wrong_figures()) == (2, 0)
        # the county of the south is merged into that of the north, whose code somebody else bore before
        old = north.division
        Division.objects.create(
            code=old.code, name="旧县", level=old.level, parent=old.parent, valid_from=date(1990, 1, 1),
            valid_to=date(2000, 1, 1),
        )  # fmt: skip
        Division.objects.filter(pk=south.division_id).update(valid_to=timezone.localdate(), merged_into=old)
        assert total().of("received") == 2
        Division.objects.filter(pk=south.division_id).update(code=f"{county_of(north)}999000", merged_into=old)
        found = case_summary(person("zhao"), area())
        assert [(one.code, one.name, one.sums.of("received")) for one in found.places] == [
            (county_of(north), old.name, 2)
        ]
        halls = case_summary(person("zhao"), area(place=county_of(north))).places
        assert [one.sums.of("received") for one in halls] == [1, 1]

    def test_of_earlier_months_stand_apart(self, north: Hall) -> None:
        today = timezone.localdate()
        report(north, received_on=months_back(today, 1))
        decided(north, received_on=months_back(today, 1), state=CaseState.FINISHED, ended_on=today)
        report(north)
        count_all()
        found = case_summary(person("zhao"), area(months=0))
        assert (found.total.of("received"), found.earlier) == (1, 1)

    def test_are_not_counted_twice_by_who_is_killed(self, north: Hall) -> None:
        report(north)
        count_all()
        decided(north)
        for statement in range(1, 9):
            with pytest.raises(Killed), transaction.atomic(), killed_at(statement):
                number_changes()
            assert (total().of("received"), halls_with_wrong_figures()) == (1, 0)
        count_all()
        assert (number_changes(), total().of("received"), total().of("decided")) == (0, 2, 1)

    def test_that_are_wrong_turn_the_doctor_red_and_are_counted_again(self, north: Hall, south: Hall) -> None:
        report(north), report(south)
        count_all()
        assert figures_agree() is None
        breaks: list[Any] = [
            lambda: CaseFigure.objects.filter(hall=north).update(in_hand=7),
            lambda: ItemFigure.objects.filter(hall=north).delete(),
            lambda: UnitFigure.objects.filter(hall=north).update(received=7),
            lambda: CaseReport.objects.filter(hall=north).update(counted=None),
            lambda: CaseReport.objects.filter(hall=north).update(state=CaseState.WITHDRAWN),
        ]
        for broken in breaks:
            broken()
            fault = figures_agree()
            assert fault
            assert "抽查到 1 个服务厅" in fault.fault, fault
            told = CliRunner().invoke(app, ["recount", north.division.code])
            assert "1 个服务厅的数字原来不对" in told.stdout, told.output
            assert figures_agree() is None
        assert "数字原来就对" in CliRunner().invoke(app, ["recount"]).stdout

    def test_cost_the_same_for_ten_rows_and_for_ten_thousand(self, north: Hall) -> None:
        zeros = dict.fromkeys((*MEASURES, *CHANNELS), 0)
        by, at = person("zhao"), SummaryArea("", None, date(1000, 1, 1), months_back(timezone.localdate(), 0))

        def cost(first: int, last: int) -> tuple[int, int]:
            months = [date(1000 + number // 12, number % 12 + 1, 1) for number in range(first, last)]
            CaseFigure.objects.bulk_create(
                CaseFigure(hall=north, month=one, **zeros | {"received": 1}) for one in months
            )
            ItemFigure.objects.bulk_create(
                ItemFigure(hall=north, month=one, item_id=_ITEMS[0], **dict.fromkeys(MEASURES, 1)) for one in months
            )
            with CaptureQueriesContext(connection) as asked:
                case_summary(by, at), item_lines(by, at)
            return len(asked), case_summary(by, at).total.of("received")

        assert cost(0, 10) == (7, 10)
        assert cost(10, 10_000) == (7, 10_000)


class TestPage:
    def test_leads_from_the_province_to_a_hall_s_list(self, north: Hall, south: Hall) -> None:
        decided(north, channel=CaseChannel.SITE, number="420500-1")
        report(south)
        count_all()
        month = months_back(timezone.localdate(), 0)
        change_rating_figure(hall_id=north.pk, month=month, added={"very_good": 3, "bad": 1, "defaulted": 2})
        zhao, months = client_of("zhao"), f"from={months_back(month, 11):%Y-%m}&amp;to={month:%Y-%m}"
        top = zhao.get("/console/cases/").text
        for said in (
            *(f"?place={county_of(north)}&amp;{months}", "收件 2", "承诺件", "网站 1", "平均 4.25 分"),
            *("其中 1 次还没有反馈", "默认好评 2 次", "各月收件", "各地在办"),
        ):
            assert said in top, said
        code = north.division.code
        assert f"?place={code[:9]}" in zhao.get(f"/console/cases/?place={code[:6]}").text
        assert f"?hall={north.pk}&amp;{months}" in zhao.get(f"/console/cases/?place={code[:9]}").text
        hall = zhao.get(f"/console/cases/?hall={north.pk}").text
        assert f"/console/cases/listed/?hall={north.pk}&amp;shown=granted" not in hall
        assert f"/console/cases/listed/?hall={north.pk}&amp;shown=decided&amp;type=promised&amp;{months}" in hall
        assert "食品经营许可" in zhao.get(f"/console/cases/listed/?hall={north.pk}&shown=in_hand").text
        assert "没有这样的办件" in zhao.get(f"/console/cases/listed/?hall={north.pk}&shown=finished").text
        assert f"item={_ITEMS[0]}" in zhao.get(f"/console/cases/?hall={north.pk}&by=item").text
        assert "平均承诺" in zhao.get("/console/cases/?export=csv").text
        assert zhao.get("/console/cases/?export=xlsx&by=item").content.startswith(b"PK")
        assert "420500-1" in zhao.get(f"/console/cases/listed/?hall={north.pk}&export=csv").text
        program = program_of("zhao")
        told = program.get("/api/province/v1/cases/summary").json()
        assert [(one["code"], one["sums"]["received"]) for one in told["places"]] == [
            (county_of(one), 1) for one in sorted((north, south), key=county_of)
        ]
        assert program.get("/api/province/v1/cases/summary/items").json()[0]["sums"]["received"] == 2
        listed = program.get(f"/api/province/v1/cases/summary/cases?hall={north.pk}&shown=granted").json()
        assert [one["number"] for one in listed["items"]] == ["420500-1"]

    def test_shows_a_county_its_own_and_a_hall_s_clerk_nothing(self, north: Hall, south: Hall) -> None:
        report(north), report(south)
        count_all()
        make_person("jian", "县监察", Role.SUPERVISOR, north)
        jian, pages = client_of("jian"), "/console/cases/"
        found = case_summary(person("jian"), area(person("jian")))
        assert [one.code for one in found.places] == [county_of(north)]
        assert south.division.name not in jian.get(pages).text
        api = "/api/province/v1/cases/summary"
        strays = [
            address
            for address in (
                *(f"{pages}?place={south.division.code}", f"{pages}?hall={south.pk}", f"{pages}?place=x"),
                *(f"{pages}?hall=x", f"{pages}?hall={draw_id()}", f"{pages}listed/?hall={south.pk}", f"{pages}listed/"),
                *(f"{pages}listed/?hall={north.pk}&{one}=x" for one in ("shown", "type", "channel", "item")),
                *(f"{pages}?by=item&hall={south.pk}", f"{api}?hall={south.pk}", f"{api}?place={county_of(south)}"),
                *(f"{api}/items?hall={south.pk}", f"{api}/cases?hall={south.pk}"),
            )
            if jian.get(address).status_code != 404
        ]
        assert strays == []
        assert jian.get(f"{pages}?hall={north.pk}").status_code == 200
        with pytest.raises(NotFound):
            area(person("jian"), hall=south)
        for name in ("he", "cao"):
            for address in (
                pages,
                f"{pages}listed/?hall={north.pk}",
                api,
                f"{api}/items",
                f"{api}/cases?hall={north.pk}",
            ):
                assert client_of(name).get(address).status_code == 403, (name, address)
