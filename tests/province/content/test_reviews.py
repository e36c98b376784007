import pytest

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.queries import entries_about
from province.content.models import ManuscriptVersion
from province.content.operations import RETURN_REASONS, approve_version, pass_review, return_version
from province.content.queries import review_queue, reviews_of, version_at_desk, why_not_review
from province.content.states import ReviewState
from province.rights.queries import system_actor
from province.rights.roles import Role
from tests.conftest import person
from tests.factories.halls import make_person
from tests.factories.manuscripts import COUNTY, make_version, make_version_in_review

pytestmark = pytest.mark.django_db


def _county_version(state: ReviewState = ReviewState.FIRST) -> ManuscriptVersion:
    return make_version(state=state, by="sun", desk_prefix=COUNTY)


class TestPassReview:
    def test_moves_the_version_one_step_and_says_who(self) -> None:
        version = pass_review(by=person("qian"), version=make_version_in_review(), reason="可以")
        version.refresh_from_db()
        assert version.state == ReviewState.SECOND
        review = reviews_of(version).get()
        assert (review.step, review.is_passed, review.reason, review.reviewer_name) == ("first", True, "可以", "钱宁")
        entry = entries_about(version.manuscript_id).get()
        assert (entry.act, entry.actor_name) == ("content.pass_review", "钱宁")
        assert entry.changes["state"] == ["first", "second"]

    def test_is_given_once_by_each_person(self) -> None:
        version = pass_review(by=person("qian"), version=make_version_in_review())
        with pytest.raises(NotAllowed, match="三个人"):
            pass_review(by=person("qian"), version=version)

    def test_lets_a_writer_give_an_early_one_and_never_the_final_one(self) -> None:
        version = pass_review(by=person("sun"), version=_county_version())
        version = pass_review(by=person("zhao"), version=version)
        final = _county_version(ReviewState.FINAL)
        with pytest.raises(NotAllowed, match="终审"):
            pass_review(by=person("sun"), version=final)
        assert pass_review(by=person("li"), version=final).state == ReviewState.APPROVED

    def test_is_not_given_by_somebody_who_only_touched_the_text(self) -> None:
        version = make_version(state=ReviewState.FINAL)
        other = make_person("feng", "冯中", Role.PROVINCE_OPERATOR)
        edited = make_version(state=ReviewState.FINAL, manuscript=version.manuscript, by="qian")
        assert why_not_review(person("qian"), edited)
        assert not why_not_review(person(other.username), edited)

    def test_asks_for_the_right(self) -> None:
        with pytest.raises(NotAllowed):
            pass_review(by=person("qian").narrowed(["content.read", "content.write"]), version=make_version_in_review())

    @pytest.mark.parametrize("who", ["zhou", "wu"])
    def test_knows_nothing_of_another_desks_version(self, who: str) -> None:
        version = _county_version()
        for act in (
            lambda: pass_review(by=person(who), version=version),
            lambda: return_version(by=person(who), version=version, reason="不行"),
            lambda: approve_version(by=person(who), version=version),
            lambda: version_at_desk(person(who), version.id),
        ):
            with pytest.raises(NotFound):
                act()

    def test_does_not_give_the_next_one_by_mistake_where_somebody_was_quicker(self) -> None:
        seen = _county_version()
        also_seen = ManuscriptVersion.objects.get(id=seen.id)
        pass_review(by=person("li"), version=seen)
        with pytest.raises(Conflict, match="李北刚刚审核过"):
            pass_review(by=person("zhao"), version=also_seen)
        with pytest.raises(Conflict):
            pass_review(by=person("zhao"), version=version_at_desk(person("zhao"), seen.id), step=ReviewState.FIRST)

    @pytest.mark.parametrize("state", [ReviewState.APPROVED, ReviewState.RETURNED])
    def test_comes_too_late_for_what_is_decided(self, state: ReviewState) -> None:
        with pytest.raises(Conflict, match="不能再审核"):
            pass_review(by=person("qian"), version=make_version(state=state))


