"""What another site, or a mail, can make somebody's browser do: nothing that changes anything, and go nowhere else."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.halls import PASSWORD
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.filled import Filled
from tests.isolation.routes import routes_of
from tests.isolation.test_scopes import OF_CITIZENS
from tests.isolation.untouched import HallRows
from tests.security.ways_out import ELSEWHERE, HEADERS, NAMES, VALUE, ways_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

NORTH = "north.yizhan.localhost"
UNSAFE = ("post", "put", "patch", "delete")
# what looks at no session: it answers programs of other hosts, or leads on to a page that asks
TOKEN_ONLY = {"/oidc/token/", "/oidc/userinfo/", "/oidc/sign-out/"}
# a program's outside, by its signature: no session counts there (tests/tenants/fees/test_online.py)
SIGNED = {"hall:/fees/notified/"}


class TestPageOfAnotherSite:
    def test_changes_nothing_by_the_session_it_sends_along(self, filled: dict[str, Filled]) -> None:
        """Every route, pages and API, in every way that changes something: without our own page's token, 403."""
        north = filled["north"]
        signed_in = {who: _sealed_client(who) for who in ("zhao", north.editor)}
        rows = HallRows(north.hall)
        strays = []
        for route in (*routes_of("hall"), *routes_of("province")):
            host, who = (PROVINCE, "zhao") if route.host == "province" else (NORTH, north.editor)
            client = signed_in[who]
            for method in set(route.methods if route.is_api else ("post",)) & set(UNSAFE):
                media_type, body = route.bodies.get(method, ("application/json", {}))
                options: dict[str, Any] = {"content_type": media_type} if "multipart" not in media_type else {}
                answer = getattr(client, method)(
                    north.path(route), body, headers={"host": host, "origin": "https://evil.example"}, **options
                )
                # what is a citizen's own does not know who works here (tests/tenants/casework/test_citizen_api.py)
                refused = 401 if str(route) in OF_CITIZENS | SIGNED else 403
                if answer.status_code != refused and route.template not in TOKEN_ONLY:
                    strays.append((method, str(route), answer.status_code))
        assert strays == []
        assert not rows.changed()
        # to the last of them the session was good
        for host, who in ((PROVINCE, "zhao"), (NORTH, north.editor)):
            assert signed_in[who].get("/account/", headers={"host": host}).status_code == 200

    def test_is_refused_though_it_be_another_halls(self) -> None:
        """Halls' hosts are one site to browsers: a cookie's SameSite does not part them, the token does."""
        client = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        client.force_login(Account.objects.get(username="sun"))
        client.get("/desk/articles/new/")
        token = client.cookies["csrftoken"].value
        data = {"code": "made", "name": "新栏目"}
        path = "/api/hall/v1/portal/columns"
        foreign = {"origin": "http://south.yizhan.localhost", "x-csrftoken": token}
        assert client.post(path, data, content_type="application/json", headers=foreign).status_code == 403
        assert client.post(path, data, content_type="application/json").status_code == 403
        own = {"origin": f"http://{NORTH}", "x-csrftoken": token}
        assert client.post(path, data, content_type="application/json", headers=own).status_code == 201

    def test_says_what_is_missing_to_programs(self) -> None:
        client = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        client.force_login(Account.objects.get(username="sun"))
        refusal = client.post("/api/hall/v1/portal/columns", {}, content_type="application/json")
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert "X-CSRFToken" in refusal.json()["detail"]

    def test_has_no_part_where_a_program_brings_its_key(self) -> None:
        key = issue_token(
            by=person("sun"), account=Account.objects.get(username="sun"), name="测试", scopes=[*PERMISSIONS]
        )
        client = Client(enforce_csrf_checks=True, headers={"host": NORTH, "authorization": f"Bearer {key}"})
        data = {"code": "made", "name": "新栏目"}
        assert client.post("/api/hall/v1/portal/columns", data, content_type="application/json").status_code == 201


class TestRedirect:
    def test_leads_to_no_other_site_on_any_page(self, ask: Requester, filled: dict[str, Filled]) -> None:
        """Whatever an address or a header says of where to go back to. (Pages that somebody asks who is signed in are
        looked at where each of them is asked: tests/isolation/test_parameters.py.)"""
        query = dict.fromkeys(NAMES, VALUE)
        routes = (*routes_of("hall"), *routes_of("province"))
        # of what the API does not give to read, one tells for all: none gets to its view
        unread = [route for route in routes if route.is_api and "get" not in route.methods]
        read = [route for route in routes if not route.is_api or "get" in route.methods]
        strays = []
        for route in (*unread[:1], *read):
            host, who = (PROVINCE, "zhao") if route.host == "province" else (NORTH, "sun")
            for person_asking in (who, "") if route.is_api else ("",):
                answer = ask(host, person_asking, "get", filled["north"].path(route), data=query, headers=HEADERS)
                strays += [(str(route), found) for found in ways_out(answer)]
        assert strays == []

    def test_leads_to_no_other_site_where_one_goes_back(self) -> None:
        signed_in = {host: Client(headers={"host": host}) for host in (PROVINCE, NORTH)}
        for host, client in signed_in.items():
            client.force_login(Account.objects.get(username="zhao" if host == PROVINCE else "sun"))
        strays = []
        for elsewhere in ELSEWHERE:
            for host, path, name in (
                (PROVINCE, "/sign-in/", "next"),
                (NORTH, "/sign-in/", "next"),
                (NORTH, "/mode/", "back"),
                (PROVINCE, "/confirm/", "next"),
            ):
                for client in (signed_in[host], Client(headers={"host": host})):
                    strays += ways_out(client.get(path, {name: elsewhere}))
            answer = Client(headers={"host": PROVINCE}).post(
                f"/sign-in/?{urlencode({'next': elsewhere})}", {"username": "wu", "password": PASSWORD}
            )
            # a page that leads on by itself, where a redirect would not be followed
            assert answer.status_code in {200, 302}
            assert answer.wsgi_request.user.is_authenticated
            strays += ways_out(answer)
        assert strays == []


def _sealed_client(username: str) -> Client:
    """Signed in, without the token of a page of ours."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Account.objects.get(username=username))
    return client
