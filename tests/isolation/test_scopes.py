"""A program's token does what its scopes name and nothing else: every API operation is asked with all scopes, and once
more without those that it asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

import config.api
from province.people.models import Account
from province.rights.actors import Actor
from province.rights.permissions import PERMISSIONS
from province.sign_in.models import ApiToken
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.filled import Filled
from tests.isolation.markers import markers_in, words_of
from tests.isolation.routes import SHARES, Route, share_of
from tests.isolation.untouched import HallRows, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

_PROVINCE_API = "province:/api/province/v1"
# what any program may read, whatever its scopes: names that the platform itself gives, the directory of halls and
# divisions and the days that are worked, which every citizen reads
OPEN = {
    f"{_PROVINCE_API}/content/reviews/reasons",
    f"{_PROVINCE_API}/halls/",
    f"{_PROVINCE_API}/halls/divisions",
    f"{_PROVINCE_API}/halls/divisions/search",
    f"{_PROVINCE_API}/halls/divisions/{{code}}/history",
    f"{_PROVINCE_API}/halls/{{code}}",
    f"{_PROVINCE_API}/people/permissions",
    f"{_PROVINCE_API}/workdays/days",
}
# the description of the API itself
_NO_OPERATIONS = ("/openapi.json", "/v1/")
# of operations that refuse the smallest body before they ask who may: one that gets as far
BODIES: Mapping[str, Callable[[Filled], dict[str, Any]]] = {
    f"{_PROVINCE_API}/sign_in/tokens": lambda _: {"name": "子令牌", "scopes": ["rights.grant"]},
    f"{_PROVINCE_API}/people/roles": lambda at: {
        "name": "新角色",
        "permissions": ["portal.write"],
        "hall_id": str(at.hall.pk),
    },
    f"{_PROVINCE_API}/people/accounts": lambda at: {
        "username": "xin",
        "name": "新人",
        "role": "hall_editor",
        "hall_id": str(at.hall.pk),
    },
    f"{_PROVINCE_API}/people/accounts/appoint": lambda at: {
        "username": "wu",
        "name": "吴名",
        "role": "hall_editor",
        "hall_id": str(at.hall.pk),
    },
    f"{_PROVINCE_API}/people/accounts/{{account_id}}/positions": lambda at: {
        "role": "hall_editor",
        "hall_id": str(at.hall.pk),
    },
    "hall:/api/hall/v1/duty/shifts": lambda _: {"name": "夜班", "starts_at": "17:30", "ends_at": "08:30"},
    "hall:/api/hall/v1/duty/shifts/{shift_id}": lambda _: {
        "name": "夜班",
        "starts_at": "17:30",
        "ends_at": "08:30",
        "revision": 0,
    },
    f"{_PROVINCE_API}/people/positions/{{position_id}}/substitutions": lambda at: {
        "substitute_id": str(at.things["substitution"].substitute_id),
        "from_on": "2099-01-01",
        "to_on": "2099-01-02",
    },
}
# of these, the smallest body or NOBODY is refused before anybody is asked for a scope, and fuller ones are tried by the
# tests of their apps
UNREACHED = {
    f"{_PROVINCE_API}/catalogue/items",
    f"{_PROVINCE_API}/catalogue/proposals",
    f"{_PROVINCE_API}/content/accounts/",
    f"{_PROVINCE_API}/content/manuscripts/import",
    f"{_PROVINCE_API}/content/pushes",
    f"{_PROVINCE_API}/content/pushes/preview",
    *(
        f"{_PROVINCE_API}/halls/plans/{{plan_id}}/{act}"
        for act in ("accept", "apply", "decisions", "decisions/table", "discard", "undo")
    ),
    f"{_PROVINCE_API}/provisioning/rollouts",
    *(f"{_PROVINCE_API}/workdays/calendars/{{calendar_id}}/{act}" for act in ("discard", "publish")),
}


# a citizen's own, by the session of a host: no token opens them, whatever its scopes
OF_CITIZENS = {
    f"hall:/api/hall/v1/casework/own/{{case_id}}/{act}"
    for act in (
        *("form", "uploads", "brought", "withdraw", "complaints", "service", "paper"),
        "documents/{document_id}/open",
    )
} | {
    "hall:/api/hall/v1/ratings/own/{case_id}",
    "hall:/api/hall/v1/fees/own/{order_id}/pay",
    "hall:/api/hall/v1/casework/own-licences/{filled_id}",
    "hall:/api/hall/v1/casework/own-packages",
    "hall:/api/hall/v1/casework/own-packages/{application_id}/withdraw",
    # a department's system's, by its signature (tests/tenants/casework/test_pushes.py)
    "hall:/api/hall/v1/casework/pushes/process",
    "hall:/api/hall/v1/casework/pushes/result",
}


class Asked(frozenset[str]):
    """Permissions that note which of them somebody asked for."""

    names: set[str]

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


class Watch:
    """Stands between a token and its actor: ``taken`` are scopes that the token is to lack, ``names`` what was asked
    for."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.names: set[str] = set()
        self._actor_of_token = config.api.actor_of_token

    def actor_of_token(self, token: ApiToken) -> Actor:
        token.scopes = sorted(set(token.scopes) - self.taken)
        by = self._actor_of_token(token)
        return replace(by, grants=tuple(replace(grant, permissions=self._of(grant.permissions)) for grant in by.grants))

    def _of(self, permissions: frozenset[str]) -> Asked:
        watched = Asked(permissions)
        watched.names = self.names
        return watched


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(config.api, "actor_of_token", watch.actor_of_token)
    return watch


