from typing import Any

import pytest
from django.test import Client

from province.halls.models import Division, Hall, HallFigures
from tests.factories.divisions import division_lines, file_of
from tests.factories.people import program_of

ROOT = "/api/province/v1/halls"
NORTH = f"{ROOT}/420582000000"


@pytest.fixture
def zhao(db: None) -> Client:
    return program_of("zhao")


def send(client: Client, path: str, body: Any = None, *, key: str = "", method: str = "post") -> Any:
    headers = {"idempotency-key": key} if key else {}
    return getattr(client, method)(path, body or {}, content_type="application/json", headers=headers)


def load(client: Client, content: bytes, **query: str) -> Any:
    return client.post(
        f"{ROOT}/divisions/load", content, content_type="text/csv", query_params={"source": "divisions.csv", **query}
    )


class TestDivisionsInterface:
    def test_loads_a_file_and_applies_a_plan(self, zhao: Client) -> None:
        lines = division_lines()
        assert load(zhao, file_of(lines)).json()["added"] == len(lines) - 1
        result = load(zhao, file_of([*lines, "610121100299,新村"])).json()
        assert result["changes"] == {"add": 1}
        plan = f"{ROOT}/plans/{result['plan_id']}"
        assert [line["new_code"] for line in zhao.get(f"{plan}/changes").json()["items"]] == ["610121100299"]
        assert send(zhao, f"{plan}/accept").json() == {"count": 1}
        assert send(zhao, f"{plan}/apply").json()["plan"]["state"] == "applied"
        assert zhao.get(f"{ROOT}/divisions/610121100299/history").json()[0]["name"] == "新村"
        renamed = [*lines, "610121100299,改名村"]
        plan = f"{ROOT}/plans/{load(zhao, file_of(renamed)).json()['plan_id']}"
        assert [one["name"] for one in zhao.get(f"{ROOT}/divisions/search", {"words": "xincun"}).json()] == ["新村"]
        send(zhao, f"{plan}/accept")
        send(zhao, f"{plan}/apply")
        for words, names in (("xincun", []), ("gaiming", ["改名村"]), ("gmc", ["改名村"])):
            assert [one["name"] for one in zhao.get(f"{ROOT}/divisions/search", {"words": words}).json()] == names

    def test_lists_the_faults_of_a_wrong_file(self, zhao: Client) -> None:
        response = load(zhao, b"code,name\n42X,wrong\n")
        assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
        assert response.json()["errors"][0]["where"] == "第 2 行"

    def test_shows_the_tree_level_by_level(self, zhao: Client) -> None:
        provinces = zhao.get(f"{ROOT}/divisions").json()
        assert [(one["code"], one["child_count"]) for one in provinces] == [("420000000000", 1)]
        counties = zhao.get(f"{ROOT}/divisions", {"parent": "420500000000"}).json()
        assert [(one["name"], one["hall_id"] is not None) for one in counties] == [("当阳市", True), ("枝江市", True)]

    def test_searches(self, zhao: Client) -> None:
        found = zhao.get(f"{ROOT}/divisions/search", {"words": "当阳 河溶"}).json()
        assert [one["name"] for one in found] == ["河溶镇"]
        # by pinyin and first letters, of its own and of what stands above; loaded, renamed, or made by a plan
        found = {
            words: [one["name"] for one in zhao.get(f"{ROOT}/divisions/search", {"words": words}).json()]
            for words in ("herong", "hrz", "dangyang hr", "zhijiang", "xincun")
        }
        assert found["herong"] == found["hrz"] == ["河溶镇", "红联村"]
        assert found["dangyang hr"] == ["河溶镇"]
        assert found["zhijiang"][0] == "枝江市"
        assert found["xincun"] == []

    def test_discards_a_plan(self, zhao: Client) -> None:
        plan_id = load(zhao, "420582103299,新村".encode()).json()["plan_id"]
        assert send(zhao, f"{ROOT}/plans/{plan_id}/discard").json()["state"] == "discarded"
        assert zhao.get(f"{ROOT}/plans", {"state": "discarded"}).json()["items"][0]["id"] == plan_id
        assert not Division.objects.filter(code="420582103299").exists()