class TestReturnVersion:
    @pytest.mark.parametrize("state", [ReviewState.FIRST, ReviewState.SECOND, ReviewState.FINAL])
    def test_ends_the_review_at_any_step_with_a_reason(self, state: ReviewState) -> None:
        version = return_version(by=person("qian"), version=make_version(state=state), reason=RETURN_REASONS[0])
        assert version.state == ReviewState.RETURNED
        assert reviews_of(version).get().reason == RETURN_REASONS[0]
        assert entries_about(version.manuscript_id).get().reason == RETURN_REASONS[0]

    @pytest.mark.parametrize("reason", ["", " \n ", "长" * 501])
    def test_wants_a_reason_of_some_sense(self, reason: str) -> None:
        with pytest.raises(Invalid) as refused:
            return_version(by=person("qian"), version=make_version_in_review(), reason=reason)
        assert refused.value.faults[0].where == "reason"

    def test_has_ready_made_reasons_that_fit(self) -> None:
        assert len(RETURN_REASONS) >= 6
        assert all(0 < len(reason) <= 500 for reason in RETURN_REASONS)


class TestApproveVersion:
    def test_gives_a_person_one_of_the_three_alone(self) -> None:
        assert approve_version(by=person("qian"), version=make_version_in_review()).state == ReviewState.SECOND

    def test_lets_the_machine_give_all_and_names_it(self) -> None:
        version = approve_version(by=system_actor("命令行"), version=make_version_in_review())
        assert version.state == ReviewState.APPROVED
        assert [review.reviewer_name for review in reviews_of(version)] == ["命令行"] * 3

    def test_does_not_undo_the_authors_rule(self) -> None:
        with pytest.raises(NotAllowed):
            approve_version(by=person("zhao"), version=make_version(state=ReviewState.FINAL))


class TestReviewQueue:
    def test_has_urgent_versions_first_then_the_oldest(self) -> None:
        for title, is_urgent in (("一", False), ("二", False), ("急", True)):
            make_version_in_review(title=title, is_urgent=is_urgent)
        make_version(state=ReviewState.APPROVED, title="已过")
        assert [version.title for version in review_queue(person("qian"))] == ["急", "一", "二"]

    def test_says_which_of_them_the_actor_may_decide(self) -> None:
        early, final = make_version_in_review(title="早"), make_version(state=ReviewState.FINAL, title="终")
        given = pass_review(by=person("zhao"), version=make_version_in_review(title="已审"))
        for who in ("zhao", "qian"):
            for version in review_queue(person(who)):
                expected = not why_not_review(person(who), version)
                assert version.may_review is expected, version.title
        assert {version.id for version in review_queue(person("zhao")) if version.may_review} == {early.id}
        assert {version.id for version in review_queue(person("qian")) if version.may_review} == {
            early.id,
            final.id,
            given.id,
        }

    def test_shows_the_actors_own_desks_alone(self) -> None:
        make_version_in_review(title="省里")
        _county_version()
        assert review_queue(person("zhao")).count() == 2
        assert review_queue(person("li")).count() == 1
        assert review_queue(person("zhou")).count() == 0
        assert review_queue(person("wu")).count() == 0


class TestReviewerOfOneStep:
    def test_gives_that_review_alone(self) -> None:
        version = make_version_in_review(by="sun")
        for who in ("ma", "fang"):
            with pytest.raises(NotAllowed):
                pass_review(by=person(who), version=version)
        pass_review(by=person("lu"), version=version)
        version.refresh_from_db()
        with pytest.raises(NotAllowed):
            return_version(by=person("lu"), version=version, reason="再看看")
        for who in ("ma", "fang"):
            version = pass_review(by=person(who), version=version)
        assert version.state == ReviewState.APPROVED

    def test_finds_in_the_queue_what_waits_for_it(self) -> None:
        version = make_version_in_review(by="sun")
        assert [one.pk for one in review_queue(person("lu"))] == [version.pk]
        assert not review_queue(person("ma")).exists()
        pass_review(by=person("lu"), version=version)
        assert not review_queue(person("lu")).exists()
        assert review_queue(person("ma")).exists()
