from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from foundation import schemas
from foundation.errors import NotAllowed, NotFound
from foundation.events.models import Event
from foundation.events.operations import drain_events
from province.audit.queries import entries_about
from province.catalogue.models import HallItem
from province.catalogue.operations.assignments import assign_items
from province.halls.models import Division, Hall, HallDomain, HallKind
from province.halls.queries.naming import draw_slugs, hall_name
from province.halls.states import HallState
from provisioning.create import planned_halls, provision_halls, start_rollout
from provisioning.models import HallSchema, RolloutStep
from provisioning.queries import rollout_progress
from provisioning.states import RolloutState, StepState
from standards.numbers.divisions import DivisionLevel
from tenants.portal.models import Column
from tenants.portal.operations.columns import STARTING_COLUMNS
from tests.conftest import person
from tests.factories.catalogue import make_published
from tests.factories.halls import make_division
from tests.provisioning.conftest import MakeVillages

pytestmark = pytest.mark.django_db


class TestProvisionHalls:
    def test_makes_every_hall_below_a_division_that_has_none(self, make_villages: MakeVillages) -> None:
        make_villages(3)
        rollout = provision_halls(by=person("zhao"), under="420582", workers=1)
        assert rollout.state == RolloutState.DONE
        made = Hall.objects.filter(number__gt=3).order_by("number")
        # 河溶镇 had none either; the hall of 红联村 stays as it was
        assert [hall.name for hall in made] == [
            "玉阳街道便民服务中心",
            "河溶镇便民服务中心",
            *(f"东{one}村便民服务室" for one in "甲乙丙"),
        ]
        assert Hall.objects.get(slug="village").state == HallState.LIVE

    def test_leaves_each_hall_whole(self, make_villages: MakeVillages, north: Hall) -> None:
        Hall.objects.filter(pk=north.pk).update(accent_colour="#a01818", icp_number="鄂ICP备1号", emblem_key="e.svg")
        make_villages(1)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        hall = Hall.objects.get(division__code="420582001200")
        assert (hall.slug, hall.state, hall.kind) == ("dongjia", HallState.TRIAL, HallKind.VILLAGE)
        assert hall.prefixes == ["42", "4205", "420582", "420582001", "420582001200"]
        assert (hall.accent_colour, hall.icp_number, hall.emblem_key) == ("#a01818", "鄂ICP备1号", "e.svg")
        assert hall.organiser == "当阳市人民政府"
        assert HallDomain.objects.get(tenant=hall, is_primary=True).domain == "dongjia.yizhan.localhost"
        assert hall.generation_row.generation == 1
        assert set(hall.figures.columns) == {one.code for one in STARTING_COLUMNS[HallKind.VILLAGE]}
        assert HallSchema.objects.filter(hall=hall, kind=HallKind.VILLAGE).exists()
        [entry] = entries_about(hall.id)
        assert (entry.actor_name, entry.changes) == ("赵敏", {"state": ["planned", "trial"]})
        with schemas.enter(hall.schema_name):
            columns = Column.objects.order_by("order").values_list("code", "name")
            assert list(columns) == [(one.code, one.name) for one in STARTING_COLUMNS[HallKind.VILLAGE]]

    def test_lets_a_new_hall_take_up_what_its_county_hands_down(self, make_villages: MakeVillages) -> None:
        version = make_published()
        kinds = [HallKind.VILLAGE]
        assign_items(by=person("sun"), prefix="420582", kinds=kinds, item_ids=[version.item_id])
        make_villages(2)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        drain_events()
        halls = set(Hall.objects.filter(kind=HallKind.VILLAGE).values_list("pk", flat=True))
        assert set(HallItem.objects.values_list("hall_id", flat=True)) == halls

    def test_draws_ids_of_their_own_for_each_halls_columns(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        ids = []
        for hall in Hall.objects.filter(division__code__startswith="4205820012"):
            with schemas.enter(hall.schema_name):
                ids += Column.objects.values_list("id", flat=True)
        assert len(ids) == len(set(ids)) == 8

    def test_makes_only_the_kinds_that_were_asked_for(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        provision_halls(by=person("zhao"), under="420582", kinds=[HallKind.TOWNSHIP], workers=1)
        assert Hall.objects.filter(kind=HallKind.TOWNSHIP).count() == 2
        assert Hall.objects.filter(kind=HallKind.VILLAGE).count() == 1

    def test_leaves_out_what_is_no_government_and_what_is_gone(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        Division.objects.filter(code="420582001200").update(is_government=False)
        Division.objects.filter(code="420582001201").update(valid_to=timezone.now().date())
        assert [one.division.code for one in planned_halls(under="420582001")] == ["420582001000"]

    def test_changes_nothing_when_repeated(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        before = list(Hall.objects.order_by("pk").values())
        again = provision_halls(by=person("zhao"), under="420582001", workers=1)
        assert again.state == RolloutState.DONE
        assert not again.steps.exists()
        assert list(Hall.objects.order_by("pk").values()) == before

    def test_goes_on_past_a_hall_that_cannot_be_made(self, make_villages: MakeVillages) -> None:
        make_villages(3)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        # what the second village's hall would be called is taken meanwhile
        step = rollout.steps.get(division__code="420582001201")
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "hall_{step.number:06d}"')
        rollout = provision_halls(by=person("zhao"), under="420582001", workers=1)
        assert rollout.state == RolloutState.PARTLY_DONE
        [failure] = rollout_progress(rollout.id).failures
        assert (failure.code, failure.name) == ("420582001201", "东乙村委会")
        assert "already exists" in failure.reason
        assert not Hall.objects.filter(division__code="420582001201").exists()
        assert Hall.objects.filter(division__code__in=["420582001200", "420582001202"]).count() == 2
        # with the next number it can be
        assert provision_halls(by=person("zhao"), under="420582001", workers=1).state == RolloutState.DONE
        assert Hall.objects.filter(division__code="420582001201").exists()

    def test_is_refused_to_a_halls_editor(self) -> None:
        with pytest.raises(NotAllowed):
            provision_halls(by=person("sun"), under="420582", workers=1)

    def test_refuses_a_code_that_no_division_has(self) -> None:
        with pytest.raises(NotFound):
            provision_halls(by=person("zhao"), under="999999", workers=1)


class TestStartRollout:
    def test_leaves_an_event_and_steps_and_makes_nothing_yet(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        assert Event.objects.filter(subject_id=rollout.id).count() == 1
        progress = rollout_progress(rollout.id)
        assert (progress.total, progress.waiting, progress.percent) == (3, 3, 0)
        assert not Hall.objects.filter(division__code__startswith="420582001").exists()

    def test_joins_the_rollout_that_runs_already(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        first = start_rollout(by=person("zhao"), under="420582001000")
        second = start_rollout(by=person("qian"), under="420582001")
        assert first.pk == second.pk
        assert RolloutStep.objects.filter(rollout=first).count() == 3

    def test_reserves_numbers_and_names_for_what_waits(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        first = start_rollout(by=person("zhao"), under="420582001200")
        second = start_rollout(by=person("zhao"), under="420582001")
        numbers = RolloutStep.objects.filter(rollout__in=[first, second]).values_list("number", "slug")
        assert len({number for number, _ in numbers}) == 4


class TestRolloutProgress:
    def test_takes_the_same_queries_for_few_and_many(
        self, make_villages: MakeVillages, django_assert_num_queries: object
    ) -> None:
        make_villages(40)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert rollout_progress(rollout.id).total == 41

    def test_says_when_nobody_carries_on(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        assert not rollout_progress(rollout.id).is_stalled
        type(rollout).objects.filter(pk=rollout.pk).update(created_at=timezone.now() - timedelta(minutes=5))
        assert rollout_progress(rollout.id).is_stalled

    def test_says_what_is_done(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        done = rollout_progress(provision_halls(by=person("zhao"), under="420582001", workers=1).id)
        assert (done.done, done.failed, done.waiting, done.percent, done.remaining) == (3, 0, 0, 100, None)
        assert not RolloutStep.objects.filter(state=StepState.WAITING).exists()


class TestDrawSlugs:
    def test_adds_the_parents_name_and_then_a_digit_where_a_name_is_taken(self) -> None:
        county = Division.objects.get(code="420582000000")
        township = make_division("420582009000", "玉泉镇", DivisionLevel.TOWNSHIP, county)
        villages = [
            make_division(f"42058200920{position}", name, DivisionLevel.VILLAGE, township)
            for position, name in enumerate(("三桥村委会", "三桥社区居委会", "三桥村", "绿杨村"))
        ]
        assert draw_slugs(villages, ["lvyang"]) == [
            *("sanqiao", "sanqiao-yuquan", "sanqiao-yuquan-2", "lvyang-yuquan"),
        ]
        assert [hall_name(one, HallKind.VILLAGE) for one in villages[:2]] == ["三桥村便民服务室", "三桥社区便民服务室"]
