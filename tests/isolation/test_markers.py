"""A text of its own in every column of every hall, and thousands of answers in which no foreign one is found.

Each page is asked plainly by everybody, and by its own people in one of the other ways, neighbouring pages in different
ones, at a county or at a village; every page in every way and at both in a soak. (With the words of a
search, test_routes.py asks each page by other eyes, and plainly by nobody.)
"""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings

from tests.isolation.asking import PROVINCE, SEARCH, Requester
from tests.isolation.filled import Filled
from tests.isolation.markers import (
    HALL_MODELS,
    PROGRAMS_COLUMNS,
    PUBLIC_MODELS,
    SHARED_TABLES,
    markers_in,
    path_to_hall,
    text_columns,
    words_of,
)
from tests.isolation.personal_answers import Personal
from tests.isolation.routes import Route, routes_of
from tests.list_pages import BY_BUTTON, WITHOUT_FILE, downloads_of, lists_shown, rows_of_csv
from tests.personal import all_logs, declared, kept_values, what_is_left
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

# of a hall's host and of the province's
LEAST_ANSWERS = {"halls": 2_500, "province": 2_500} if SOAK else {"halls": 1_300, "province": 850}
# what pages and the API read of an address: searching, sorting out, paging, and other forms of the same
QUERIES: tuple[dict[str, str], ...] = (
    SEARCH,
    {"page": "2", "before": "2026-01-31T00:00:00", "state": "published", "view": "table", "moved": "1"},
    {"format": "xlsx", "export": "xlsx", "limit": "200", "whose": "all", "under": "42", "from": "1", "to": "0"},
)
# a fragment; a program's document
HEADERS: tuple[dict[str, str], ...] = (
    {"hx-request": "true"},
    {"accept": "application/json"},
)
type Way = tuple[dict[str, str], dict[str, str]]
PLAIN: Way = ({}, {})
OTHER_WAYS: list[Way] = [*((query, {}) for query in QUERIES), *(({}, headers) for headers in HEADERS)]


# what other eyes ask with
FOREIGN_WAYS: list[Way] = [PLAIN, OTHER_WAYS[0]] if SOAK else [PLAIN]


def ways(turn: int) -> list[Way]:
    """How its own people ask the page whose turn it is: plainly, and in one other way; in a soak in all."""
    return [PLAIN, *(OTHER_WAYS if SOAK else [OTHER_WAYS[turn % len(OTHER_WAYS)]])]


@pytest.fixture(scope="module")
def ask(filled: dict[str, Filled]) -> Requester:
    requester = Requester()
    for one in filled.values():
        requester.sign_in(one.editor)
    return requester


@dataclass
class Crawl:
    """Asks routes, and notes every marker that is not for the person who asked."""

    ask: Requester
    filled: dict[str, Filled]
    answers: int = 0
    strays: list[str] = field(default_factory=list)
    # lists with rows that give no file, or one without rows
    untaken: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    personal: Personal = field(default_factory=Personal)
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for one in self.filled.values():
            self.columns |= one.markers.texts

    def asked(self, host: str) -> Iterator[tuple[Route, Filled]]:
        """Each route with a county or a village, in turn: one that a village has not got, with the county. In a soak
        with both."""
        county, village = self.filled["north"], self.filled["village"]
        # what the API does not give to read is asked in a soak alone: of pages only a request tells
        read = (route for route in routes_of(host) if SOAK or "get" in route.methods)
        for turn, route in enumerate(read):
            if SOAK:
                yield from ((route, county), (route, village))
            else:
                yield route, village if turn % 2 and route.is_of_villages else county

    def at_halls(self) -> None:
        """A county's pages and a village's: to their own people in every way, to those of another hall, and, in a soak,
        to readers. (A second county's would be the same pages once more.)"""
        south = self.filled["south"]
        for turn, (route, at) in enumerate(self.asked("hall")):
            for query, headers in ways(turn):
                # a county's people see the accounts of the villages below it, too
                status = self.look(at.host, at, route, at, query, headers, self.within(at))
                if status == HTTPStatus.METHOD_NOT_ALLOWED and not SOAK:
                    break
            else:
                for query, headers in FOREIGN_WAYS:
                    self.look(at.host, south, route, at, query, headers, at.markers.readable)
            # otherwise every route is asked so by test_routes.py
            if SOAK:
                self.look(at.host, None, route, at, {}, {}, at.markers.readable)

    def at_the_province(self) -> None:
        """A county's people and a village's: what is theirs in every way, what is another hall's, above, beside and
        below."""
        for turn, (route, reader) in enumerate(self.asked("province")):
            allowed = self.within(reader)
            for query, headers in ways(turn):
                status = self.look(PROVINCE, reader, route, reader, query, headers, allowed)
                if status == HTTPStatus.METHOD_NOT_ALLOWED and not SOAK:
                    break
            if status == HTTPStatus.METHOD_NOT_ALLOWED and not SOAK:
                continue
            # an address that names nothing of a hall's is the same question whosever it is
            asked = {reader.path(route): ways(turn)}
            for whose in (one for one in self.filled.values() if one is not reader):
                known = asked.setdefault(whose.path(route), [])
                for query, headers in [one for one in FOREIGN_WAYS if one not in known]:
                    self.look(PROVINCE, reader, route, whose, query, headers, allowed)
                    known.append((query, headers))

    def within(self, reader: Filled) -> set[str]:
        """The markers of the reader's hall, and of those below it."""
        halls = (one for one in self.filled.values() if one.hall.number in reader.reaches)
        return {marker for one in halls for marker in one.markers.texts}

    def look(
        self,
        host: str,
        reader: Filled | None,
        route: Route,
        whose: Filled,
        query: dict[str, str],
        headers: dict[str, str],
        allowed: Collection[str],
    ) -> int:
        """Its status: what is no address to read from at all is asked in no other way."""
        path = whose.path(route)
        # by session and by token in turn
        key = reader.key if reader and query and path.startswith("/api/") else ""
        who = reader.editor if reader and not key else ""
        answer = self.ask(host, who, "get", path, data=query, key=key, headers=headers)
        words = words_of(answer)
        found = markers_in(words) - set(allowed)
        self.answers += 1
        self.shown += [f"{host}{path} {query} {who}: {one}" for one in self.personal.shown(words, to=who, at=route)]
        if who and whose is reader and not query and not headers:
            self.take_away(host, reader, whose, path, answer, allowed)
        if found:
            self.strays.append(f"{host}{path} {query} {who}: {sorted({self.columns[marker] for marker in found})}")
        return int(answer.status_code)

    def take_away(
        self, host: str, reader: Filled | None, whose: Filled, path: str, page: Any, allowed: Collection[str]
    ) -> None:
        """Download every list that the page shows, as its own people do."""
        wanted = lists_shown(page) - WITHOUT_FILE.keys() - BY_BUTTON
        if not wanted or reader is None:
            return
        queries = downloads_of(page)
        for query in queries:
            answer = self.ask(host, reader.editor, "get", f"{path}{query}")
            words = words_of(answer)
            self.answers += 1
            if not answer.headers["Content-Type"].startswith("text/csv") or not rows_of_csv(words):
                self.untaken.append(f"{host}{path}{query}: {answer.status_code}, no rows")
            if foreign := markers_in(words) - set(allowed):
                self.strays.append(f"{host}{path}{query}: {sorted({self.columns[one] for one in foreign})}")
            self.shown += [f"{host}{path}{query}: {one}" for one in self.personal.shown(words, to=reader.editor)]
        if not queries:
            self.untaken.append(f"{host}{path}: {sorted(wanted)} of {whose.hall.slug}")


