"""A row of every table of the desk whose rows have a page opens beside it, with parts of that page."""

import re
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.isolation.asking import Requester
from tests.isolation.filled import Filled, filled_halls
from tests.isolation.markers import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

TABLES = (
    *("/desk/articles/?state=", "/desk/library/", "/desk/questions/?state=", "/desk/items/", "/desk/cases/?state="),
    *("/desk/forms/", "/desk/flows/", "/desk/documents/", "/desk/work/?box=started"),
    *("/desk/ratings/?all=", "/desk/cases/referrals/"),
)


@pytest.fixture(scope="module")
def north(file_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Filled]:
    with filled_halls(django_db_blocker) as halls:
        yield halls["north"]


class TestRow:
    def test_opens_beside_the_table_with_parts_of_its_own_page(self, north: Filled) -> None:
        ask = Requester()
        ask.sign_in(north.editor)

        def text(path: str) -> str:
            answer = ask(north.host, north.editor, "get", path)
            assert answer.status_code == 200, path
            return words_of(answer)

        found = {}
        for path in TABLES:
            rows = re.findall(r'href="([^"]+)" data-panel="', text(path))
            found[path] = "data-panel-part" in text(rows[0]) if rows else "no row"
        assert found == dict.fromkeys(TABLES, True)
