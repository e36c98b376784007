"""The HTTP interface of people: it calls the operations that pages call, and refuses what they refuse."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from foundation.idempotency.models import IdempotencyKey
from province.halls.models import Hall
from province.people.models import Account, OwnRole, Position, Unit
from province.rights.permissions import PERMISSIONS
from province.sign_in.models import ApiToken
from tests.factories.people import (
    account,
    client_of,
    make_program,
    make_role,
    make_unit,
    people_table_file,
    position_of,
    program_of,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/province/v1/people"
SIGN_IN = "/api/province/v1/sign_in"


def send(client: Client, path: str, body: Any = None, *, method: str = "post", key: str = "", root: str = ROOT) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return getattr(client, method)(f"{root}{path}", body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def he() -> Client:
    return program_of("he")


class TestAccountsInterface:
    def test_pages_through_those_in_reach(self, he: Client) -> None:
        first = he.get(f"{ROOT}/accounts", {"limit": 5}).json()
        rest = he.get(f"{ROOT}/accounts", {"limit": 5, "cursor": first["next_cursor"]}).json()
        names = {one["username"] for one in first["items"] + rest["items"]}
        assert names == {"sun", "li", "he", "hua", "cao", "tao", "jiang"}
        assert first["items"][0]["positions"][0]["role_name"]

    def test_filters(self, he: Client, north: Hall) -> None:
        found = he.get(f"{ROOT}/accounts", {"role": "window_clerk", "hall_id": str(north.pk)}).json()["items"]
        assert [one["username"] for one in found] == ["hua"]
        assert he.get(f"{ROOT}/accounts", {"state": "nonsense"}).status_code == 422

    def test_takes_somebody_in(self, he: Client, north: Hall) -> None:
        body = {"username": "new.person", "name": "新来", "role": "editor", "hall_id": str(north.pk)}
        answer = send(he, "/accounts", body)
        assert answer.status_code == 201
        assert answer.json()["activation_code"]
        assert position_of("new.person").reach_prefix == "420582"
        assert send(he, "/accounts", body).status_code == 422

    def test_keeps_no_code_and_no_key_for_repeats(self, he: Client, north: Hall) -> None:
        body = {"username": "new.person", "name": "新来", "role": "editor", "hall_id": str(north.pk)}
        send(he, "/accounts", body, key="k1")
        send(he, "/tokens", {"name": "x", "scopes": ["content.read"]}, key="k2", root=SIGN_IN)
        assert not IdempotencyKey.objects.exists()

    def test_gives_a_first_position_to_somebody_known_by_user_name_and_name(self, he: Client, north: Hall) -> None:
        wu = account("wu")
        body = {"username": "wu", "name": "吴名", "role": "editor", "hall_id": str(north.pk)}
        unknown = send(he, "/accounts/appoint", body | {"name": "别人"})
        answer = send(he, "/accounts/appoint", body, key="k")
        again = send(he, "/accounts/appoint", body, key="k")
        other = send(he, "/accounts/appoint", body)
        assert [one.status_code for one in (unknown, answer, again, other)] == [404, 201, 201, 404]
        assert unknown.json()["detail"] == other.json()["detail"]
        assert position_of("wu").reach_prefix == "420582"
        assert wu.positions.count() == 1

    def test_takes_in_a_table_and_shows_each_code_once(self, he: Client, north: Hall) -> None:
        rows = [("zhang.san", "张三", "政务科/综合窗口", "科员", "编辑"), ("li.si", "李四", "", "", "没有的角色")]

        def take_in(**query: str) -> dict[str, Any]:
            query["hall_id"] = str(north.pk)
            path = f"{ROOT}/people-imports?{urlencode(query)}"
            answer = he.post(path, {"file": people_table_file(rows)})
            assert answer.status_code == 200, answer.content
            return answer.json()  # type: ignore[no-any-return]

        trial = take_in(is_trial="true")
        assert (trial["accounts"], trial["codes"], Account.objects.filter(username="zhang.san").count()) == (1, [], 0)
        first, again = take_in(), take_in()
        assert [one["username"] for one in first["codes"]] == ["zhang.san"]
        assert [one["where"] for one in first["faults"]] == ["第 3 行"]
        assert (again["accounts"], again["unchanged"], again["codes"]) == (0, 1, [])

    def test_closes_and_reopens_once_for_one_key(self, he: Client) -> None:
        path = f"/accounts/{account('sun').pk}"
        answers = [send(he, f"{path}/close", key="k1") for _ in range(2)]
        assert [one.json()["is_active"] for one in answers] == [False, False]
        assert send(he, f"{path}/reopen").json()["is_active"] is True
        assert send(he, f"{path}/activation").json()["activation_code"]

    def test_says_what_somebody_may_and_why(self, he: Client) -> None:
        rights = {one["permission"]: one for one in he.get(f"{ROOT}/accounts/{account('sun').pk}/rights").json()}
        assert rights["content.push"]["because"][0]["role"] == "服务厅编辑"

    def test_hands_over(self, he: Client) -> None:
        body = {"successor_id": str(account("hua").pk), "reason": "调离"}
        assert send(he, f"/accounts/{account('sun').pk}/hand-over", body).json() == {"moved": 1}


class TestPositionsInterface:
    def test_gives_and_takes(self, he: Client, north: Hall) -> None:
        unit = make_unit("政务科", hall=north)
        body = {"role": "handler", "hall_id": str(north.pk), "unit_id": str(unit.pk), "title": "科员", "reach": "hall"}
        answers = [send(he, f"/accounts/{account('hua').pk}/positions", body, key="k1") for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        given = answers[0].json()
        assert (given["role_name"], given["title"], given["unit_id"]) == ("承办", "科员", str(unit.pk))
        left = send(he, f"/positions/{given['id']}", method="delete").json()
        assert [one["role"] for one in left["positions"]] == ["window_clerk"]

    def test_refuses_what_is_not_the_callers(self, he: Client, south: Hall) -> None:
        body = {"role": "editor", "hall_id": str(south.pk)}
        assert send(he, f"/accounts/{account('hua').pk}/positions", body).status_code == 403
        assert send(he, f"/positions/{position_of('zhou').pk}", method="delete").status_code == 404
        assert send(he, f"/accounts/{account('hua').pk}/positions", {"role": "emperor"}).status_code == 404
        body = {"role": "editor", "hall_id": "00000000-0000-7000-8000-000000000000"}
        assert send(he, f"/accounts/{account('hua').pk}/positions", body).status_code == 404

    def test_names_and_ends_a_substitute(self, he: Client) -> None:
        today = timezone.localdate()
        body = {
            "substitute_id": str(account("hua").pk),
            "from_on": today.isoformat(),
            "to_on": (today + timedelta(days=3)).isoformat(),
        }
        named = send(he, f"/positions/{position_of('sun').pk}/substitutions", body)
        assert named.status_code == 201
        assert send(he, f"/substitutions/{named.json()['id']}", method="delete").json()["ended_at"]
        zhou = program_of("zhao")
        assert send(zhou, f"/substitutions/{position_of('sun').pk}", method="delete").status_code == 404


class TestRightsInterface:
    def test_lists_permissions_and_their_holders(self, he: Client, north: Hall) -> None:
        assert {one["name"] for one in he.get(f"{ROOT}/permissions").json()} == set(PERMISSIONS)
        found = he.get(f"{ROOT}/permissions/content.push/holders", {"hall_id": str(north.pk)}).json()["items"]
        assert {one["username"] for one in found} == {"sun", "li", "he"}
        assert he.get(f"{ROOT}/permissions/content.burn/holders").status_code == 404


class TestUnitsInterface:
    def test_builds_a_tree(self, he: Client, north: Hall) -> None:
        top = send(he, "/units", {"name": "政务科", "hall_id": str(north.pk)}).json()
        below = send(he, "/units", {"name": "受理组", "hall_id": str(north.pk), "parent_id": top["id"]}).json()
        changed = send(he, f"/units/{below['id']}", {"name": "窗口组", "parent_id": None}, method="patch").json()
        assert (changed["name"], changed["parent_id"]) == ("窗口组", None)
        assert send(he, f"/units/{below['id']}/order", {"is_up": True}).json()["order"] == 1
        listed = he.get(f"{ROOT}/units", {"hall_id": str(north.pk)}).json()["items"]
        assert {one["name"] for one in listed} == {"政务科", "窗口组"}
        assert send(he, f"/units/{below['id']}/retire").status_code == 200
        assert send(he, f"/units/{below['id']}/retire").status_code == 409

    def test_changes_only_what_is_sent(self, he: Client, north: Hall) -> None:
        top = make_unit("政务科", hall=north)
        below = make_unit("受理组", hall=north, parent=top)
        changed = send(he, f"/units/{below.pk}", {"name": "窗口组"}, method="patch").json()
        assert (changed["name"], changed["parent_id"]) == ("窗口组", str(top.pk))

    def test_of_another_hall_are_not_there(self, he: Client, north: Hall, south: Hall) -> None:
        theirs = make_unit("南厅科", hall=south)
        assert he.get(f"{ROOT}/units", {"hall_id": str(south.pk)}).json()["items"] == []
        assert send(he, f"/units/{theirs.pk}/retire").status_code == 404
        body = {"name": "x", "hall_id": str(north.pk), "parent_id": str(theirs.pk)}
        assert send(he, "/units", body).status_code == 404
        assert Unit.objects.count() == 1


class TestRolesInterface:
    def test_makes_changes_and_retires(self, he: Client, north: Hall) -> None:
        body = {"name": "秘书", "permissions": ["content.read"], "hall_id": str(north.pk)}
        made = send(he, "/roles", body, key="k1").json()
        assert send(he, "/roles", body, key="k1").json() == made
        body = {"name": "秘书长", "permissions": ["content.read", "content.write"]}
        assert send(he, f"/roles/{made['id']}", body, method="put").json()["name"] == "秘书长"
        listed = he.get(f"{ROOT}/roles", {"hall_id": str(north.pk)}).json()["items"]
        assert [one["name"] for one in listed] == ["秘书长"]
        assert send(he, f"/roles/{made['id']}/retire").status_code == 200
        assert OwnRole.objects.get().retired_at

    def test_lists_the_ready_made(self, he: Client, north: Hall) -> None:
        of_hall = {one["code"] for one in he.get(f"{ROOT}/roles/ready", {"hall_id": str(north.pk)}).json()}
        assert {"hall_editor", "window_clerk"} <= of_hall
        assert "province_operator" not in of_hall

    def test_of_another_hall_are_not_there(self, he: Client, south: Hall) -> None:
        role = make_role(hall=south)
        body = {"name": "x", "permissions": ["content.read"]}
        assert send(he, f"/roles/{role.pk}", body, method="put").status_code == 404
        assert he.get(f"{ROOT}/roles", {"hall_id": str(south.pk)}).status_code == 403


class TestTokensInterface:
    @pytest.fixture
    def he(self) -> Client:
        """Signed in: programs make no keys."""
        return client_of("he")

    def test_issues_and_revokes_ones_own(self, he: Client) -> None:
        answer = send(
            he, "/tokens", {"name": "交换", "scopes": ["content.read"], "addresses": ["127.0.0.0/8"]}, root=SIGN_IN
        )
        assert answer.status_code == 201
        program = Client(headers={"host": "yizhan.localhost", "Authorization": f"Bearer {answer.json()['key']}"})
        # its scopes do not reach people
        assert program.get(f"{ROOT}/accounts").status_code == 403
        assert program.get("/api/province/v1/content/pushes").status_code == 200
        token = ApiToken.objects.get(name="交换")
        assert {one["name"] for one in he.get(f"{SIGN_IN}/tokens").json()["items"]} == {"交换"}
        assert send(he, f"/tokens/{token.pk}", method="delete", root=SIGN_IN).status_code == 200
        assert program.get("/api/province/v1/content/pushes").status_code == 401

    def test_issues_nobody_elses(self, he: Client) -> None:
        body = {"account_id": str(account("sun").pk), "name": "x", "scopes": ["content.read"]}
        assert send(he, "/tokens", body, root=SIGN_IN).status_code == 403
        # who signs in makes their own
        assert send(client_of("an"), "/tokens", body, root=SIGN_IN).status_code == 422
        body["account_id"] = str(make_program().pk)
        assert send(he, "/tokens", body, root=SIGN_IN).status_code == 403
        assert send(client_of("an"), "/tokens", body, root=SIGN_IN).status_code == 201

    def test_revokes_nobody_elses(self, he: Client) -> None:
        program_of("sun")
        token = ApiToken.objects.get(account=account("sun"))
        assert send(he, f"/tokens/{token.pk}", method="delete", root=SIGN_IN).status_code == 404


class TestSomebodyElse:
    @pytest.mark.parametrize("username", ["sun", "hua"])
    def test_is_refused(self, username: str, north: Hall) -> None:
        client = program_of(username)
        before = (Account.objects.count(), Position.objects.count())
        sun = account("sun").pk
        for path in ("/accounts", f"/accounts/{sun}", f"/accounts/{sun}/rights", "/units", "/roles", "/roles/ready"):
            assert client.get(f"{ROOT}{path}").status_code == 403, path
        for path, body in (
            ("/accounts", {"username": "x.y", "name": "某", "role": "editor", "hall_id": str(north.pk)}),
            (f"/accounts/{sun}/positions", {"role": "editor", "hall_id": str(north.pk)}),
            (f"/accounts/{sun}/close", {}),
            ("/units", {"name": "x", "hall_id": str(north.pk)}),
            ("/roles", {"name": "x", "permissions": ["content.read"], "hall_id": str(north.pk)}),
        ):
            assert send(client, path, body).status_code == 403, path
        assert (Account.objects.count(), Position.objects.count()) == before

    def test_is_told_to_sign_in(self) -> None:
        assert Client(headers={"host": "yizhan.localhost"}).get(f"{ROOT}/accounts").status_code == 401
