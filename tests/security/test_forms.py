"""Whatever stands in one field of an otherwise right form, its page takes it or says what is wrong, in good time, and
never with a fault of its own.

Forms and what stands in them come from the pages themselves, so that a new one is asked without a line here. Some pages
and one harm for each of their forms always, all pages and a dozen harms in a soak.
"""

from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.documents import pdf
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.citizens import citizen_asking, routes_of_citizens
from tests.isolation.filled import Filled
from tests.isolation.routes import Route, routes_of
from tests.isolation.untouched import undone
from tests.security.forms import HARMS, PageForm, forms_of
from tests.security.test_time import in_good_time
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

# of so many pages one is asked
EVERY = 1 if SOAK else 12
EACH = 12 if SOAK else 1

type Ask = Callable[..., Any]


def is_asked(route: Route) -> bool:
    return not route.is_api and crc32(route.template.encode()) % EVERY == 0


def forms_at(ask: Ask, paths: Iterator[str]) -> Iterator[PageForm]:
    """Each kind once."""
    known: set[tuple[str, ...]] = set()
    for path in paths:
        with undone():
            answer = ask("get", path)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        for form in forms_of(answer.content.decode(), path):
            if form.kind not in known:
                known.add(form.kind)
                yield form


def harms_of(form: PageForm) -> Iterator[tuple[str, str]]:
    """Some fields, each with a harm; the same in every run."""
    names = sorted({name for name, _ in form.values})
    harms = list(HARMS)
    for number in range(EACH if names else 0):
        drawn = crc32(f"{form.kind} {number}".encode())
        yield names[drawn % len(names)], harms[drawn // 13 % len(harms)]


def strays_of(ask: Ask, paths: Iterator[str]) -> tuple[list[str], int]:
    strays, asked = [], 0
    for form in forms_at(ask, paths):
        for name, harm in harms_of(form):
            files = {one: SimpleUploadedFile("通知.pdf", pdf()) for one in form.files}
            with undone(), in_good_time():
                answer = ask("post", form.path, form.harmed(name, harm) | files)
            asked += 1
            if answer.status_code >= 500:
                strays.append(f"{form.page} → {form.path} with {harm} as {name}: {answer.status_code}")
    return strays, asked


class TestForm:
    @pytest.mark.soak
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_is_taken_or_refused_and_makes_no_page_fail(self, host: str, filled: dict[str, Filled]) -> None:
        at, requester = filled["north"], Requester()
        who, where = (at.editor, at.host) if host == "hall" else ("zhao", PROVINCE)
        requester.sign_in(who)

        def ask(method: str, path: str, data: Any = None) -> Any:
            return requester(where, who, method, path, data=data)

        strays, asked = strays_of(ask, (at.path(route) for route in routes_of(host) if is_asked(route)))
        assert not strays, "\n".join(strays)
        assert asked >= (200 if SOAK else 10)


class TestCitizensForm:
    @pytest.mark.soak
    def test_is_taken_or_refused_and_makes_no_page_fail(self, filled: dict[str, Filled]) -> None:
        with citizen_asking(filled["north"]) as ask:
            strays, asked = strays_of(ask, (ask.at.path(one) for one in routes_of_citizens()))
        assert not strays, "\n".join(strays)
        assert asked >= 10
