"""When somebody leaves, what they are responsible for goes to a successor, at the province and in their halls."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import schemas
from foundation.errors import Conflict
from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.content.models import Manuscript
from province.content.operations.manuscripts import create_manuscript, lock_manuscript, save_draft
from province.content.queries.manuscripts import manuscripts_at_desk
from province.halls.models import Hall
from province.people.events import HANDED_OVER, HANDED_OVER_IN_HALL
from province.people.models import OpenWork
from province.people.operations.accounts import reopen_account
from province.people.operations.hand_over import hand_over
from province.people.operations.positions import give_position
from province.people.queries.work import hand_over_of, work_of
from province.rights.roles import Role
from province.sign_in.operations.tokens import issue_token
from tenants.portal.models import Article
from tenants.portal.operations.articles import create_article
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, make_approved_version
from tests.factories.people import account, client_of
from tests.factories.sites import BODY, make_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(north: Hall) -> Hall:
    make_columns(north)
    return north


@pytest.fixture
def work(hall: Hall) -> dict[str, Any]:
    """What Sun leaves: a draft that he has open, a finished text, an article; and what is Li's."""
    draft = create_manuscript(by=person("sun"), desk_prefix=COUNTY, title="孙的稿", body=BODY)
    lock_manuscript(by=person("sun"), manuscript=draft)
    done = make_approved_version(by="sun", desk_prefix=COUNTY).manuscript
    others = create_manuscript(by=person("li"), desk_prefix=COUNTY, title="李的稿", body=BODY)
    with schemas.enter(hall.schema_name):
        article = create_article(by=person("sun"), hall=hall, column="news", title="孙的文章", body=BODY)
    return {"draft": draft, "done": done, "others": others, "article": article}


def owner_of(hall: Hall, article: Article) -> Any:
    with schemas.enter(hall.schema_name):
        return Article.objects.get(pk=article.pk).owner_id


def shown(username: str) -> list[tuple[str, int]]:
    return [(one.label, one.number) for one in work_of(account(username))]


