"""What a hall decides about pushes, and what it cannot."""

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.content.models import HallPushDecision, Push
from province.content.operations.decisions import adopt_push, decline_push, move_push, undo_decision
from province.content.operations.pushes import push_version
from province.content.queries.audiences import Audience, Scope, audience_preview
from province.content.queries.generations import page_generations
from province.content.queries.pushes import decided_pushes, listed_pushes, offered_pushes, push_history, push_on_hall
from province.content.states import PushMode
from province.halls.models import Hall
from province.halls.queries.columns import empty_columns
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version
from tests.factories.pushes import EVERYBODY, make_push, withdraw

pytestmark = pytest.mark.django_db


def _titles(hall: Hall, column: str) -> list[str]:
    return [line.title for line in listed_pushes(hall, column, limit=20)]


def _offer(**options: object) -> Push:
    return make_push(mode=PushMode.OFFERED, **options)  # type: ignore[arg-type]


class TestAdoption:
    def test_shows_the_push_in_the_chosen_column_of_this_hall_alone(self, north: Hall, south: Hall) -> None:
        push = _offer()
        before = page_generations(north), page_generations(south)
        adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="notices")
        assert _titles(north, "notices") == [push.version.title]
        page = push_on_hall(north, push.pk)
        assert page
        assert page.column == "notices"
        assert push_on_hall(south, push.pk) is None
        assert offered_pushes(north) == []
        assert page_generations(north) != before[0]
        assert page_generations(south) == before[1]

    def test_done_twice_is_done_once(self, north: Hall) -> None:
        push = _offer()
        for _ in range(2):
            adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="news")
        assert HallPushDecision.objects.count() == 1
        assert AuditEntry.objects.filter(act="content.adopt_push", hall_id=north.pk).count() == 1

    def test_ends_with_the_withdrawal(self, north: Hall) -> None:
        push = _offer()
        adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="news")
        withdraw(push)
        assert _titles(north, "news") == []

    def test_of_what_is_not_meant_for_the_hall_is_not_found(self, south: Hall) -> None:
        push = _offer(audience=Audience((Scope(COUNTY),)))
        with pytest.raises(NotFound):
            adopt_push(by=person("zhou"), hall=south, push_id=push.pk, column="news")

    def test_is_refused_for_a_direct_or_a_withdrawn_push(self, north: Hall) -> None:
        with pytest.raises(Conflict, match="直接"):
            adopt_push(by=person("sun"), hall=north, push_id=make_push().pk, column="news")
        withdrawn = _offer()
        withdraw(withdrawn)
        with pytest.raises(Conflict, match="撤回"):
            adopt_push(by=person("sun"), hall=north, push_id=withdrawn.pk, column="news")

    def test_is_the_hall_s_own(self, north: Hall) -> None:
        push = _offer()
        for who in ("zhou", "wu"):
            with pytest.raises(NotAllowed):
                adopt_push(by=person(who), hall=north, push_id=push.pk, column="news")


class TestDecline:
    def test_is_not_offered_again_nor_is_a_later_version(self, north: Hall, south: Hall) -> None:
        push = _offer()
        decline_push(by=person("sun"), hall=north, push_id=push.pk, reason="与本地无关")
        newer = make_approved_version(manuscript=push.version.manuscript)
        options = {"audience": EVERYBODY, "column": "news", "mode": PushMode.OFFERED}
        push_version(by=person("zhao"), version=newer, **options)  # type: ignore[arg-type]
        assert offered_pushes(north) == []
        assert len(offered_pushes(south)) == 2
        preview = audience_preview(EVERYBODY, push=push)
        assert preview.sentence == "将推荐给 2 个服务厅（共 3 个：1 个不参与）"

    def test_needs_a_reason(self, north: Hall) -> None:
        push = _offer()
        with pytest.raises(Invalid, match="原因"):
            decline_push(by=person("sun"), hall=north, push_id=push.pk, reason=" ")
        decline_push(by=person("sun"), hall=north, push_id=push.pk, reason="与本地无关")
        assert [(line.decision, line.reason, line.decided_by_name) for line in decided_pushes(north)] == [
            ("declined", "与本地无关", "孙北")
        ]

    def test_may_become_an_adoption_and_be_undone(self, north: Hall) -> None:
        push = _offer()
        sun = person("sun")
        decline_push(by=sun, hall=north, push_id=push.pk, reason="与本地无关")
        adopt_push(by=sun, hall=north, push_id=push.pk, column="news")
        assert _titles(north, "news") == [push.version.title]
        undo_decision(by=sun, hall=north, push_id=push.pk)
        undo_decision(by=sun, hall=north, push_id=push.pk)
        assert _titles(north, "news") == []
        assert [line.id for line in offered_pushes(north)] == [push.pk]


class TestMove:
    def test_puts_a_direct_push_into_another_column_of_this_hall_alone(self, north: Hall, south: Hall) -> None:
        push = make_push()
        move_push(by=person("sun"), hall=north, push_id=push.pk, column="policies")
        assert (_titles(north, "news"), _titles(north, "policies")) == ([], [push.version.title])
        assert _titles(south, "news") == [push.version.title]
        undo_decision(by=person("sun"), hall=north, push_id=push.pk)
        assert (_titles(north, "news"), _titles(north, "policies")) == ([push.version.title], [])

    def test_of_an_offer_needs_its_adoption_and_keeps_it(self, north: Hall) -> None:
        push = _offer()
        with pytest.raises(Conflict, match="采用"):
            move_push(by=person("sun"), hall=north, push_id=push.pk, column="policies")
        adopt_push(by=person("sun"), hall=north, push_id=push.pk, column="news")
        move_push(by=person("sun"), hall=north, push_id=push.pk, column="policies")
        page = push_on_hall(north, push.pk)
        assert page
        assert page.column == "policies"


class TestDecision:
    def test_stands_in_the_hall_s_records_and_not_in_the_desk_s_history(self, north: Hall) -> None:
        push = make_push()
        move_push(by=person("sun"), hall=north, push_id=push.pk, column="policies")
        assert [line.act for line in push_history(push)] == ["content.push"]
        assert AuditEntry.objects.get(hall_id=north.pk, object_id=push.pk).act == "content.move_push"


class TestFilledColumns:
    def test_count_what_pushes_show_here(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            hall.figures.columns = {
                code: {"name": name, "articles": 0, "last_published_at": None}
                for code, name in (("news", "要闻"), ("notices", "公告"), ("policies", "政策"))
            }
            hall.figures.save()
        push = make_push()
        make_push(column="notices", audience=Audience((Scope("42"),), (Scope(COUNTY),)))
        offered = _offer(column="policies")
        assert (empty_columns(north), empty_columns(south)) == (["公告", "政策"], ["政策"])
        move_push(by=person("sun"), hall=north, push_id=push.pk, column="notices")
        adopt_push(by=person("sun"), hall=north, push_id=offered.pk, column="policies")
        assert (empty_columns(north), empty_columns(south)) == (["要闻"], ["政策"])
