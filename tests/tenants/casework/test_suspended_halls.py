"""A hall that is suspended: people go on there with what is theirs, and nothing new begins (decision 101). Each route
is one or the other by what apps state (``GOES_ON``); what nobody has stated is shut."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve

from province.cases.states import CaseState
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.halls.operations import resume_hall, suspend_hall
from province.halls.states import HallState
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import ask_for_correction
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.own import withdraw_own_case
from tenants.shell.slots import GOES_ON
from tenants.workflow.models import FilledForm
from tests.conftest import person
from tests.factories.casework import apply_online
from tests.factories.citizens import make_proved, phone_of
from tests.factories.forms import citizen_filler
from tests.factories.sites import change_hall, inside
from tests.isolation.asking import Requester
from tests.isolation.filled import path_to_nothing
from tests.isolation.routes import routes_of
from tests.tenants.citizen_pages.test_pages import NORTH, SOUTH, browser, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

URLCONF = settings.HALL_URLCONFS["county"]
# no page of the hall's site: the reading mode, its colour, sign-in, staff's own pages, what the payment interface tells
# under a signature, and what the API says of itself
OTHERS = re.compile(
    r"/((account|sign-in|sign-out|confirm|mode|me/sign-in|outbox|fees/notified)/|accent-\w+\.css|api/hall/v1/(openapi.json)?\Z)"
)
NOTICE = "现在不收新的申请和咨询"
REASON = "机房搬迁。"
OWN = "/api/hall/v1/casework/own"


@pytest.fixture
def citizen(north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def case(north: Hall, citizen: Citizen) -> Case:
    """A citizen is asked for another phone."""
    with inside(north):
        made = apply_online(north, CaseSetup.objects.get(), citizen)
        return ask_for_correction(
            by=person("cao"),
            hall=north,
            case_id=made.pk,
            asked=["手机号打不通。"],
            fields=["applicant_mobile"],
            workdays=10,
        )


@pytest.fixture
def draft(north: Hall, citizen: Citizen) -> FilledForm:
    """Somebody has begun an application and not sent it."""
    with inside(north):
        return begin_application(who=citizen_filler(citizen), hall=north, setup_id=CaseSetup.objects.get().pk)


@pytest.fixture
def suspended(north: Hall, case: Case, draft: FilledForm) -> Iterator[Hall]:
    yield suspend_hall(by=person("zhao"), hall=north, reason=REASON)
    resume_hall(by=person("zhao"), hall=north)


def text_of(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def sent(client: Client, method: str, path: str, **data: Any) -> Any:
    return getattr(client, method)(path, data, content_type="application/json")


def again(north: Hall, case: Case) -> Case:
    with inside(north):
        return Case.objects.get(pk=case.pk)


class TestRoute:
    @pytest.fixture
    def ask(self, citizen: Citizen) -> Requester:
        made = Requester()
        made.take("citizen", NORTH, signed_in(citizen).cookies)
        return made

    def test_of_a_hall_is_shut_unless_an_app_states_that_it_goes_on(self, suspended: Hall, ask: Requester) -> None:
        stated = {one.route: one for one in GOES_ON.entries()}
        strays, seen = [], set()
        for route in routes_of("hall"):
            path = path_to_nothing(route)
            if path.startswith("/desk/") or OTHERS.match(path):
                continue
            first = ask.route(NORTH, "citizen", route.methods[0], route, path)
            if route.is_api and first.status_code == 401:
                # staff's and their programs'
                continue
            rest = {method: ask.route(NORTH, "citizen", method, route, path) for method in route.methods[1:]}
            answers, name = {route.methods[0]: first} | rest, resolve(path, URLCONF).view_name
            seen.add(name)
            shut = {method for method, one in answers.items() if one.status_code == 503}
            # a page answers to what it does not take in one way, open or not
            known = {method for method, one in answers.items() if one.status_code != 405}
            if name not in stated:
                is_right = bool(shut) and shut == known
            else:
                is_right = shut == (known - {"get"} if stated[name].is_read else set())
            if not is_right:
                strays.append(f"{name}: { ({method: one.status_code for method, one in answers.items()}) }")
            if not route.is_api:
                strays += [
                    f"{name}: may be kept: {one.headers.get('Cache-Control')}"
                    for one in answers.values()
                    if "ETag" in one.headers or "public" in one.headers.get("Cache-Control", "")
                ]
        assert strays == [], "\n".join(strays)
        assert seen >= stated.keys()

    def test_that_goes_on_is_one_route(self) -> None:
        def number(name: str) -> int:
            namespace, _, word = name.rpartition(":")
            resolver = get_resolver(URLCONF)
            if namespace:
                resolver = resolver.namespace_dict[namespace][1]
            return len(resolver.reverse_dict.getlist(word))

        assert [one.route for one in GOES_ON.entries() if number(one.route) != 1] == []


class TestOwnPages:
    def test_of_a_suspended_hall_say_so_and_lead_nowhere_that_is_shut(
        self, suspended: Hall, case: Case, citizen: Citizen, draft: FilledForm
    ) -> None:
        client = signed_in(citizen)
        pages = ["/me/", "/cases/", f"/cases/{case.pk}/", f"/forms/filled/{case.filled_id}/", "/forms/", "/progress/"]
        pages += [f"/forms/filled/{case.filled_id}/again/", f"/cases/{case.pk}/withdraw/", "/verify/"]
        day = f"{suspended.suspended_at:%Y}年" if suspended.suspended_at else "none"
        for path in pages:
            page = text_of(client, path)
            for said in (NOTICE, REASON, "本厅自", day):
                assert said in page, (path, said)
            # crumbs and the head lead to the page that says that the site is shut
            leads = set(re.findall(r'href="(/[^"#]*)"', page)) - {"/"}
            leads = {one for one in leads if not one.startswith("/static/")}
            shut = {one for one in leads if client.get(one).status_code == 503}
            assert shut == set(), path
        # what waits to be sent is there, and waits
        assert "恢复服务以后接着填" in text_of(client, "/cases/")
        assert str(draft.pk) not in text_of(client, "/me/")

    def test_are_led_to_by_the_page_that_says_that_the_site_is_shut(self, suspended: Hall) -> None:
        for path in ("/", "/services/", "/nothing/"):
            page = text_of(browser(), path, status=503)
            assert 'href="/me/"' in page
            assert 'href="/progress/"' in page
            assert REASON in page
        answer = browser().get("/me/")
        assert answer["Location"].startswith("/me/sign-in/?")
        assert "/me/authorize/?" in browser().get(answer["Location"])["Location"]

    def test_are_open_to_who_looks_the_case_up(self, suspended: Hall, case: Case) -> None:
        stranger = browser()
        found = stranger.post("/progress/", {"number": case.number, "tail": phone_of()[-4:]})
        assert found["Location"] == f"/cases/{case.pk}/"
        assert NOTICE in text_of(stranger, found["Location"])

    def test_are_nobody_elses_and_shut_for_good_with_the_hall(
        self, suspended: Hall, case: Case, citizen: Citizen, south: Hall
    ) -> None:
        for client in (signed_in(make_proved(2)), signed_in(citizen, SOUTH)):
            for path in (f"/cases/{case.pk}/", f"{OWN}/{case.pk}"):
                assert client.get(path).status_code == 404
        change_hall(suspended, state=HallState.RETIRED, successor=south)
        client = signed_in(citizen)
        for path, status in (("/me/", 410), (f"/cases/{case.pk}/", 410), (f"{OWN}/{case.pk}", 404)):
            assert client.get(path).status_code == status
        change_hall(suspended, state=HallState.SUSPENDED)


class TestCorrection:
    def test_that_is_brought_while_the_hall_is_suspended_moves_the_case(
        self, suspended: Hall, case: Case, citizen: Citizen
    ) -> None:
        client, form = signed_in(citizen), f"/forms/filled/{case.filled_id}/again/"
        revision = client.get(f"{OWN}/{case.pk}").json()["filled_revision"]
        typed = {"applicant_mobile": phone_of(9), "_revision": str(revision), "_act": "next"}
        assert client.post(form, typed)["Location"] == f"/cases/{case.pk}/"
        for _ in range(2):
            client.post(f"/cases/{case.pk}/brought/", {"said": "换了号码"})
        found = again(suspended, case)
        with inside(suspended):
            brought = found.acts.filter(act="bring_the_rest").count()
        assert (found.state, brought) == (CaseState.RECEIVED, 1)

    def test_is_brought_and_the_case_taken_back_over_the_api(
        self, suspended: Hall, case: Case, citizen: Citizen
    ) -> None:
        client, path = signed_in(citizen), f"{OWN}/{case.pk}"
        given = {"values": {"applicant_mobile": phone_of(9)}, "revision": client.get(path).json()["filled_revision"]}
        assert sent(client, "patch", f"{path}/form", **given).status_code == 200
        assert sent(client, "post", f"{path}/brought", said="换了号码").json()["state"] == "received"
        assert sent(client, "post", f"{path}/withdraw", reason="不办了").json()["state"] == "withdrawn"


class TestNewApplication:
    def test_is_not_taken_in_while_the_hall_is_suspended(
        self, suspended: Hall, citizen: Citizen, draft: FilledForm
    ) -> None:
        client, path = signed_in(citizen), f"/forms/filled/{draft.pk}/"
        with inside(suspended):
            setup = CaseSetup.objects.get()
            before = (Case.objects.count(), FilledForm.objects.count())
        apply = f"/cases/apply/{setup.item_id}/"
        for address, posted in (
            (apply, {"setup": str(setup.pk)}),
            (f"{path}check/", {}),
            (f"{path}pages/applicant_nature/", {"_act": "next", "_revision": "0"}),
        ):
            for answer in (client.get(address), client.post(address, posted)):
                assert (answer.status_code, "Retry-After" in answer.headers) == (503, True), address
        begun = sent(client, "post", "/api/hall/v1/casework/own-packages", package_id=str(setup.pk), answers={})
        assert begun.status_code == 503
        assert "不收新的申请" in begun.json()["detail"]
        with inside(suspended):
            assert (Case.objects.count(), FilledForm.objects.count()) == before
        # it may be deleted, and goes on once the hall is back
        resume_hall(by=person("zhao"), hall=suspended)
        assert client.get(path, follow=True).status_code == 200
        suspend_hall(by=person("zhao"), hall=suspended, reason=REASON)
        client.post(f"{path}drop/")
        with inside(suspended):
            assert not FilledForm.objects.filter(pk=draft.pk).exists()


class TestKeptPage:
    def test_is_no_answer_of_a_suspended_hall_nor_the_refusal_of_one_that_is_back(
        self, north: Hall, case: Case, citizen: Citizen
    ) -> None:
        reader = browser()
        etag = reader.get("/")["ETag"]
        suspend_hall(by=person("zhao"), hall=north, reason=REASON)
        for headers in ({}, {"if-none-match": etag}):
            assert reader.get("/", headers=headers).status_code == 503
        with inside(north):
            withdraw_own_case(who=citizen_filler(citizen), hall=north, case_id=case.pk)
        resume_hall(by=person("zhao"), hall=north)
        page = reader.get("/")
        assert page.status_code == 200
        assert NOTICE not in page.content.decode()
        assert NOTICE not in text_of(signed_in(citizen), "/me/")