class TestHandOver:
    def test_moves_what_the_leaver_is_responsible_for(self, hall: Hall, work: dict[str, Any]) -> None:
        issue_token(by=person("sun"), account=account("sun"), name="测试", scopes=["content.read"])
        assert shown("sun") == [("稿件", 2), ("本厅文章（未完成）", 1)]
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"), reason="调离")
        progress = hand_over_of(account("sun"))
        assert progress
        assert (progress.successor, progress.waiting, progress.is_done) == (account("hua"), 6, False)
        drain_events()
        progress = hand_over_of(account("sun"))
        assert progress
        assert progress.is_done
        hua, sun = account("hua").pk, account("sun").pk
        for one in (work["draft"], work["done"]):
            one.refresh_from_db()
            assert one.owner_id == hua
            # who wrote it stays known, and may not approve it finally
            assert one.editor_ids == [sun]
            assert one.edited_by_id == sun
        assert owner_of(hall, work["article"]) == hua
        assert work["others"].owner_id == account("li").pk
        assert shown("sun") == []
        assert shown("hua") == [("稿件", 2), ("本厅文章（未完成）", 1)]
        assert not account("sun").tokens.filter(revoked_at=None).exists()
        # nobody waits for the lock of somebody who has gone
        save_draft(by=person("hua"), manuscript=work["draft"], revision=0, summary="接手")

    def test_is_audited_where_it_happened(self, hall: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        drain_events()
        sun = account("sun").pk
        entries = AuditEntry.objects.filter(act__in=["content.take_over", "portal.take_over"], object_id=sun)
        assert [(one.act, one.hall_id, one.actor_name) for one in entries.order_by("act")] == [
            ("content.take_over", None, "何北"),
            ("portal.take_over", hall.pk, "何北"),
        ]
        assert entries.get(act="portal.take_over").changes["articles"] == [1, 0]

    def test_twice_is_as_once(self, hall: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        drain_events()
        EventDelivery.objects.update(state=EventDelivery.State.WAITING)
        drain_events()
        assert AuditEntry.objects.filter(act__endswith=".take_over").count() == 2
        with pytest.raises(Conflict, match="已经交接"):
            hand_over(by=person("he"), account=account("sun"), successor=account("li"))

    def test_goes_only_to_halls_where_there_is_something(self, hall: Hall, south: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        assert [one.hall_id for one in Event.objects.filter(kind=HANDED_OVER_IN_HALL.name)] == [hall.pk]
        with CaptureQueriesContext(connection) as queries:
            drain_events()
        assert not [one for one in queries if south.schema_name in one["sql"]]

    def test_follows_the_work_where_no_position_is_left(self, hall: Hall, work: dict[str, Any]) -> None:
        account("sun").positions.all().delete()
        hand_over(by=person("zhao"), account=account("sun"), successor=account("hua"))
        drain_events()
        assert owner_of(hall, work["article"]) == account("hua").pk

    def test_ends_with_who_is_there_when_the_successor_leaves_at_once(self, hall: Hall, work: dict[str, Any]) -> None:
        """The second hand-over is carried out before the first."""
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        first = list(EventDelivery.objects.values_list("pk", flat=True))
        EventDelivery.objects.filter(pk__in=first).update(state=EventDelivery.State.DEAD)
        hand_over(by=person("he"), account=account("hua"), successor=account("cao"))
        drain_events()
        assert not Manuscript.objects.filter(owner_id=account("cao").pk).exists()
        EventDelivery.objects.filter(pk__in=first).update(state=EventDelivery.State.WAITING)
        drain_events()
        assert Manuscript.objects.filter(owner_id=account("cao").pk).count() == 2
        assert owner_of(hall, work["article"]) == account("cao").pk

    def test_is_done_again_for_what_came_late(self, hall: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        drain_events()
        # a request that was on its way when the account was closed
        Manuscript.objects.filter(pk=work["others"].pk).update(owner_id=account("sun").pk)
        hand_over(by=person("zhao"), account=account("sun"), successor=account("hua"))
        drain_events()
        assert shown("sun") == []

    def test_says_when_a_step_was_given_up(self, hall: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        EventDelivery.objects.filter(event__kind=HANDED_OVER.name).update(state=EventDelivery.State.DEAD)
        drain_events()
        page = client_of("he").get(f"/console/settings/people/{account('sun').pk}/")
        # he has no position left, and is out of the hall's sight
        assert page.status_code == 404
        page = client_of("zhao").get(f"/console/settings/people/{account('sun').pk}/").content.decode()
        assert "有 1 步没有完成" in page

    def test_leaves_nothing_in_somebodys_name_who_came_back(self, hall: Hall, work: dict[str, Any]) -> None:
        hand_over(by=person("he"), account=account("sun"), successor=account("hua"))
        drain_events()
        reopen_account(by=person("zhao"), account=account("sun"))
        give_position(
            by=person("zhao"), account=account("sun"), role=Role.HALL_EDITOR, hall_id=hall.pk, reach_prefix=COUNTY
        )
        hand_over(by=person("zhao"), account=account("hua"), successor=account("sun"))
        drain_events()
        assert shown("sun") == [("稿件", 2), ("本厅文章（未完成）", 1)]
        assert set(OpenWork.objects.values_list("owner_id", flat=True)) == {account("sun").pk}


class TestPage:
    def test_says_before_what_will_move_and_after_that_it_has(self, hall: Hall, work: dict[str, Any]) -> None:
        zhao = client_of("zhao")
        path = f"/console/settings/people/{account('sun').pk}/"
        page = zhao.get(path).content.decode()
        for line in ("<dt>岗位</dt><dd>1</dd>", "<dt>稿件</dt><dd>2</dd>", "<dt>本厅文章（未完成）</dt><dd>1</dd>"):
            assert line in page
        page = zhao.post(f"{path}hand-over/", {"username": "hua", "reason": "调离"}, follow=True).content.decode()
        assert "正在移交，还有 6 步" in page
        assert 'hx-trigger="every 2s"' in page
        drain_events()
        page = zhao.get(path).content.decode()
        assert "接手人：华窗（hua）" in page
        assert "已全部移交" in page
        assert 'hx-trigger="every 2s"' not in page
        assert {row.title for row in manuscripts_at_desk(person("hua"))} >= {"孙的稿"}
