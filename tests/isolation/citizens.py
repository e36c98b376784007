"""Pages that are a citizen's own, asked by the citizen whose they are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any, Final

from django.test import Client

from tests.factories.casework import apply_online
from tests.factories.forms import begin, citizen_filler
from tests.factories.sites import inside
from tests.isolation.filled import Filled
from tests.isolation.routes import Route, routes_of
from tests.isolation.untouched import undone
from tests.tenants.citizen_pages.test_pages import signed_in

_OF_CITIZENS: Final = (
    *("/me/", "/cases/", "/licences/", "/forms/", "/engagement/", "/progress/", "/verify/", "/fees/", "/ratings/"),
    *("/confirm/", "/subscription/"),
)


def routes_of_citizens() -> list[Route]:
    return [one for one in routes_of("hall") if one.template.startswith(_OF_CITIZENS)]


@dataclass(frozen=True, slots=True)
class CitizenAsking:
    """``at``: the hall with things that are this citizen's own."""

    at: Filled
    _client: Client
    _kept: str

    def __call__(self, method: str, path: str, /, data: Any = None, *, headers: Mapping[str, str] = {}) -> Any:
        # a page that signs out or proves something gives another session, which is taken back with its rows
        self._client.cookies = SimpleCookie(self._kept)
        return getattr(self._client, method)(path, data or {}, headers=headers)


@contextmanager
def citizen_asking(at: Filled) -> Iterator[CitizenAsking]:
    """All that is done meanwhile is taken back."""
    citizen = at.things["mandate"].citizen
    with undone():
        with inside(at.hall):
            own = {
                "case": apply_online(at.hall, at.things["case_setup"], citizen),
                "filled_form": begin(at.hall, at.things["designed_form"].pk, citizen_filler(citizen)),
            }
        client = signed_in(citizen, at.host)
        client.raise_request_exception = False
        # its session is bound to the host at the first request, which is not to be taken back
        assert client.get("/me/").status_code == 200
        kept = client.cookies.output(header="", sep=";")
        yield CitizenAsking(replace(at, things=at.things | own), client, kept)
