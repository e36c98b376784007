"""Every route of both hosts, asked across halls in every way there is: nothing comes through, nothing changes.

The cases are made from the routes themselves; a route whose parameters nobody knows fails with what to add. Each is
asked between one pair of halls, in a soak between both. Each route of the API is asked by people of one of them and by
a program of the other, in a soak by both of both.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from zlib import crc32

import pytest
from django.conf import settings

from tests.isolation.asking import PROVINCE, SEARCH, Requester
from tests.isolation.filled import Filled, names_own, path_to_nothing, routes_without_case
from tests.isolation.markers import markers_in, words_of
from tests.isolation.personal_answers import Personal
from tests.isolation.routes import SHARES, Route, routes_of, share_of, templates_of
from tests.isolation.untouched import HallRows, undone
from tests.personal import all_logs
from tests.security.headers import faults_of
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

# who is asked, and whose things are asked for: two halls side by side, and a village and the county above it
PAIRS = (("north", "south"), ("village", "north"))
# of each pair that is asked
LEAST_CHECKS = 8
REFUSALS = {401, 403, 404, 405}
# to pages a program is nobody: of so many one is asked by it
_PAGES_FOR_A_PROGRAM = 8


@dataclass
class Case:
    """One route and one pair of halls; ``checks`` counts what was looked at, ``strays`` says what was wrong."""

    ask: Requester
    personal: Personal
    route: Route
    at: Filled
    other: Filled
    # marker -> table and column, of all halls
    columns: Mapping[str, str]
    # whether it is an address to read from: else it is asked neither as a kept page nor with words of a search
    is_read: bool
    checks: int = 0
    # methods that the address has not, whoever asks: the first that asks learns it, in a soak everybody asks
    lacking: set[str] = field(default_factory=set)
    strays: list[str] = field(default_factory=list)

    def check(self, is_right: object, what: str) -> None:
        self.checks += 1
        if not is_right:
            self.strays.append(f"{self.route} at {self.at.hall.slug}, {self.other.hall.slug}'s: {what}")

    def check_answer(self, answer: Any, what: str, forbidden: set[str] | frozenset[str], who: str = "") -> None:
        """No fault of the program, no text that is not for these eyes (``who`` has signed in), nothing personal to
        read in full, no way to the other hall's files; and with every header that keeps a browser safe."""
        text = words_of(answer)
        self.check(answer.status_code < 500, f"{what}: {answer.status_code}")
        found = {marker: self.columns[marker] for marker in markers_in(text) & forbidden}
        self.check(not found, f"{what}: {sorted(set(found.values()))}")
        # an act may be that of giving a number out
        is_read = answer.request["REQUEST_METHOD"] == "GET"
        shown = self.personal.shown(text, to=who, at=self.route) if is_read else ()
        self.check(not shown, f"{what}: {sorted(shown)} in full")
        self.check(f"/{self.other.hall.folder}/" not in text, f"{what}: leads to a file")
        faults = faults_of(answer)
        self.check(not faults, f"{what}: {faults}")
        self.check("event-stream" not in answer.headers.get("Content-Type", ""), f"{what}: give streams a way here")

    def methods(self) -> Iterator[str]:
        return (method for method in self.route.methods if method not in self.lacking)

    def note_lacking(self, method: str, answer: Any) -> bool:
        """Whether the address has no such method; then nobody else asks by it."""
        is_lacking = answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not SOAK
        if is_lacking:
            self.lacking.add(method)
            self.is_read &= method != "get"
        return is_lacking

    def for_others(self) -> set[str]:
        """What nobody of another hall may see at this one: all but what its readers see."""
        return self.columns.keys() - self.at.markers.readable

    def check_not_found(self, answer: Any, nothing: Any, what: str) -> None:
        """What is another hall's is answered as what is nobody's: nobody learns that it is there."""
        is_alike = answer.status_code == nothing.status_code
        self.check(is_alike, f"{what}: {answer.status_code}, but what is nobody's {nothing.status_code}")
        # undoing what was never done is no fault
        self.check(not what.startswith("get") or answer.status_code in REFUSALS, f"{what}: {answer.status_code}")


class TestRegistry:
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_has_a_case_for_every_route(self, host: str) -> None:
        assert routes_without_case(routes_of(host)) == []

    @pytest.mark.parametrize("kind", settings.HALL_APPS)
    def test_has_every_route_of_every_kind_of_hall(self, kind: str) -> None:
        assert templates_of(kind) <= {route.template for route in routes_of("hall")}


