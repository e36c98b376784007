"""The pages about people: each person of the cast sees what is theirs, and every form says why it refuses."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Account, OwnRole, Substitution, Unit
from province.people.operations.positions import give_position
from province.rights.roles import Role
from province.sign_in.models import SignInSession
from province.sign_in.operations.passwords import activate_account
from tests.conftest import person
from tests.factories.people import account, client_of, make_role, make_unit, position_of

pytestmark = pytest.mark.django_db
SETTINGS = "/console/settings/"
NORTH, SOUTH = "420582000000", "420583000000"


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


@pytest.fixture
def he() -> Client:
    return client_of("he")


def page_of(username: str) -> str:
    return f"{SETTINGS}people/{account(username).pk}/"


def shown(client: Client, path: str, facts: dict[str, object] | None = None) -> str:
    """What the person sees after that form (or at that address)."""
    answer = client.get(path) if facts is None else client.post(path, facts, follow=True)
    return answer.content.decode()


class TestPeoplePage:
    def test_finds_by_name_hall_role_and_state(self, zhao: Client) -> None:
        for query, found, missing in (
            ("search=sun", "sun", "zhou"),
            (f"hall={SOUTH}", "zhou", "sun"),
            ("role=window_clerk", "hua", "sun"),
            ("state=idle", "wu", "sun"),
        ):
            page = shown(zhao, f"{SETTINGS}?{query}")
            assert f">{found}</a>" in page, query
            assert f">{missing}</a>" not in page, query

    def test_says_whose_each_account_is(self, zhao: Client) -> None:
        """As the sheet, the person's page and the directory do: an office knows its people."""
        assert "钱宁" in shown(zhao, f"{SETTINGS}?search=qian")

    def test_shows_a_halls_administrator_the_own_people(self, he: Client) -> None:
        page = shown(he, SETTINGS)
        assert ">jiang</a>" in page
        assert ">zhou</a>" not in page
        assert ">zhao</a>" not in page

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_goes_out_as_a_table(self, zhao: Client, kind: str) -> None:
        assert zhao.get(f"{SETTINGS}?format={kind}")["Content-Disposition"].startswith("attachment")

    @pytest.mark.parametrize("page", ["", "units/", "roles/", "rights/", "people/new/", "people/import/", "tokens/"])
    @pytest.mark.parametrize("username", ["sun", "hua", "wu"])
    def test_is_closed_to_others(self, page: str, username: str) -> None:
        assert client_of(username).get(f"{SETTINGS}{page}").status_code == 403

    def test_lies_a_click_away_from_the_desk(self) -> None:
        link = "/console/settings/?hall=420582000000"
        assert link in shown(client_of("he", "north.yizhan.localhost"), "/desk/")
        assert link not in shown(client_of("sun", "north.yizhan.localhost"), "/desk/")


class TestNewPersonPage:
    def test_takes_somebody_in_and_shows_the_code_once(self, he: Client, north: Hall) -> None:
        unit = make_unit("政务科", hall=north)
        facts = {"username": "new.person", "name": "新来", "role": "editor", "unit": str(unit.pk), "hall": NORTH}
        page = shown(he, f"{SETTINGS}people/new/", facts)
        code = re.search(r"<code>([^<]+)</code>", page)
        assert code
        position = position_of("new.person")
        assert (position.hall_id, position.reach_prefix, position.unit) == (north.pk, "420582", unit)
        assert code[1] not in shown(he, f"{SETTINGS}people/new/")
        activate_account(username="new.person", code=code[1], password="long-staple-battery-7", address="10.0.0.1")

    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"username": "zhao", "name": "重名"}, "已被使用"),
            ({"username": "张三", "name": "张三"}, "小写字母"),
            ({"username": "x.y", "name": "某", "role": "province_operator"}, "选择"),
        ],
    )
    def test_says_what_is_wrong(self, he: Client, facts: dict[str, str], message: str) -> None:
        answer = he.post(f"{SETTINGS}people/new/", {"role": "editor", "hall": NORTH} | facts)
        assert answer.status_code == 422
        assert message in answer.content.decode()

    def test_knows_no_hall_beyond_reach(self, he: Client) -> None:
        assert he.get(f"{SETTINGS}people/new/?hall={SOUTH}").status_code == 404


