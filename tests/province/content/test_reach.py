"""Editors whose post reaches only their own manuscripts, or those of their department."""

import json
from typing import Any

import pytest

from foundation.errors import NotAllowed, NotFound
from province.console.queries.search import search_everything
from province.content.models import Manuscript
from province.content.operations.assets import describe_asset
from province.content.operations.manuscripts import create_manuscript, save_draft, submit_manuscript
from province.content.operations.reviews import pass_review
from province.content.queries.assets import asset_at_desk, assets_at_desk
from province.content.queries.audiences import Audience, Scope
from province.content.queries.desks import desks_of
from province.content.queries.manuscripts import manuscript_at_desk, manuscripts_at_desk
from province.content.queries.overview import texts_overview
from province.content.queries.pushes import pushes_at_desk
from province.content.queries.reviews import review_queue, version_at_desk
from province.halls.models import Hall
from province.people.models import Account, Position, Substitution, Unit
from province.people.queries.actors import actor_of
from province.rights.roles import Reach, Role
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.halls import make_person
from tests.factories.manuscripts import (
    BODY,
    COUNTY,
    PROVINCE,
    TITLE,
    make_asset,
    make_manuscript,
    make_version_in_review,
)
from tests.factories.people import account, client_of, make_unit
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db


def make_editor(
    username: str, reach: Reach, hall: Hall | None, unit: Unit | None = None, role: Role = Role.EDITOR
) -> Account:
    made = make_person(username, f"编{username}")
    Position.objects.create(
        account=made,
        role=role,
        hall_id=hall.pk if hall else None,
        reach_prefix=hall.prefixes[-1] if hall else "",
        reach=reach,
        unit=unit,
    )
    return made


@pytest.fixture
def office(north: Hall) -> Unit:
    return make_unit("宣传科", hall=north)


@pytest.fixture
def own(north: Hall, office: Unit) -> Account:
    """Writes in the north, and has to do with what is her own alone."""
    return make_editor("qin", Reach.OWN, north, office)


def titles(username: str) -> set[str]:
    return {row.title for row in manuscripts_at_desk(person(username))}


def write(username: str, title: str = TITLE, desk_prefix: str = COUNTY) -> Manuscript:
    return create_manuscript(by=person(username), desk_prefix=desk_prefix, title=title, body=BODY)