@pytest.fixture(scope="module")
def ask(filled: dict[str, Filled]) -> Requester:
    requester = Requester()
    for one in filled.values():
        requester.sign_in(one.editor)
    return requester


@pytest.fixture(scope="module")
def rows(filled: dict[str, Filled], ask: Requester) -> dict[str, HallRows]:
    """By the hall's slug, as they are once everybody has signed in: what a test changes is taken back with it."""
    return {slug: HallRows(one.hall) for slug, one in filled.items()}


def cases(ask: Requester, filled: dict[str, Filled], routes: tuple[Route, ...]) -> Iterator[Case]:
    """A pair for each route, in turn: one that a village has not got, between the counties. In a soak every pair."""
    personal = Personal()
    columns = {marker: column for one in filled.values() for marker, column in one.markers.texts.items()}
    for turn, route in enumerate(routes):
        for at, other in PAIRS if SOAK else (PAIRS[turn % 2 if route.is_of_villages else 0],):
            is_read = "get" in route.methods or SOAK
            yield Case(ask, personal, route, filled[at], filled[other], columns, is_read)


class TestRouteOfAHall:
    @pytest.mark.soak
    @pytest.mark.parametrize("share", range(SHARES))
    def test_keeps_to_its_hall(
        self, share: int, ask: Requester, filled: dict[str, Filled], rows: dict[str, HallRows]
    ) -> None:
        routes = share_of("hall", share)
        found = list(cases(ask, filled, routes))
        with all_logs(logging.INFO) as lines:
            for case in found:
                at, other = rows[case.at.hall.slug], rows[case.other.hall.slug]
                with unchanged(case, at, other):
                    by_strangers(case)
                # what somebody does at home is their own affair
                with unchanged(case, other):
                    by_object(case)
                with undone():
                    by_kept_page(case)
                    by_search(case)
        _judge(found, routes, rows, lines)


class TestRouteOfTheProvince:
    @pytest.mark.soak
    @pytest.mark.parametrize("share", range(SHARES))
    def test_keeps_halls_apart(
        self, share: int, ask: Requester, filled: dict[str, Filled], rows: dict[str, HallRows]
    ) -> None:
        routes = share_of("province", share)
        found = list(cases(ask, filled, routes))
        with all_logs(logging.INFO) as lines:
            for case in found:
                with unchanged(case, rows[case.other.hall.slug]):
                    for who, key in (*askers(case.route, case.at, turn=0), ("", "")):
                        at_the_desks(case, who, key)
                with undone():
                    at_the_desks_by_search(case)
        _judge(found, routes, rows, lines)


@contextmanager
def unchanged(case: Case, *halls: HallRows) -> Iterator[None]:
    """No row of these halls is another one afterwards; whatever was done is undone for the next case."""
    with undone(*halls) as changed:
        yield
    case.check(not changed, f"changed {changed}")


def _judge(found: list[Case], routes: tuple[Route, ...], rows: dict[str, HallRows], lines: list[str]) -> None:
    strays = [stray for case in found for stray in case.strays]
    assert not strays, "\n".join(strays)
    assert routes
    assert lines
    assert not found[0].personal.shown("\n".join(lines), to="")
    assert sum(case.checks for case in found) >= LEAST_CHECKS * len(found)
    assert [one.changed() for one in rows.values()] == [[]] * len(rows)


# -- ways at a hall's host


def askers(route: Route, whose: Filled, *, turn: int) -> list[tuple[str, str]]:
    """Who asks for a hall, as name and key: its people, and, of the API, they or its program by turns. In a soak both,
    always."""
    people, program = (whose.editor, ""), ("", whose.key)
    number = crc32(route.template.encode())
    if SOAK or not (route.is_api or number % _PAGES_FOR_A_PROGRAM):
        return [people, program]
    return [program if route.is_api and number % 2 == turn else people]


def by_strangers(case: Case) -> None:
    """Somebody of the other hall, its program, or nobody asks this hall for what is its own."""
    path = case.at.path(case.route)
    forbidden = case.for_others()
    for who, key in (*askers(case.route, case.other, turn=1), ("", "")):
        for method in case.methods():
            answer = case.ask.route(case.at.host, who, method, case.route, path, key=key)
            case.check_answer(answer, f"{method} by {name_of(who, key)}", forbidden, who)
            case.note_lacking(method, answer)