class TestPersonPage:
    def test_says_what_somebody_may_and_why(self, he: Client) -> None:
        page = shown(he, page_of("sun"))
        assert "推稿与撤稿" in page
        assert "服务厅编辑 · 当阳市（范围：本厅及下级服务厅）" in page

    def test_of_another_halls_person_is_not_there(self, he: Client) -> None:
        for username in ("zhou", "zhao", "wu"):
            assert he.get(page_of(username)).status_code == 404

    def test_gives_and_takes_a_position(self, he: Client, north: Hall) -> None:
        page = shown(he, f"{page_of('hua')}positions/", {"hall": NORTH, "role": "handler"})
        assert "岗位已设好" in page
        position = account("hua").positions.get(role=Role.HANDLER)
        page = shown(he, f"{page_of('hua')}positions/{position.pk}/take/", {})
        assert "已收回华窗的“承办”岗位" in page
        assert account("hua").positions.count() == 1

    def test_gives_an_own_role_in_a_department(self, he: Client, north: Hall) -> None:
        role, unit = make_role(hall=north), make_unit("政务科", hall=north)
        facts = {"hall": NORTH, "role": str(role.pk), "unit": str(unit.pk), "reach": "hall", "title": "秘书"}
        assert "岗位已设好" in shown(he, f"{page_of('hua')}positions/", facts)
        position = account("hua").positions.get(own_role=role)
        assert (position.unit, position.title, position.reach) == (unit, "秘书", "hall")

    def test_gives_a_position_to_somebody_who_has_none_yet(self, zhao: Client) -> None:
        assert "岗位已设好" in shown(zhao, f"{page_of('wu')}positions/", {"hall": NORTH, "role": "editor"})

    def test_says_why_it_gives_no_position(self, zhao: Client) -> None:
        answer = zhao.post(f"{page_of('xu')}positions/", {"role": "supervisor"})
        assert answer.status_code == 422
        assert "不能兼任" in answer.content.decode()

    def test_takes_no_position_from_beyond_reach(self, he: Client) -> None:
        assert he.post(f"{page_of('sun')}positions/{position_of('zhou').pk}/take/").status_code == 404
        assert position_of("zhou")

    def test_names_and_ends_a_substitute(self, he: Client) -> None:
        today = timezone.localdate().isoformat()
        facts = {"username": "hua", "from_on": today, "to_on": today}
        page = shown(he, f"{page_of('sun')}positions/{position_of('sun').pk}/substitute/", facts)
        assert "华窗 代理 服务厅编辑" in page
        assert "代理孙北：服务厅编辑" in shown(he, page_of("hua"))
        page = shown(he, f"{page_of('sun')}substitutes/{Substitution.objects.get().pk}/end/", {})
        assert "没有代理" in page

    def test_says_why_it_names_no_substitute(self, he: Client) -> None:
        facts = {"username": "zhou", "from_on": "2026-01-01", "to_on": "2099-01-01"}
        answer = he.post(f"{page_of('sun')}positions/{position_of('sun').pk}/substitute/", facts)
        assert answer.status_code == 422
        assert "同一服务厅" in answer.content.decode()

    def test_closes_and_reopens_an_account(self, zhao: Client) -> None:
        page = shown(zhao, f"{page_of('sun')}state/", {"act": "close"})
        assert "已停用，登录和令牌立即失效" in page
        assert "启用账号 sun" in page
        assert "停用账号 sun" in shown(zhao, f"{page_of('sun')}state/", {"act": "reopen"})

    def test_says_why_it_closes_no_account(self, zhao: Client) -> None:
        assert "停用账号 zhao" not in shown(zhao, page_of("zhao"))
        assert "不能停用自己的账号" in shown(zhao, f"{page_of('zhao')}state/", {"act": "close"})

    def test_makes_a_new_activation_code(self, he: Client) -> None:
        page = shown(he, f"{page_of('sun')}activation/", {})
        assert re.search(r"<code>[^<]+</code>", page)
        assert "<code>" not in shown(he, page_of("sun"))

    def test_hands_everything_over(self, he: Client) -> None:
        page = shown(he, f"{page_of('sun')}hand-over/", {"username": "hua", "reason": "调离"})
        assert "已交接，账号已停用" in page
        assert account("hua").positions.count() == 2

    def test_says_why_it_hands_nothing_over(self, he: Client) -> None:
        answer = he.post(f"{page_of('sun')}hand-over/", {"username": "nobody", "reason": "调离"})
        assert answer.status_code == 422
        assert "没有找到“nobody”" in answer.content.decode()

    @pytest.mark.parametrize("path", ["positions/", "state/", "activation/", "hand-over/"])
    def test_asks_for_a_fresh_proof_before_it_changes_rights(self, he: Client, path: str) -> None:
        SignInSession.objects.update(proved_at=timezone.now() - timezone.timedelta(hours=1))
        before = AuditEntry.objects.count()
        he.post(f"{page_of('sun')}{path}", {"hall": NORTH, "role": "handler", "username": "hua", "reason": "x"})
        assert AuditEntry.objects.count() == before

    @pytest.mark.parametrize("username", ["sun", "wu"])
    def test_is_closed_to_others(self, username: str) -> None:
        client = client_of(username)
        for path in ("", "positions/", "state/", "activation/", "hand-over/"):
            method = client.post if path else client.get
            assert method(f"{page_of('li')}{path}").status_code == 403


