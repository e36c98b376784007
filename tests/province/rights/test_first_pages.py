"""Every ready-made role finds something to do after signing in, wherever it can be had."""

import re
from collections.abc import Iterator
from copy import copy
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import set_urlconf

from province.console.slots import NAVIGATION
from province.halls.models import Hall, HallKind
from province.people.queries.roles import default_reach
from province.rights.actors import Actor, Grant
from province.rights.permissions import permissions_of_role
from province.rights.roles import READY_ROLES, Role
from tenants.shell.slots import DESK
from tenants.shell.templatetags.shell import desk_places
from tests.factories.halls import make_person
from tests.factories.people import PROVINCE_HOST, client_of

pytestmark = pytest.mark.django_db

MOST_PLACES = 8
PLACES = re.compile(r'<nav class="office-side".*?</nav>', re.DOTALL)
PLACE = re.compile(r'<li><a href="([^"]+)"')
# what waits, a list of things, or a word that there are none and what to do then
SOMETHING = re.compile(r'<ul class="todo|现在没有|<table|class="empty"')
NEXT = re.compile(r"现在没有(?:等您处理的|要处理的事)。.{0,40}?<a href")


def first_page(client: Client, path: str) -> tuple[Client, str]:
    """The page to which this leads at last, and the browser where it is: from a hall's desk maybe to the console."""
    for _ in range(3):
        answer = client.get(path)
        if answer.status_code != 302:
            assert answer.status_code == 200, (path, answer.status_code)
            return client, answer.content.decode()
        host, path = re.fullmatch(r"(?:https?://([^/:]+)(?::\d+)?)?(/.*)", answer["Location"]).groups()  # type: ignore[union-attr]
        if host:
            client = Client(HTTP_HOST=host)
            client.force_login(answer.wsgi_request.user)  # type: ignore[arg-type]
    raise AssertionError(path)


def check_first_page(client: Client, path: str, whom: object) -> None:
    client, page = first_page(client, path)
    navigation, main = PLACES.search(page), page.partition("<main")[2]
    assert navigation, whom
    places = [one for one in PLACE.findall(navigation[0]) if one.startswith("/")]
    assert places, whom
    assert SOMETHING.search(main), whom
    assert "现在没有" not in main or NEXT.search(main), whom
    # no place of the navigation refuses whom it invites
    assert {place: client.get(place).status_code for place in places} == dict.fromkeys(places, 200), whom


@pytest.mark.parametrize("role", [role for role, ready in READY_ROLES.items() if ready.is_for_province])
def test_somebody_at_the_province_has_something_to_do(role: Role) -> None:
    username = make_person("somebody", "某人", role).username
    check_first_page(client_of(username), "/console/", role)


@pytest.mark.parametrize("slug", ["north", "village"])
@pytest.mark.parametrize("role", [role for role, ready in READY_ROLES.items() if ready.is_for_halls])
def test_somebody_in_a_hall_has_something_to_do(role: Role, slug: str) -> None:
    username = make_person("somebody", "某人", role, Hall.objects.get(slug=slug)).username
    check_first_page(client_of(username, f"{slug}.yizhan.localhost"), "/desk/", (role, slug))
    if slug == "village":
        # its people have no editors' desk at the console, and are not left standing when they sign in there
        check_first_page(client_of(username, PROVINCE_HOST), "/console/", (role, slug))


class TestDesk:
    @pytest.fixture(autouse=True)
    def _own_routes(self) -> Iterator[None]:
        yield
        set_urlconf(None)

    @pytest.mark.parametrize("kind", HallKind)
    def test_has_at_most_eight_places_for_anybody(self, kind: HallKind, north: Hall) -> None:
        hall = copy(north)
        hall.kind = kind
        set_urlconf(settings.HALL_URLCONFS[kind])
        for role in (role for role, ready in READY_ROLES.items() if ready.is_for_halls):
            reach = default_reach(role, hall.pk)
            grant = Grant(permissions_of_role(role), hall.pk, hall.prefixes[-1], reach)
            request = SimpleNamespace(hall=hall, actor=Actor(uuid4(), "某人", (grant,)))
            places = [one.label for _, part in desk_places({"request": request})["sections"] for one in part]
            assert len(places) == len(set(places)) <= MOST_PLACES, (role, places)

    def test_calls_things_as_the_console_does(self) -> None:
        desk = {link.route.removeprefix("desk-"): link.label for link in DESK.entries()}
        console = {link.route.removeprefix("console-"): link.label for link in NAVIGATION.entries()}
        # at a hall the pushes are those from above, and its settings the site's
        both = (desk.keys() & console.keys()) - {"pushes", "settings"}
        assert both == {"items", "accounts"}
        assert {name: desk[name] for name in both} == {name: console[name] for name in both}
        assert (desk["pushes"], desk["settings"]) == ("上级推稿", "网站设置")
