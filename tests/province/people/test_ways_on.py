"""A refusal is a page that leads on: what is missing, who gives it, and which other position may."""

import pytest

from province.halls.models import Hall
from province.people.operations.positions import give_position
from province.rights.permissions import permission_named
from province.rights.roles import Role
from tests.conftest import person
from tests.factories.people import account, client_of

pytestmark = pytest.mark.django_db

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"


class TestRefusal:
    def test_at_the_console_names_the_permission_and_who_gives_it(self) -> None:
        page = client_of("sun").get("/console/settings/", headers={"referer": "http://yizhan.localhost/console/?a=1"})
        text = page.content.decode()
        assert page.status_code == 403
        assert "怎样得到“" in text
        # rights.grant: two operators and the security administrator; their colleagues are named, nobody else
        assert "赵敏：湖北省（省级） · 省级运营" in text
        assert "安全：湖北省（省级） · 安全管理员" in text
        for words in (
            'href="/console/?a=1">返回上一页',
            'href="/console/">回到管理端',
            "去当阳市的工作台",
            'href="/">返回首页',
        ):
            assert words in text
        assert "换一个岗位" not in text

    def test_at_the_desk_names_the_halls_own_administrator(self) -> None:
        text = client_of("hua", NORTH).get("/desk/articles/").content.decode()
        assert "何北：当阳市 · 服务厅管理员" in text
        assert "赵敏" not in text
        assert 'href="/desk/">回到工作台' in text
        assert "有这个权限的角色：服务厅管理员、服务厅编辑、编辑。" in text

    def test_names_nobody_to_people_of_another_hall(self) -> None:
        page = client_of("zhou", NORTH).get("/desk/articles/")
        text = page.content.decode()
        assert page.status_code == 403
        assert "何北" not in text
        assert "请联系服务厅管理员" in text
        assert "去枝江市的工作台" in text

    def test_of_somebody_without_any_position_names_roles_and_leads_home(self) -> None:
        text = client_of("wu").get("/console/settings/").content.decode()
        assert "赵敏" not in text
        assert "请联系省级运营或安全管理员" in text
        assert "回到管理端" not in text

    def test_offers_the_other_position_that_may(self, north: Hall) -> None:
        prefix = north.division.prefix
        given = give_position(
            by=person("zhao"), account=account("hua"), role=Role.EDITOR, hall_id=north.pk, reach_prefix=prefix
        )
        client = client_of("hua", NORTH)
        clerks = account("hua").positions.exclude(pk=given.pk).get()
        client.post("/account/positions/choose/", {"position": str(clerks.pk)})
        refused = client.get("/desk/articles/?search=a")
        text = refused.content.decode()
        assert (refused.status_code, str(given.pk) in text) == (403, True)
        assert "以“当阳市 · 编辑”继续" in text
        action = "/account/positions/choose/?next=%2Fdesk%2Farticles%2F%3Fsearch%3Da"
        assert f'action="{action}"' in text
        assert client.post(action, {"position": str(given.pk)}, follow=True).status_code == 200
        # at another hall it would not help
        elsewhere = client_of("hua", SOUTH)
        elsewhere.post("/account/positions/choose/", {"position": str(clerks.pk)})
        assert "换一个岗位" not in elsewhere.get("/desk/articles/").content.decode()

    def test_stays_a_bare_problem_for_programs(self) -> None:
        answer = client_of("sun").get("/console/settings/", headers={"accept": "application/json"})
        assert set(answer.json()) == {"type", "title", "status", "detail", "request_id", "errors"}

    def test_of_another_halls_object_tells_nothing(self) -> None:
        page = client_of("he").get(f"/console/settings/people/{account('zhou').pk}/")
        assert page.status_code == 404
        assert "怎样得到" not in page.content.decode()

    def test_to_sign_in_names_who_gives_a_new_code(self) -> None:
        text = client_of().get("/sign-in/").content.decode()
        assert all(role.label in text for role in permission_named("people.manage").roles)
        assert "/sign-in/activate/" in text
