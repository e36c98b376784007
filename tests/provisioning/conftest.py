"""A township with villages below 当阳市 that have no hall yet; the object store answering."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from province.halls.models import Division, HallKind
from provisioning import upgrade
from provisioning.migrating import fingerprint_of, kind_migrations, render_upgrade
from standards.numbers.divisions import DivisionLevel
from tests.factories.halls import make_division
from tests.roles import as_owner


@pytest.fixture(autouse=True)
def owner() -> Iterator[None]:
    """What acts on schemas runs as the owner of all tables: `yizhan halls` and the builder."""
    with as_owner():
        yield


@pytest.fixture(autouse=True)
def _rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upgrades render what no earlier test of this process has, and take the rest as it was: to run the migrations of
    four kinds of halls costs seconds of the processor, and says the same each time."""

    def rendered(kind: HallKind, before: Sequence[str]) -> str:
        return _script(kind, tuple(before), fingerprint_of(kind_migrations(kind)))

    monkeypatch.setattr(upgrade, "render_upgrade", rendered)


@cache
def _script(kind: HallKind, before: tuple[str, ...], today: str) -> str:
    """``today``: the program's migrations, with their text."""
    return render_upgrade(kind, before)


type MakeVillages = Callable[[int], Division]


@pytest.fixture(scope="session")
def store(object_store: None) -> None:
    """Its other door answers, too, at which halls get their keys."""


@pytest.fixture
def make_villages(store: None) -> MakeVillages:
    """``make_villages(3)``: 玉阳街道 of 当阳市 with three villages; none of the four has a hall."""

    def make(count: int) -> Division:
        county = Division.objects.get(code="420582000000")
        township = make_division("420582001000", "玉阳街道", DivisionLevel.TOWNSHIP, county)
        for position in range(count):
            name = f"{'东西南北'[position // 10 % 4]}{'甲乙丙丁戊己庚辛壬癸'[position % 10]}村委会"
            make_division(f"420582001{200 + position}", name, DivisionLevel.VILLAGE, township)
        return township

    return make
