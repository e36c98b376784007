"""What the files of several folders begin with."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from province.halls.models import Hall
from tenants.documents import tasks
from tests.factories.adoptions import make_shown
from tests.factories.casework import make_setup
from tests.factories.licences import make_licensing
from tests.factories.sites import inside, make_columns


@pytest.fixture(scope="module")
def opened(file_rows: None) -> None:
    """An item that can be applied for at the north, for all tests of a file."""
    north = Hall.objects.get(slug="north")
    make_columns(north)
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        make_setup(north, adoption)


@pytest.fixture
def at_north(north: Hall) -> Iterator[Hall]:
    """The north, its schema entered; afterwards its pages are new."""
    with inside(north):
        yield north


@pytest.fixture(scope="class")
def licensed(class_rows: None) -> dict[str, UUID]:
    """By what one comes for, how applications for a licence are taken in the north, for all tests of a class."""
    return {way: setup.pk for way, setup in make_licensing(Hall.objects.get(slug="north")).items()}


@pytest.fixture
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are issued as always, and no file is made of them: half a second for each, where none is looked at."""
    monkeypatch.setattr(tasks, "make_files", lambda **_: None)