class TestUnitsPage:
    def test_builds_a_tree(self, he: Client, north: Hall) -> None:
        shown(he, f"{SETTINGS}units/new/", {"hall": NORTH, "name": "政务科"})
        top = Unit.objects.get()
        page = shown(he, f"{SETTINGS}units/new/", {"hall": NORTH, "name": "受理组", "parent": str(top.pk)})
        assert "受理组" in page
        below = Unit.objects.get(name="受理组")
        shown(he, f"{SETTINGS}units/{below.pk}/", {"hall": NORTH, "name": "窗口组", "parent": ""})
        shown(he, f"{SETTINGS}units/{below.pk}/", {"hall": NORTH, "act": "up"})
        below.refresh_from_db()
        assert (below.name, below.parent_id, below.order) == ("窗口组", None, 1)
        assert "已撤销" in shown(he, f"{SETTINGS}units/{below.pk}/", {"hall": NORTH, "act": "retire"})

    def test_says_what_is_wrong(self, he: Client) -> None:
        answer = he.post(f"{SETTINGS}units/new/", {"hall": NORTH, "name": "甲/乙"})
        assert answer.status_code == 422
        assert "部门名称" in answer.content.decode()

    def test_changes_no_other_halls(self, he: Client, south: Hall) -> None:
        theirs = make_unit("南厅科", hall=south)
        assert he.get(f"{SETTINGS}units/?hall={SOUTH}").status_code == 404
        assert he.post(f"{SETTINGS}units/{theirs.pk}/", {"hall": SOUTH, "act": "retire"}).status_code == 404
        assert he.post(f"{SETTINGS}units/{theirs.pk}/", {"hall": NORTH, "act": "retire"}).status_code == 404

    def test_shows_the_province_its_own_and_every_halls(self, zhao: Client, south: Hall) -> None:
        make_unit("南厅科", hall=south)
        make_unit("省办公室")
        assert "省办公室" in shown(zhao, f"{SETTINGS}units/")
        assert "南厅科" in shown(zhao, f"{SETTINGS}units/?hall={SOUTH}")


class TestRolesPage:
    def test_makes_changes_and_retires_a_role(self, he: Client) -> None:
        facts = {"hall": NORTH, "name": "稿件秘书", "permissions": ["content.read", "content.write"]}
        assert "稿件秘书" in shown(he, f"{SETTINGS}roles/new/", facts)
        role = OwnRole.objects.get()
        facts["permissions"] = ["content.read"]
        shown(he, f"{SETTINGS}roles/{role.pk}/", facts)
        role.refresh_from_db()
        assert role.permissions == ["content.read"]
        assert "已停用" in shown(he, f"{SETTINGS}roles/{role.pk}/retire/", {"hall": NORTH})

    def test_offers_only_what_one_may_give(self, he: Client, zhao: Client) -> None:
        page = shown(he, f"{SETTINGS}roles/new/")
        assert "推稿与撤稿" in page
        assert "管理区划与服务厅" not in page
        assert "管理区划与服务厅" not in shown(zhao, f"{SETTINGS}roles/new/")

    def test_says_what_is_wrong(self, he: Client) -> None:
        answer = he.post(
            f"{SETTINGS}roles/new/", {"hall": NORTH, "name": "安全管理员", "permissions": ["content.read"]}
        )
        assert answer.status_code == 422
        assert "系统自带" in answer.content.decode()

    def test_opens_no_other_halls_role(self, he: Client, south: Hall) -> None:
        role = make_role(hall=south)
        for path in (f"{role.pk}/?hall={SOUTH}", f"{role.pk}/?hall={NORTH}"):
            assert he.get(f"{SETTINGS}roles/{path}").status_code == 404


