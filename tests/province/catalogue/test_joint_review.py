"""Joint review: every office its own people, all opinions together, and what a reviewer and an author see of it."""

from itertools import product

import pytest

from foundation.errors import Conflict, DomainError, Invalid, NotAllowed
from province.catalogue.models import ItemReview, ItemVersion, Office
from province.catalogue.operations import pass_review, recall_version, return_version, submit_version
from province.catalogue.operations.offices import arrange_office
from province.catalogue.queries.reviews import (
    answered_reasons,
    open_offices,
    reasons_for_draft,
    returned_before,
    review_queue,
)
from province.catalogue.states import VersionState
from province.people.operations.positions import give_position
from province.rights.roles import Reach
from tests.conftest import person
from tests.factories.catalogue import (
    REASON,
    approve,
    change_draft,
    make_approved,
    make_item,
    make_published,
    reviewer,
    submit,
)
from tests.factories.people import account, client_of, make_role, make_unit

pytestmark = pytest.mark.django_db

ITEMS = "/console/items/"


def office(code: str) -> Office:
    return Office.objects.get(code=code)


def return_for(version: ItemVersion, code: str = "legal", reason: str = REASON) -> ItemReview:
    return_version(by=reviewer(), version=version, office=office(code), reason=reason)
    return version.reviews.get(office__code=code)


class TestReviewer:
    def test_of_every_office_decides_for_one(self) -> None:
        version, qian = submit(make_item()), person("qian")
        pass_review(by=qian, version=version, office=office("legal"))
        for act in (pass_review, return_version):
            with pytest.raises(NotAllowed, match="您已代表法制审核过这一版"):
                act(by=qian, version=version, office=office("disclosure"), reason=REASON)
        assert not review_queue(qian)
        page = client_of("qian").get(f"{ITEMS}versions/{version.pk}/").content.decode()
        assert "您已代表法制审核过这一版" in page
        assert 'name="decision"' not in page

    def test_of_two_units_decides_for_one(self) -> None:
        for code, name in (("legal", "法制"), ("disclosure", "政务公开")):
            unit = make_unit(f"{name}处")
            arrange_office(by=person("zhao"), code=code, name=name, sections=["grounds"], unit_id=unit.pk)
            role = make_role(f"{name}审核", ["catalogue.read", "catalogue.review"])
            give_position(by=person("zhao"), account=account("lu"), role=role, unit=unit, reach=Reach.UNIT)
        version = submit(make_item())
        pass_review(by=person("lu"), version=version, office=office("legal"))
        with pytest.raises(NotAllowed, match="应由各自的人审核"):
            pass_review(by=person("lu"), version=version, office=office("disclosure"))

    def test_decides_for_another_office_of_the_next_version(self) -> None:
        item, qian = make_item(), person("qian")
        return_version(by=qian, version=submit(item), office=office("legal"), reason=REASON)
        change_draft(item, promised_days=5)
        pass_review(by=qian, version=submit(item), office=office("disclosure"))


class TestOfficesPage:
    def test_says_which_offices_have_no_people_of_their_own_and_when_these_are_too_few(self) -> None:
        page = client_of("zhao").get("/console/items/offices/").content.decode()
        assert "由所有审核人员代审" in page
        # Zhao and Qian, and three offices
        assert "现在只有 2 人能审" in page
        unit = make_unit("法制处")
        arrange_office(by=person("zhao"), code="legal", name="法制", sections=["grounds"], unit_id=unit.pk)
        assert "现在只有" not in client_of("zhao").get("/console/items/offices/").content.decode()