def strays_of(
    ask: Requester, watch: Watch, route: Route, at: Filled, rows: HallRows, host: str, key: str
) -> Iterator[str]:
    """Ask without scopes that were asked for, until no further one is: of several that would each do, an operation asks
    for the next only where the one before is missing."""
    if str(route) in BODIES:
        body = ("application/json", BODIES[str(route)](at))
        route = replace(route, bodies=dict.fromkeys(route.methods, body))
    for method in route.methods:
        watch.taken, watch.names = set(), set()
        while True:
            with undone(rows) as changed:
                answer = ask.route(host, "", method, route, at.path(route), key=key)
            if watch.names <= watch.taken:
                break
            watch.taken |= watch.names
        what = f"{method} {route} without {sorted(watch.taken)}"
        if method != "get" and (answer.status_code < 400 or changed):
            yield f"{what}: {answer.status_code}"
        if found := markers_in(words_of(answer)) & at.markers.private:
            yield f"{what} tells {found}"
        if not watch.taken and not _is_right_without_scope(route, method, answer.status_code):
            yield f"{what}: {answer.status_code}; give it a body with which it asks for one"


def _is_right_without_scope(route: Route, method: str, status: int) -> bool:
    if method == "get":
        return status != 200 or str(route) in OPEN
    if str(route) in OF_CITIZENS:
        return status == 401
    return status == 403 or str(route) in UNREACHED


class TestToken:
    @pytest.mark.parametrize("share", range(SHARES))
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_does_nothing_outside_its_scopes(
        self, host: str, share: int, filled: dict[str, Filled], watch: Watch
    ) -> None:
        at = filled["north"]
        username, where = (at.editor, at.host) if host == "hall" else ("zhao", PROVINCE)
        key = issue_token(
            by=person(username), account=Account.objects.get(username=username), name="全部", scopes=tuple(PERMISSIONS)
        )
        asked = (route for route in share_of(host, share) if route.is_api)
        routes = [route for route in asked if not route.template.endswith(_NO_OPERATIONS)]
        rows, ask = HallRows(at.hall), Requester()
        strays = [stray for route in routes for stray in strays_of(ask, watch, route, at, rows, where, key)]
        assert routes
        assert not strays, "\n".join(strays)
        assert not rows.changed()