class TestRightsPage:
    def test_says_who_may_and_by_which_position(self, zhao: Client, he: Client) -> None:
        page = shown(zhao, f"{SETTINGS}rights/?permission=content.push&hall={NORTH}")
        assert "孙北" in page
        assert "服务厅编辑 · 当阳市" in page
        assert "周南" not in page
        assert "赵敏" in page
        assert "赵敏" not in shown(he, f"{SETTINGS}rights/?permission=content.push&hall={NORTH}")

    def test_names_who_stands_in_today(self, zhao: Client) -> None:
        today = timezone.localdate()
        Substitution.objects.create(position=position_of("sun"), substitute=account("hua"), from_on=today, to_on=today)
        assert "华窗" in shown(zhao, f"{SETTINGS}rights/?permission=content.push&hall={NORTH}")

    def test_says_that_nobody_may(self, zhao: Client) -> None:
        Account.objects.filter(positions__role=Role.WINDOW_CLERK).update(is_active=False)
        Account.objects.filter(positions__role=Role.HALL_ADMINISTRATOR).update(is_active=False)
        assert "没有人有这项权限" in shown(zhao, f"{SETTINGS}rights/?permission=citizens.reveal")

    def test_begins_empty(self, zhao: Client) -> None:
        assert "选择一项权限" in shown(zhao, f"{SETTINGS}rights/")


class TestFrame:
    def test_lets_people_of_several_positions_change_between_them(self, south: Hall) -> None:
        client = client_of("sun")
        assert "以哪个岗位工作" not in shown(client, "/account/")
        give_position(
            by=person("zhao"), account=account("sun"), role=Role.EDITOR, hall_id=south.pk, reach_prefix="420583"
        )
        page = shown(client, "/account/")
        assert "以哪个岗位工作" in page
        assert "枝江市 · 编辑" in page

    def test_leads_administrators_to_their_own_pages(self) -> None:
        assert client_of("an").get("/console/")["Location"] == SETTINGS
        # who keeps the machine sees first how the services outside fare
        assert "外部服务" in shown(client_of("xu"), "/console/")

    def test_shows_everybody_the_places_that_they_may_enter(self) -> None:
        for username, places in (("he", {SETTINGS, "/console/manuscripts/"}), ("xu", {SETTINGS, "/console/halls/"})):
            page = shown(client_of(username), SETTINGS)
            for place in (SETTINGS, "/console/manuscripts/", "/console/halls/"):
                assert (f'href="{place}"' in page) is (place in places), (username, place)


class TestFirstPosition:
    """Somebody who has an account already, and no position: the hall's administrator must know who that is."""

    def form(self, **more: str) -> dict[str, object]:
        return {"hall": NORTH, "username": "wu", "name": "吴名", "role": "window_clerk", "is_there": "on", **more}

    def test_is_given_by_the_halls_administrator(self, he: Client, north: Hall) -> None:
        page = shown(he, f"{SETTINGS}people/new/", self.form())
        assert "吴名的岗位已设好" in page
        position = position_of("wu")
        assert (position.role, position.hall_id, position.reach_prefix) == ("window_clerk", north.pk, "420582")
        assert shown(he, page_of("wu"))

    @pytest.mark.parametrize("wrong", [{"name": "吴明"}, {"username": "nobody"}, {"username": "zhou", "name": "周南"}])
    def test_tells_nobody_who_else_there_is(self, he: Client, wrong: dict[str, str]) -> None:
        assert "没有找到可以安排的账号" in shown(he, f"{SETTINGS}people/new/", self.form(**wrong))
        assert account("zhou").positions.count() == 1
        assert not account("wu").positions.exists()

    def test_is_refused_to_an_account_that_was_closed(self, he: Client) -> None:
        Account.objects.filter(username="wu").update(is_active=False)
        assert "没有找到可以安排的账号" in shown(he, f"{SETTINGS}people/new/", self.form())

    def test_is_no_way_around_what_the_administrator_may_give(self, he: Client) -> None:
        assert "没有这个服务厅" in shown(he, f"{SETTINGS}people/new/", self.form(hall=SOUTH))
        assert not account("wu").positions.exists()