class TestOpinions:
    def test_are_gathered_after_a_return_until_it_is_submitted_again(self) -> None:
        item = make_item()
        version = submit(item)
        return_for(version)
        assert [one.code for one in open_offices(version)] == ["disclosure", "establishment"]
        assert [one.pk for one in review_queue(person("qian"))] == [version.pk]
        second = return_version(by=reviewer("何力"), version=version, office=office("disclosure"), reason="电话不通")
        third = pass_review(by=reviewer(), version=version, office=office("establishment"), reason="层级正确")
        assert (second.state, third.state) == ("returned", "returned")
        page = client_of("zhao").get(f"{ITEMS}{item.pk}/").content.decode()
        assert all(words in page for words in (REASON, "政务公开退回：电话不通", "编办通过：层级正确"))
        assert [one.review.reason for one in reasons_for_draft(item)] == [REASON, "电话不通"]

    def test_come_too_late_once_it_is_submitted_again(self) -> None:
        item = make_item()
        version = submit(item)
        return_for(version)
        change_draft(item, promised_days=5)
        submit(item)
        assert not open_offices(version)
        with pytest.raises(Conflict, match="已重新报送"):
            pass_review(by=reviewer(), version=version, office=office("disclosure"))

    def test_of_a_later_step_are_not_asked_for(self) -> None:
        arrange_office(by=person("zhao"), code="disclosure", name="政务公开", step=2, sections=["disclosure"])
        version = submit(make_item())
        return_for(version)
        assert [one.code for one in open_offices(version)] == ["establishment"]
        with pytest.raises(Conflict, match="还没有轮到政务公开"):
            pass_review(by=reviewer(), version=version, office=office("disclosure"))


class TestResubmission:
    def test_of_what_came_back_unchanged_is_refused(self) -> None:
        item = make_item()
        return_for(submit(item))
        with pytest.raises(Conflict, match="内容与第 1 次报送（已退回）相同"):
            submit(item)
        change_draft(item, promised_days=5)
        recall_version(by=person("zhao"), version=submit(item))
        change_draft(item, promised_days=make_item(1).values["promised_days"])
        with pytest.raises(Conflict, match="第 1 次报送"):
            submit(item)

    def test_answers_every_reason(self) -> None:
        item = make_item()
        version = submit(item)
        first, second = return_for(version), return_for(version, "disclosure", "电话不通")
        change_draft(item, promised_days=5)
        with pytest.raises(Invalid, match="答复") as refused:
            submit_version(by=person("zhao"), item=item, answers={first.pk: "已换成现行条文"})
        assert [fault.where for fault in refused.value.faults] == [f"answer-{second.pk}"]
        answers = {first.pk: "已换成现行条文", second.pk: "已改"}
        again = submit_version(by=person("zhao"), item=item, answers=answers)
        assert [(one.review.reason, one.answer) for one in answered_reasons(again)] == [
            (REASON, "已换成现行条文"),
            ("电话不通", "已改"),
        ]

    def test_shows_the_reviewer_reason_answer_and_what_changed_since(self) -> None:
        item = make_published().item
        change_draft(item, promised_days=5)
        return_for(submit(item))
        change_draft(item, promised_days=7)
        again = submit(item, answer="已按七个工作日核定")
        returned = returned_before(again)
        assert returned is not None
        page = client_of("qian").get(f"{ITEMS}versions/{again.pk}/").content.decode()
        assert all(words in page for words in ("上次退回与答复", REASON, "已按七个工作日核定", "上次退回以来"))
        since = page.partition('class="changes since"')[2].partition("</ul>")[0]
        assert "5" in since
        assert "7" in since
        assert f"?from={returned.number}&amp;to={again.number}" in page

    def test_on_the_page_asks_for_the_answer_and_keeps_what_was_typed(self) -> None:
        item, zhao = make_item(), client_of("zhao")
        first = return_for(submit(item))
        change_draft(item, promised_days=5)
        address = f"{ITEMS}{item.pk}/"
        assert f'name="answer-{first.pk}"' in zhao.get(address).content.decode()
        refused = zhao.post(f"{address}act/", {"act": "submit", f"answer-{first.pk}": " "})
        assert refused.status_code == 422
        assert "请答复法制退回的原因" in refused.content.decode()
        done = zhao.post(f"{address}act/", {"act": "submit", f"answer-{first.pk}": "改了"}, follow=True)
        assert "第 2 次报送已完成" in done.content.decode()


