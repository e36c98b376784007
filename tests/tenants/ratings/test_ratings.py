"""Ratings: once for a case or a visit, defaults apart, low ones answered within limits by somebody else, and figures
that agree with a plain recount."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime
from foundation.events.operations import drain_events, raise_due_events
from province.halls.models import Hall
from province.messaging.models import Notice
from province.satisfaction.models import RatingFigure
from province.satisfaction.queries.figures import COLUMNS, RatingSums, ratings_of_hall
from province.workdays.models import Clock
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import decline_case
from tenants.casework.operations.examining import withdraw_case
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.operations.mending import (
    close_low_rating,
    contact_rater,
    find_cause,
    mend_cause,
    note_rating_late,
    tell_rater,
)
from tenants.ratings.operations.opening import default_rating, open_case_rating, open_visit_rating
from tenants.ratings.operations.restored import report_ratings_again
from tenants.ratings.operations.settings import set_up_ratings
from tenants.ratings.queries.access import low_rating_of, low_ratings_of
from tenants.ratings.queries.figures import FEWEST, own_figures, rating_figures
from tenants.ratings.queries.links import rating_of_token, token_of
from tenants.ratings.states import LowRatingState, RatingChannel, RatingState
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import apply_at_window
from tests.factories.ratings import awaited, finished, rated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def figure(hall: Hall) -> dict[str, int]:
    """What the province knows, without zeros."""
    names = (*COLUMNS, "defaulted", "answered", "in_time")
    found = RatingFigure.objects.filter(hall=hall).values(*names)
    return dict(sum((Counter(one) for one in found), Counter()))


def act(hall: Hall, rating: Rating, *, by: str = "tao", founded: bool = True) -> LowRating:
    """All of it, in order."""
    given = {"by": person(by), "hall": hall, "rating_id": rating.pk}
    contact_rater(**given, said="打过电话，说等了两个小时。")
    find_cause(**given, finding="founded" if founded else "unfounded", said="查了叫号记录。")
    if founded:
        mend_cause(**given, said="增开一个窗口。")
    tell_rater(**given, said="对不起，已经增开窗口。")
    return close_low_rating(**given, said="通话记录 3 号。")


class TestOpening:
    def test_waits_for_a_rating_of_what_has_ended_and_of_nothing_else(self, at_north: Hall, setup: CaseSetup) -> None:
        running = apply_at_window(at_north, setup)
        open_case_rating(hall=at_north, case_id=running.pk)
        taken_back = apply_at_window(at_north, setup)
        withdraw_case(by=person("cao"), hall=at_north, case_id=taken_back.pk, reason="不办了")
        declined = apply_at_window(at_north, setup)
        decline_case(by=person("cao"), hall=at_north, case_id=declined.pk, said="不属于本厅职权")
        done = finished(at_north, setup)
        drain_events()
        # told again, it is the same
        open_case_rating(hall=at_north, case_id=done.pk)

        assert set(Rating.objects.values_list("case_id", flat=True)) == {declined.pk, done.pk}
        rating = Rating.objects.get(case_id=done.pk)
        assert (rating.state, rating.clerk_name, rating.place) == (RatingState.AWAITED, done.owner_name, "window")
        due = DueTime.objects.get(kind="ratings.lapses", subject_id=rating.pk).due_at
        assert timezone.localdate(due) == timezone.localdate() + timedelta(days=16)
        assert figure(at_north) == {}

    def test_makes_one_rating_of_one_case(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = awaited(at_north, setup)
        with pytest.raises(IntegrityError, match="one_rating_per_case"), transaction.atomic():
            Rating.objects.create(case_id=rating.case_id, item_name="x", place="window", served_at=timezone.now())
        with pytest.raises(IntegrityError, match="only_given_ratings_have_a_grade"), transaction.atomic():
            Rating.objects.filter(pk=rating.pk).update(grade=1)

    def test_of_a_visit_is_for_who_serves_and_for_the_halls_own_items(self, at_north: Hall, setup: CaseSetup) -> None:
        with pytest.raises(NotAllowed):
            open_visit_rating(by=person("sun"), hall=at_north)
        with pytest.raises(NotFound):
            open_visit_rating(by=person("cao"), hall=at_north, item_id=setup.pk)
        visit = open_visit_rating(by=person("cao"), hall=at_north, item_id=setup.item_id)
        assert (visit.case_id, visit.clerk_id, visit.item_id) == (None, person("cao").id, setup.item_id)


class TestGiving:
    def test_counts_once_whatever_is_sent_again(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = awaited(at_north, setup)
        given = {"hall": at_north, "rating_id": rating.pk, "channel": RatingChannel.SITE}
        for grade, reasons, where in (
            (6, [], "grade"),
            (4, [], "reasons"),
            (1, ["wb1"], "reasons"),
            (1, ["og1"], "reasons"),
        ):
            with pytest.raises(Invalid) as refused:
                give_rating(**given, grade=grade, reasons=reasons)
            assert [one.where for one in refused.value.faults] == [where]
        with pytest.raises(Invalid):
            give_rating(**given, grade=5, opinion="长" * 501)
        give_rating(**given, grade=2, reasons=["wg2", "wg1"], opinion=" 很好\u0000 ")
        again = give_rating(**given, grade=2, reasons=["wg1", "wg2"], opinion="很好")
        assert (again.grade, again.reasons, again.opinion) == (2, ["wg1", "wg2"], "很好")
        with pytest.raises(Conflict):
            give_rating(**given, grade=1)
        assert figure(at_north) == {"good": 1}
        assert not DueTime.objects.filter(kind="ratings.lapses", subject_id=rating.pk).exists()
        assert not LowRating.objects.exists()

    def test_is_found_by_a_link_of_this_hall_alone(self, at_north: Hall, south: Hall, setup: CaseSetup) -> None:
        rating = awaited(at_north, setup)
        token = token_of(at_north, rating)
        assert rating_of_token(at_north, token) == rating
        for hall, text in ((south, token), (at_north, f"{token}x"), (at_north, rating.pk.hex), (at_north, "")):
            with pytest.raises(NotFound):
                rating_of_token(hall, text)

    def test_does_not_reach_another_halls(self, at_north: Hall, south: Hall, setup: CaseSetup) -> None:
        rating = awaited(at_north, setup)
        with schemas.enter(south.schema_name):
            with pytest.raises(NotFound):
                rated(south, rating)
            with pytest.raises(LookupError):
                rated(at_north, rating)
        assert figure(at_north) == figure(south) == {}


class TestDefault:
    def test_is_kept_apart_and_gives_way_to_a_real_rating(self, at_north: Hall, setup: CaseSetup) -> None:
        rating, other = awaited(at_north, setup), awaited(at_north, setup)
        DueTime.objects.filter(kind="ratings.lapses").update(due_at=timezone.now() - timedelta(minutes=1))
        raise_due_events()
        drain_events()
        default_rating(hall=at_north, rating_id=rating.pk)
        assert set(Rating.objects.values_list("state", flat=True)) == {RatingState.DEFAULTED}
        assert figure(at_north) == {"defaulted": 2}
        today = timezone.localdate().replace(day=1)
        sums = ratings_of_hall(at_north.pk, first=today, last=today)
        assert (sums.given, sums.average, sums.good_share, sums.defaulted) == (0, None, None, 2)

        rated(at_north, other, 4)
        assert figure(at_north) == {"defaulted": 1, "bad": 1}
        sums = ratings_of_hall(at_north.pk, first=today, last=today)
        assert (sums.average, sums.good_share, sums.answered_share) == (2.0, 0.0, 0.0)
        # what was rated lapses no more
        default_rating(hall=at_north, rating_id=other.pk)
        assert figure(at_north) == {"defaulted": 1, "bad": 1}


class TestLowRating:
    def test_is_called_mended_told_and_closed_within_its_limits(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = rated(at_north, awaited(at_north, setup), 5)
        clocks = Clock.objects.filter(owner_id=rating.pk)
        assert dict(clocks.values_list("kind", "limit")) == {"contact": "1wd", "mending": "15wd"}
        given = {"by": person("tao"), "hall": at_north, "rating_id": rating.pk, "said": "x"}
        for early in (mend_cause, tell_rater, close_low_rating):
            with pytest.raises(Conflict):
                early(**given)
        with pytest.raises(Invalid):
            contact_rater(**given | {"said": " "})
        with pytest.raises(Conflict):
            find_cause(**given, finding="founded")

        low = act(at_north, rating)
        assert (low.state, low.was_late, low.told) == (LowRatingState.CLOSED, False, "对不起，已经增开窗口。")
        assert [one.act for one in low.acts.order_by("pk")] == ["contact", "find", "mend", "tell", "close"]
        assert dict(clocks.values_list("kind", "state")) == {"contact": "met", "mending": "met"}
        assert figure(at_north) == {"very_bad": 1, "answered": 1, "in_time": 1}
        with pytest.raises(Conflict):
            tell_rater(**given)
        assert figure(at_north)["answered"] == 1

        unfounded = rated(at_north, awaited(at_north, setup), 4)
        assert act(at_north, unfounded, founded=False).finding == "unfounded"

    def test_is_late_once_a_limit_has_run_out_and_says_so_once(self, at_north: Hall, setup: CaseSetup) -> None:
        rating = rated(at_north, awaited(at_north, setup), 4)
        late = {"hall": at_north, "rating_id": rating.pk, "cause_id": rating.pk}
        note_rating_late(**late, kind="contact")
        note_rating_late(**late, kind="contact")
        assert [one.act for one in rating.low.acts.all()] == ["late"]
        assert Notice.objects.filter(kind="ratings.late").values("account").distinct().count() >= 1
        act(at_north, rating)
        note_rating_late(**late, kind="mending")
        assert figure(at_north) == {"bad": 1, "answered": 1}

        called = rated(at_north, awaited(at_north, setup), 4)
        contact_rater(by=person("tao"), hall=at_north, rating_id=called.pk, said="已联系。")
        # a clock that was told too late
        note_rating_late(hall=at_north, rating_id=called.pk, kind="contact", cause_id=called.pk)
        assert not LowRating.objects.get(rating=called).was_late

    def test_is_hidden_from_who_was_rated_and_handled_by_others(
        self, at_north: Hall, south: Hall, setup: CaseSetup
    ) -> None:
        visit = rated(at_north, open_visit_rating(by=person("tao"), hall=at_north), 5)
        drain_events()
        tao, he = Desk(person("tao"), at_north), Desk(person("he"), at_north)
        assert not low_ratings_of(tao).exists()
        with pytest.raises(NotFound):
            low_rating_of(tao, visit.pk)
        with pytest.raises(NotAllowed, match="评价的是您自己"):
            contact_rater(by=person("tao"), hall=at_north, rating_id=visit.pk, said="x")
        assert [one.rating for one in low_ratings_of(he)] == [visit]
        told = set(Notice.objects.filter(kind="ratings.low").values_list("account__username", flat=True))
        assert told
        assert "tao" not in told
        # who handles cases and answers no low rating
        with pytest.raises(NotAllowed):
            contact_rater(by=person("cao"), hall=at_north, rating_id=visit.pk, said="x")
        # no row says who has rated
        columns = {field.name for model in (Rating, LowRating) for field in model._meta.get_fields()}
        assert not [name for name in columns if "citizen" in name or "applicant" in name or "phone" in name]

        few = own_figures(tao, first=timezone.localdate().replace(day=1), last=timezone.localdate())
        assert few is None


class TestFigures:
    def test_agree_with_a_plain_recount_by_hall_department_item_and_clerk(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        he, month = person("he"), timezone.localdate().replace(day=1)
        given: list[tuple[str, str, int]] = []
        for number, grade in enumerate((1, 1, 2, 3, 5, 4, 1, 2)):
            who, item = ("cao", "tao")[number % 2], (setup.item_id, None)[number % 3 == 0]
            visit = open_visit_rating(by=person(who), hall=at_north, item_id=item)
            rated(at_north, visit, grade)
            given.append((visit.clerk_name, visit.item_name, grade))
        for number in range(3):
            default_rating(hall=at_north, rating_id=open_visit_rating(by=person("cao"), hall=at_north).pk)
            assert number < 3
        low = LowRating.objects.order_by("pk").first()
        assert low
        act(at_north, low.rating, by="he")

        def plain(key: int) -> dict[str, list[int]]:
            found: dict[str, list[int]] = {one[key]: [0] * 5 for one in given}
            for one in given:
                found[one[key]][one[2] - 1] += 1
            return found

        for kind, key in (("clerk", 0), ("item", 1)):
            lines = rating_figures(Desk(he, at_north), kind, first=month, last=month)
            assert {one.name: list(one.sums.counts) for one in lines if one.sums.given} == plain(key)
        grades = [one[2] for one in given]
        [hall] = rating_figures(Desk(he, at_north), "hall", first=month, last=month)
        [unit] = [one for one in rating_figures(Desk(he, at_north), "unit", first=month, last=month) if one.sums.given]
        assert hall.sums == unit.sums == ratings_of_hall(at_north.pk, first=month, last=month)
        assert hall.sums.average == round(sum(6 - one for one in grades) / len(grades), 2)
        assert hall.sums.good_share == round(100 * sum(one < 4 for one in grades) / len(grades), 1)
        assert (hall.sums.defaulted, hall.sums.low, hall.sums.answered, hall.sums.answered_share) == (3, 2, 1, 50.0)
        # nothing of another month
        before = month - timedelta(days=1)
        assert not rating_figures(Desk(he, at_north), "clerk", first=before, last=before)
        rated(at_north, open_visit_rating(by=person("cao"), hall=at_north), 1)
        own = own_figures(Desk(person("cao"), at_north), first=month, last=month)
        assert own
        assert own.given == FEWEST

    def test_are_counted_anew_after_a_restore(self, at_north: Hall, setup: CaseSetup) -> None:
        low = rated(at_north, awaited(at_north, setup), 5)
        act(at_north, low)
        waiting = awaited(at_north, setup)
        before = figure(at_north)
        RatingFigure.objects.filter(hall=at_north).update(good=7, answered=9)
        DueTime.objects.filter(subject_id=waiting.pk).delete()
        report_ratings_again(hall=at_north)
        assert figure(at_north) == before == {"very_bad": 1, "answered": 1, "in_time": 1}
        assert DueTime.objects.filter(kind="ratings.lapses", subject_id=waiting.pk).exists()
        rated(at_north, waiting, 5)
        Rating.objects.filter(pk=waiting.pk).delete()
        report_ratings_again(hall=at_north)
        assert set(Clock.objects.filter(owner_id=waiting.pk).values_list("state", flat=True)) == {"dropped"}

    def test_have_no_average_without_ratings(self) -> None:
        nothing = RatingSums()
        assert (nothing.average, nothing.good_share, nothing.answered_share) == (None, None, None)


class TestSettings:
    def test_are_for_the_administrator_and_within_bounds(self, at_north: Hall, setup: CaseSetup) -> None:
        wish = {"hall": at_north, "default_days": 7, "contact_days": 2, "mending_days": 5}
        with pytest.raises(NotAllowed):
            set_up_ratings(by=person("tao"), **wish)
        with pytest.raises(Invalid):
            set_up_ratings(by=person("he"), **wish | {"mending_days": 31})
        set_up_ratings(by=person("he"), **wish)
        rating = rated(at_north, awaited(at_north, setup), 5)
        assert set(Clock.objects.filter(owner_id=rating.pk).values_list("limit", flat=True)) == {"2wd", "5wd"}