class TestOwn:
    def test_sees_and_changes_what_is_her_own(self, own: Account, office: Unit) -> None:
        theirs, mine = write("sun", "别人的"), write("qin", "自己的")
        assert (mine.owner_id, mine.unit_id) == (own.pk, office.pk)
        assert titles("qin") == {"自己的"}
        assert titles("sun") == {"别人的", "自己的"}
        saved = save_draft(by=person("qin"), manuscript=mine, revision=0, summary="改")
        version = submit_manuscript(by=person("qin"), manuscript=saved)
        assert version_at_desk(person("qin"), version.pk) == version
        for refused in (
            lambda: manuscript_at_desk(person("qin"), theirs.pk),
            lambda: save_draft(by=person("qin"), manuscript=theirs, revision=0, summary="改"),
            lambda: submit_manuscript(by=person("qin"), manuscript=theirs),
        ):
            with pytest.raises(NotFound):
                refused()

    def test_goes_by_who_is_responsible_and_not_by_who_wrote(self, own: Account) -> None:
        mine = write("qin")
        save_draft(by=person("sun"), manuscript=mine, revision=0, summary="孙改")
        passed_on = write("sun", "转来的")
        Manuscript.objects.filter(pk=passed_on.pk).update(owner_id=own.pk)
        assert titles("qin") == {TITLE, "转来的"}

    def test_writes_at_her_own_desk_alone(self, own: Account) -> None:
        assert [desk.prefix for desk in desks_of(person("qin"))] == [COUNTY]
        for desk_prefix in (PROVINCE, "420583", "4205"):
            with pytest.raises(NotFound):
                write("qin", desk_prefix=desk_prefix)

    def test_of_the_province_writes_at_no_countys_desk(self) -> None:
        make_editor("shi", Reach.OWN, None)
        assert write("shi", desk_prefix=PROVINCE).owner_id == account("shi").pk
        with pytest.raises(NotFound):
            write("shi", desk_prefix=COUNTY)

    def test_shares_the_desks_pictures(self, own: Account) -> None:
        ours, theirs = make_asset(desk_prefix=COUNTY), make_asset(desk_prefix="420583")
        assert list(assets_at_desk(person("qin"))) == [ours]
        assert describe_asset(by=person("qin"), asset=ours, alt="大厅").alt == "大厅"
        with pytest.raises(NotFound):
            asset_at_desk(person("qin"), theirs.pk)

    def test_finds_and_counts_no_others(self, own: Account) -> None:
        push = make_push(title="别人推的", by="sun", desk_prefix=COUNTY, audience=Audience((Scope(COUNTY),)))
        write("sun", "别人的")
        mine = write("qin", "自己的")
        overview = texts_overview(person("qin"))
        assert (overview.live, overview.drafts, overview.waiting_count, overview.recent) == (0, [mine], 0, [])
        assert [hit.name for hit in search_everything(person("qin"), "的")] == ["自己的"]
        assert not pushes_at_desk(person("qin")).exists()
        Manuscript.objects.filter(pk=push.version.manuscript_id).update(owner_id=own.pk)
        assert pushes_at_desk(person("qin")).get() == push

    def test_is_the_post_holders_where_a_substitute_acts(self, own: Account, office: Unit) -> None:
        position = own.positions.get()
        Substitution.objects.create(
            position=position, substitute=account("cao"), from_on="2020-01-01", to_on="2099-01-01"
        )
        by = actor_of(account("cao"), position.pk)
        made = create_manuscript(by=by, desk_prefix=COUNTY, title="代写", body=BODY)
        assert (made.owner_id, made.edited_by_id) == (own.pk, account("cao").pk)
        assert titles("qin") == {"代写"}

    def test_is_the_same_on_pages_and_over_the_interface(
        self, own: Account, django_assert_max_num_queries: Any
    ) -> None:
        theirs, mine = write("sun", "别人的稿"), write("qin", "自己的稿")
        browser = client_of("qin")
        page = browser.get("/console/manuscripts/").content.decode()
        assert "自己的稿" in page
        assert "别人的稿" not in page
        assert browser.get(f"/console/manuscripts/{mine.pk}/").status_code == 200
        assert browser.get(f"/console/manuscripts/{theirs.pk}/").status_code == 404
        key = issue_token(by=person("qin"), account=own, name="测试", scopes=["content.read", "content.write"])
        headers = {"authorization": f"Bearer {key}"}
        root = "/api/province/v1/content/manuscripts"
        listed = json.loads(browser.get(root, headers=headers).content)
        assert [(one["title"], one["owner_name"], one["unit_name"]) for one in listed["items"]] == [
            ("自己的稿", own.name, "宣传科")
        ]
        sent = {"data": json.dumps({"revision": 0, "title": "夺"}), "content_type": "application/json"}
        assert browser.patch(f"{root}/{theirs.pk}", headers=headers, **sent).status_code == 404
        by = actor_of(own)
        with django_assert_max_num_queries(1):
            assert len(manuscripts_at_desk(by)) == 1


class TestUnit:
    def test_sees_its_department_and_those_below(self, north: Hall, office: Unit) -> None:
        below, beside = make_unit("新闻组", hall=north, parent=office), make_unit("财务科", hall=north)
        for username, unit, reach in (
            ("qin", office, Reach.UNIT),
            ("lan", below, Reach.UNIT),
            ("tie", beside, Reach.UNIT),
        ):
            make_editor(username, reach, north, unit)
            write(username, unit.name)
        write("sun", "没有部门")
        assert titles("qin") == {"宣传科", "新闻组"}
        assert titles("lan") == {"新闻组"}
        assert titles("tie") == {"财务科"}
        assert titles("sun") == {"宣传科", "新闻组", "财务科", "没有部门"}

    def test_reviews_what_its_department_wrote(self, north: Hall, office: Unit) -> None:
        make_editor("qin", Reach.UNIT, north, office)
        make_editor("shu", Reach.UNIT, north, office, Role.FIRST_REVIEWER)
        ours = submit_manuscript(by=person("qin"), manuscript=write("qin"))
        theirs = make_version_in_review(by="sun", desk_prefix=COUNTY)
        assert list(review_queue(person("shu"))) == [ours]
        assert pass_review(by=person("shu"), version=ours).state == "second"
        with pytest.raises(NotFound):
            pass_review(by=person("shu"), version=theirs)

    def test_reads_more_than_it_changes_where_two_posts_say_so(self, north: Hall, office: Unit) -> None:
        own = make_editor("qin", Reach.OWN, north, office)
        Position.objects.create(
            account=own, role=Role.SUPERVISOR, hall_id=north.pk, reach_prefix=COUNTY, reach=Reach.HALL
        )
        theirs = write("sun", "别人的")
        assert titles("qin") == {"别人的"}
        with pytest.raises(NotAllowed):
            save_draft(by=person("qin"), manuscript=theirs, revision=0, summary="改")
        assert make_manuscript() not in manuscripts_at_desk(person("qin"))