def name_of(who: str, key: str) -> str:
    """How it is told who asked."""
    return who or ("program" if key else "nobody")


def by_object(case: Case) -> None:
    """Somebody of this hall, or its program, asks it for what is the other's."""
    path, nothing = case.other.path(case.route), path_to_nothing(case.route)
    for method in case.methods():
        for who, key in askers(case.route, case.at, turn=0):
            # pages say to a program, as to nobody, that it is to sign in
            if key and not case.route.is_api:
                continue
            what = f"{method} {path} by {name_of(who, key)}"
            answer = case.ask.route(case.at.host, who, method, case.route, path, key=key)
            case.check_answer(answer, what, set(case.other.markers.texts), who)
            if case.note_lacking(method, answer):
                break
            if names_own(case.route):
                compared = case.ask.route(case.at.host, who, method, case.route, nothing, key=key)
                case.check_not_found(answer, compared, what)


def by_kept_page(case: Case) -> None:
    """A page that was kept for one hall is no answer of the other, not even to a request with its ETag."""
    if not case.is_read:
        return
    path = case.at.path(case.route)
    kept = case.ask(case.at.host, "", "get", path)
    case.check_answer(kept, "plainly by nobody", case.for_others())
    # what nobody gets to read is not kept
    if kept.status_code in REFUSALS | {302} and not SOAK:
        return
    etag = kept.headers.get("ETag", "")
    ways = ({}, {"if-none-match": etag}, {"if-none-match": etag, "accept-encoding": "gzip"})
    # of what was not kept, no packed or unpacked form is kept either
    for headers in ways if etag else ({"if-none-match": 'W/"none"'},):
        answer = case.ask(case.other.host, "", "get", path, headers=headers)
        case.check(answer.status_code != 304, "took the other hall's page for its own")
        if "Content-Encoding" not in answer.headers:
            case.check(not set(case.at.markers.texts) & markers_in(words_of(answer)), "gave out the other's page")


def by_search(case: Case) -> None:
    """Words that both halls wrote find this hall's texts alone. (Where these words are all that is asked with,
    ``by_strangers`` has asked as nobody, and ``by_object`` for this hall if both halls' addresses are one.)"""
    if not case.is_read:
        return
    path = case.at.path(case.route)
    is_asked = is_asked_by_search(case.route)
    for who, was_asked in ((case.at.editor, is_asked and path == case.other.path(case.route)), ("", is_asked)):
        if not was_asked:
            answer = case.ask(case.at.host, who, "get", path, data=SEARCH)
            case.check_answer(answer, f"search by {who or 'nobody'}", set(case.other.markers.texts), who)


def is_asked_by_search(route: Route) -> bool:
    """Whether it is read with the words of a search, and with nothing else, wherever it is asked for an object."""
    return "get" in route.methods and not route.queries.get("get")


# -- ways at the province's host


def at_the_desks(case: Case, who: str, key: str) -> None:
    """Somebody of one hall, its program, or nobody asks for what is the other's."""
    path, nothing = case.other.path(case.route), path_to_nothing(case.route)
    for method in case.methods():
        what = f"{method} {path} by {name_of(who, key)}"
        answer = case.ask.route(PROVINCE, who, method, case.route, path, key=key)
        case.check_answer(answer, what, set(case.other.markers.texts), who)
        case.check("ETag" not in answer.headers, f"{what}: is kept")
        if not case.note_lacking(method, answer) and names_own(case.route) and (who or (key and case.route.is_api)):
            compared = case.ask.route(PROVINCE, who, method, case.route, nothing, key=key)
            case.check_not_found(answer, compared, what)


def at_the_desks_by_search(case: Case) -> None:
    """(Where both halls' addresses are one, ``at_the_desks`` has asked with these words.)"""
    path = case.at.path(case.route)
    if not case.is_read or (path == case.other.path(case.route) and is_asked_by_search(case.route)):
        return
    for who, key in askers(case.route, case.at, turn=1):
        answer = case.ask(PROVINCE, who, "get", path, key=key, data=SEARCH)
        case.check_answer(answer, f"search by {who or 'program'}", set(case.other.markers.texts), who)