class TestHallsInterface:
    def test_pages_by_cursor(self, zhao: Client) -> None:
        first = zhao.get(f"{ROOT}/", {"limit": 2}).json()
        rest = zhao.get(f"{ROOT}/", {"limit": 2, "cursor": first["next_cursor"]}).json()
        assert len(first["items"]) == 2
        assert (len(rest["items"]), rest["next_cursor"]) == (1, "")

    def test_filters(self, zhao: Client) -> None:
        found = zhao.get(f"{ROOT}/", {"under": "420582000000", "kind": "village", "light": "red"}).json()["items"]
        assert [(one["code"], one["light"]) for one in found] == [("420582103200", "red")]

    def test_shows_a_hall_without_figures(self, zhao: Client, north: Hall) -> None:
        HallFigures.objects.filter(hall=north).delete()
        assert zhao.get(f"{ROOT}/", {"kind": "county"}).json()["items"][0]["last_active_at"] is None

    def test_changes_only_what_is_sent(self, zhao: Client) -> None:
        changed = send(zhao, NORTH, {"slogan": "便民利民"}, method="patch").json()
        assert (changed["slogan"], changed["short_name"]) == ("便民利民", "当阳市")

    def test_writes_once_for_one_key(self, zhao: Client) -> None:
        answers = [send(zhao, f"{NORTH}/suspend", {"reason": "系统维护"}, key="k1") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert send(zhao, f"{NORTH}/suspend", {"reason": "别的原因"}, key="k1").status_code == 409

    def test_takes_one_step_with_many_halls_and_says_what_came_of_each(self, zhao: Client, south: Hall) -> None:
        Hall.objects.filter(pk=south.pk).update(state="planned")
        body = {
            "codes": ["420582000000", "420583000000", "999999999999", "420582000000"],
            "step": "suspend",
            "reason": "检修",
        }
        answers = [send(zhao, f"{ROOT}/steps", body, key="k2").json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert [(one["id"], one["name"], one["is_done"]) for one in answers[0]] == [
            ("420582000000", "当阳市县政务服务中心", True),
            ("420583000000", "枝江市县政务服务中心", False),
            ("999999999999", "", False),
        ]
        assert ["筹" in one["reason"] or "没有" in one["reason"] for one in answers[0]] == [False, True, True]
        assert zhao.get(NORTH).json()["state"] == "suspended"
        assert send(zhao, f"{ROOT}/steps", body | {"codes": ["1"] * 201}).status_code == 422
        assert send(program_of("sun"), f"{ROOT}/steps", body).status_code == 403

    def test_takes_a_moment_of_any_zone(self, zhao: Client) -> None:
        """PostgreSQL itself takes offsets of less than sixteen hours."""
        answer = send(zhao, f"{NORTH}/suspend", {"reason": "维护", "until": "2541-02-01T04:09:03+19:57"})
        assert answer.json()["suspended_until"] == "2541-01-31T08:12:03Z"

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59Z", "2541-02-01T04:09:03"])
    def test_refuses_a_moment_that_is_none_here(self, zhao: Client, moment: str) -> None:
        answer = send(zhao, f"{NORTH}/suspend", {"reason": "维护", "until": moment})
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")

    def test_walks_through_the_states(self, zhao: Client) -> None:
        assert send(zhao, f"{NORTH}/suspend", {"reason": "维护"}).json()["state"] == "suspended"
        assert send(zhao, f"{NORTH}/resume").json()["state"] == "live"
        retired = send(zhao, f"{NORTH}/retire", {"reason": "并入枝江", "successor": "420583000000"}).json()
        assert (retired["state"], retired["successor_id"]) == ("retired", str(Hall.objects.get(slug="south").id))
        assert send(zhao, f"{NORTH}/resume").status_code == 409

    def test_names_what_keeps_a_hall_from_going_live(self, zhao: Client, north: Hall) -> None:
        Hall.objects.filter(pk=north.pk).update(state="trial")
        refusal = send(zhao, f"{NORTH}/go-live")
        assert refusal.status_code == 409
        assert "网站标识完整" in [one["where"] for one in refusal.json()["errors"]]

    def test_keeps_domains(self, zhao: Client) -> None:
        assert send(zhao, f"{NORTH}/domains", {"domain": "dangyang.gov.cn"}).status_code == 201
        left = zhao.delete(f"{NORTH}/domains/north.yizhan.localhost").json()
        assert [one["domain"] for one in left] == ["dangyang.gov.cn"]
        assert [one["domain"] for one in zhao.get(f"{NORTH}/domains").json()] == ["dangyang.gov.cn"]

    @pytest.mark.parametrize("page", ["checklist", "site-checks"])
    def test_shows_what_to_do(self, zhao: Client, page: str) -> None:
        assert {"key", "label"} <= set(zhao.get(f"{NORTH}/{page}").json()[0])

    def test_counts_lights(self, zhao: Client) -> None:
        assert zhao.get(f"{ROOT}/figures").json()[0]["red"] == 3

    @pytest.mark.parametrize("page", ["", "/checklist", "/site-checks", "/domains"])
    def test_knows_no_hall_without_a_code(self, zhao: Client, page: str) -> None:
        assert zhao.get(f"{ROOT}/429999000000{page}").status_code == 404


class TestSomebodyElse:
    def test_is_told_to_sign_in(self, db: None) -> None:
        assert Client(headers={"host": "yizhan.localhost"}).get(f"{ROOT}/").status_code == 401

    def test_edits_the_own_hall_alone(self, db: None) -> None:
        zhou = program_of("zhou")
        assert send(zhou, NORTH, {"slogan": "便民"}, method="patch").status_code == 403
        assert send(zhou, f"{ROOT}/420583000000", {"slogan": "便民"}, method="patch").status_code == 200

    def test_does_no_more_than_the_keys_scopes(self, db: None) -> None:
        assert send(program_of("zhao", "halls.edit"), f"{NORTH}/suspend", {"reason": "维护"}).status_code == 403