class TestRecall:
    def test_takes_back_what_is_not_decided_with_the_opinions_that_there_are(self) -> None:
        item = make_item()
        version = submit(item)
        pass_review(by=reviewer(), version=version, office=office("legal"), reason="合法")
        recalled = recall_version(by=person("zhao"), version=version)
        assert (recalled.state, recalled.reviews.count(), review_queue(person("qian")).count()) == ("recalled", 1, 0)
        again = submit(item, by="qian")
        assert set(again.author_ids) == {person("zhao").id, person("qian").id}

    def test_is_for_who_may_submit(self) -> None:
        version = submit(make_item())
        for who in ("sun", "lu"):
            with pytest.raises(DomainError):
                recall_version(by=person(who), version=version)

    def test_keeps_answers_for_the_next_one(self) -> None:
        item = make_item()
        return_for(submit(item))
        change_draft(item, promised_days=5)
        recall_version(by=person("zhao"), version=submit(item, answer="依据已换"))
        assert [one.answer for one in reasons_for_draft(item)] == ["依据已换"]

    def test_is_a_button_of_the_page(self) -> None:
        version, zhao = submit(make_item()), client_of("zhao")
        assert "撤回报送" in zhao.get(f"{ITEMS}versions/{version.pk}/").content.decode()
        page = zhao.post(f"{ITEMS}versions/{version.pk}/recall/", follow=True).content.decode()
        assert "第 1 次报送已撤回，内容已齐，可以报送审核" in page
        assert "不能再撤回" in zhao.post(f"{ITEMS}versions/{version.pk}/recall/", follow=True).content.decode()


class TestTable:
    """Every act on a version in every state: what is allowed, and where it leads."""

    ACTS = ("pass", "return", "recall")
    LEADS = {
        ("submitted", "pass"): "in-review",
        ("submitted", "return"): "returned",
        ("submitted", "recall"): "recalled",
        ("in-review", "pass"): "in-review",
        ("in-review", "return"): "returned",
        ("in-review", "recall"): "recalled",
        ("returned", "pass"): "returned",
        ("returned", "return"): "returned",
    }

    @pytest.mark.parametrize(("state", "act"), [*product(VersionState.values, ACTS)])
    def test_says_what_follows(self, state: str, act: str) -> None:
        version = self._in(state)
        office_ = office("disclosure")
        acts = {
            "pass": lambda: pass_review(by=reviewer(), version=version, office=office_),
            "return": lambda: return_version(by=reviewer(), version=version, office=office_, reason=REASON),
            "recall": lambda: recall_version(by=person("zhao"), version=version),
        }
        if (state, act) in self.LEADS:
            acts[act]()
        else:
            with pytest.raises(Conflict):
                acts[act]()
        version.refresh_from_db()
        assert version.state == self.LEADS.get((state, act), state)

    @staticmethod
    def _in(state: str) -> ItemVersion:
        if state == VersionState.PUBLISHED:
            return make_published()
        if state == VersionState.APPROVED:
            return make_approved()
        version = submit(make_item())
        if state == VersionState.IN_REVIEW:
            pass_review(by=reviewer(), version=version, office=office("legal"))
        if state == VersionState.RETURNED:
            return_for(version)
        if state == VersionState.RECALLED:
            recall_version(by=person("zhao"), version=version)
        return version


class TestPublicNumber:
    def test_begins_at_one_whatever_came_back_before(self) -> None:
        item = make_item()
        return_for(submit(item))
        change_draft(item, promised_days=5)
        recall_version(by=person("zhao"), version=submit(item))
        first = make_published(item)
        second = make_published(item, promised_days=7)
        assert [(one.number, one.public_number) for one in (first, second)] == [(3, 1), (4, 2)]
        assert (first.called, approve(submit(change_draft(item, promised_days=8))).called) == ("第 1 版", "第 5 次报送")