CRAWLS: dict[str, Callable[[Crawl], None]] = {"halls": Crawl.at_halls, "province": Crawl.at_the_province}


class TestEveryTextColumn:
    def test_of_a_halls_tables_carries_a_marker(self, filled: dict[str, Filled]) -> None:
        """A table of which the halls here have no row would prove nothing."""
        for at in filled.values():
            # villages lack some apps
            own = [model for model in HALL_MODELS if model._meta.app_config.name in settings.HALL_APPS[at.hall.kind]]
            wanted = {f"{model._meta.label}.{one.name}" for model in own for one in text_columns(model)}
            wanted -= {column for column in wanted if column.rpartition(".")[0] in SHARED_TABLES}
            assert wanted - set(at.markers.texts.values()) == set(), "add such a row (tests/isolation/filled.py)"

    def test_of_public_tables_carries_one_where_rows_are_a_halls(self, filled: dict[str, Filled]) -> None:
        wanted = {
            f"{model._meta.label}.{one.name}"
            for model in PUBLIC_MODELS
            if path_to_hall(model) and model._meta.label not in SHARED_TABLES
            for one in text_columns(model)
        }
        marked = set(filled["north"].markers.texts.values())
        assert wanted - marked == set(), "add such a row (tests/isolation/filled.py), or say why not (markers.py)"

    def test_is_left_out_by_name_alone(self) -> None:
        models = (*HALL_MODELS, *PUBLIC_MODELS)
        known = {f"{model._meta.label}.{one.name}" for model in models for one in model._meta.concrete_fields}
        assert set(PROGRAMS_COLUMNS) <= known
        assert set(SHARED_TABLES) <= {model._meta.label for model in PUBLIC_MODELS}


class TestMarker:
    @pytest.mark.soak
    @pytest.mark.parametrize("where", LEAST_ANSWERS)
    def test_is_in_no_answer_to_other_eyes(self, where: str, ask: Requester, filled: dict[str, Filled]) -> None:
        """Nor is anything personal in full, to whomever, in an answer, a log, or what is left afterwards."""
        done = Crawl(ask, filled)
        with all_logs(logging.INFO) as lines:
            CRAWLS[where](done)
        assert not done.strays, "\n".join(done.strays)
        assert done.answers >= LEAST_ANSWERS[where]
        assert not done.untaken, "\n".join(done.untaken)
        assert not done.shown, "\n".join(sorted(set(done.shown)))
        left = [*what_is_left(), ("log", "\n".join(lines))]
        leaks = [f"{place}: {column}" for place, text in left for column in done.personal.shown(text, to="")]
        assert not leaks, "\n".join(leaks)
        assert lines


class TestPersonalColumn:
    def test_has_a_value_in_what_is_asked_for(self, filled: dict[str, Filled]) -> None:
        assert declared() - set(kept_values().values()) == set(), "add such a row (tests/isolation/filled.py)"
