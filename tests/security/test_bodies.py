"""Whatever stands at one place of an otherwise right body, each endpoint takes it or says in Chinese what is wrong, in
good time, and never with a fault of its own.

Places and right values come from the OpenAPI documents, so that a new endpoint is asked without a line here. One harm
for each endpoint always, some dozens in a soak.
"""

import gc
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from ninja.openapi.schema import get_schema

from config.api import MOST_ENTRIES
from foundation.errors import LONGEST_MESSAGE
from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.isolation.asking import PROVINCE
from tests.isolation.filled import Filled
from tests.isolation.routes import API_DOCUMENTS, routes_of
from tests.isolation.untouched import undone
from tests.security.bodies import HARMS, LARGE, harmed, places_of, whole_example
from tests.security.test_time import in_good_time
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

EACH = 40 if SOAK else 1
# one of so many that are sent is a large one
_LARGE_SHARE = 2 if SOAK else 8
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LARGEST_ANSWER = 300_000
_SMALL = tuple(one for one in HARMS if one not in LARGE)


@dataclass(frozen=True)
class Endpoint:
    method: str
    template: str
    address: str
    right: Any

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    def harms(self) -> Iterator[tuple[str, str]]:
        """Some of all bodies with one harm, the same in every run, with what each of them is."""
        places = list(places_of(self.right))
        for number in range(EACH):
            drawn = crc32(f"{self} {number}".encode())
            kinds = LARGE if drawn % _LARGE_SHARE == 0 else _SMALL
            place, harm = places[drawn // 7 % len(places)], kinds[drawn // 11 % len(kinds)]
            yield f"{harm} at {place}", harmed(self.right, place, harm)


def endpoints_of(host: str, filled: Filled) -> Iterator[Endpoint]:
    api, root = API_DOCUMENTS[host]
    document = get_schema(api, path_prefix=root)
    routes = {route.template: route for route in routes_of(host)}
    for path, operations in document["paths"].items():
        template = path.replace("//", "/")
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                right = whole_example(schema, document["components"]["schemas"], address=template)
                yield Endpoint(method, template, filled.path(routes[template]), right)


def client_of(host: str) -> Client:
    who = "zhao" if host == PROVINCE else "sun"
    key = issue_token(by=person(who), account=Account.objects.get(username=who), name="请求", scopes=[*PERMISSIONS])
    return Client(headers={"host": host, "authorization": f"Bearer {key}"}, raise_request_exception=False)


def send(client: Client, endpoint: Endpoint, body: str) -> Any:
    return client.generic(endpoint.method.upper(), endpoint.address, body.encode(), content_type="application/json")


def faults_of(answer: Any) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
        return
    if len(answer.content) > _LARGEST_ANSWER:
        yield f"answers with {len(answer.content):,} bytes"
    if answer.status_code >= 400:
        said = answer.json()
        for message in (said["detail"], *(one["message"] for one in said["errors"])):
            if not _CHINESE.search(message) or len(message) > LONGEST_MESSAGE:
                yield f"says {message[:200]!r}"


class TestBody:
    @pytest.mark.soak
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_is_taken_or_refused_in_plain_words_and_in_good_time(
        self, host: str, filled: dict[str, Filled], caplog: pytest.LogCaptureFixture
    ) -> None:
        client = client_of(filled["north"].host if host == "hall" else PROVINCE)
        gc.freeze()  # what was filled is no work of the endpoints'
        strays, asked = [], 0
        for endpoint in endpoints_of(host, filled["north"]):
            for what, body in endpoint.harms():
                # a fault within is one of the answer: what takes too long answers 500
                with undone(), in_good_time():
                    answer = send(client, endpoint, body)
                strays += [f"{endpoint} with {what} {fault}" for fault in faults_of(answer)]
                asked += 1
                caplog.clear()  # each line holds a request with its body
        gc.unfreeze()
        assert not strays, "\n".join(strays)
        assert asked >= 90


_KIND_OF_FORM = "multipart/form-data; boundary=x"
_FORM = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
# of so many endpoints one is asked
_EVERY = 1 if SOAK else 8


class TestForm:
    """In place of a body: it was read on its way to the endpoint."""

    @pytest.mark.soak
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_is_refused_in_plain_words(self, host: str, filled: dict[str, Filled]) -> None:
        client = client_of(filled["north"].host if host == "hall" else PROVINCE)
        strays, asked = [], 0
        for route in routes_of(host):
            if not route.is_api or crc32(route.template.encode()) % _EVERY:
                continue
            for method in {"post", "put", "patch", "delete"}.intersection(route.methods):
                address = filled["north"].path(route)
                with undone():
                    answer = client.generic(method.upper(), address, _FORM, content_type=_KIND_OF_FORM)
                strays += [f"{method} {route} {fault}" for fault in faults_of(answer)]
                asked += 1
        assert not strays, "\n".join(strays)
        assert asked >= 20

    def test_of_a_stranger_is_refused_where_a_signature_lets_in(self, filled: dict[str, Filled]) -> None:
        client = Client(headers={"host": filled["north"].host}, raise_request_exception=False)
        route = next(one for one in routes_of("hall") if one.template.endswith("casework/pushes/process"))
        answer = client.generic("POST", filled["north"].path(route), _FORM, content_type=_KIND_OF_FORM)
        assert 400 <= answer.status_code < 500


@pytest.fixture
def province() -> Client:
    return client_of(PROVINCE)


class TestUsableJson:
    ENDPOINT = Endpoint("post", "", "/api/province/v1/people/units", {})

    @pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udc00\\ud800"])
    @pytest.mark.parametrize("body", ['{"name": "@"}', '{"name": {"@": 1}}', '{"name": [[{"a": "@"}]]}'])
    def test_holds_no_text_that_cannot_be_kept(self, body: str, text: str, province: Client) -> None:
        answer = send(province, self.ENDPOINT, body.replace("@", text))
        assert (answer.status_code, answer.json()["detail"]) == (400, "请求无法理解，请检查格式。")

    @pytest.mark.parametrize("entries", [[0] * (MOST_ENTRIES + 1), {f"a{one}": 0 for one in range(MOST_ENTRIES + 1)}])
    def test_holds_no_list_longer_than_any_that_is_taken(self, entries: Any, province: Client) -> None:
        answer = send(province, self.ENDPOINT, json.dumps({"name": [entries]}))
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("一个列表或一组属性里最多 10,000 项，这里有 10,001 项")

    def test_that_is_wrong_at_many_places_tells_of_some(self, province: Client) -> None:
        words = Endpoint("post", "", "/api/province/v1/catalogue/words", {})
        answer = send(province, words, json.dumps({"words": [1] * 9_000}))
        said = answer.json()
        assert answer.status_code == 422
        assert said["detail"].startswith("请求的内容不符合接口要求：有 9,0")
        assert len(said["errors"]) == 50
        assert said["errors"][0]["message"] == "应当是文字。"


class TestPickedByCode:
    def test_is_told_of_without_saying_a_long_code_again(self, province: Client) -> None:
        """What came of each comes back with what it was picked by."""
        steps = Endpoint("post", "", "/api/province/v1/halls/steps", {})
        answer = send(province, steps, json.dumps({"codes": ["a" * 1_000_000], "step": "open"}))
        assert (answer.status_code, list(faults_of(answer))) == (422, [])
