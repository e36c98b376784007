"""Parts of an item's page that are drawn once: for as long as the same is said, and never too many."""

from dataclasses import fields, replace
from typing import Any

import pytest
from django.utils.safestring import SafeString

from province.catalogue.models import Material
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.queries.guide_pages import GuidePage, GuideSource, guide_source
from tenants.services.queries.shown import shown_item
from tenants.services.views import drawn_guides
from tenants.services.views.drawn_guides import DrawnGuide, DrawnGuides, Frame
from tests.factories.adoptions import make_shown
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

FRAME = Frame("https://north/services/1/", "https://north/services/1/", "", (), ())


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """In which frames a guide was drawn."""
    found: list[Frame] = []

    def draw(page: GuidePage, key: Any, frame: Frame) -> DrawnGuide:
        found.append(frame)
        return draw_guide(page, key, frame)

    draw_guide = drawn_guides._draw  # noqa: SLF001
    monkeypatch.setattr(drawn_guides, "_draw", draw)
    return found


def source_of(hall: Hall, adoption: Adoption, **asked: list[str]) -> GuideSource:
    with inside(hall):
        return guide_source(shown_item(adoption.item_id), asked=asked)


class TestDrawnGuide:
    def test_is_drawn_once_for_as_long_as_the_same_is_said(
        self, north: Hall, shown: Adoption, draws: list[Frame]
    ) -> None:
        drawn = DrawnGuides()
        first = drawn.of(source_of(north, shown), FRAME)
        assert drawn.of(source_of(north, shown, before=["3"], q=[""]), FRAME) == first
        assert len(draws) == 1
        assert first.chart

    def test_is_html_in_its_parts_and_nowhere_else(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides()
        source = source_of(north, shown)
        for one in (drawn.of(source, FRAME), drawn.of(source, FRAME)):
            kinds = {field.name: type(getattr(one, field.name)) for field in fields(one)}
            html = dict.fromkeys(("body", "chart", "facts"), SafeString)
            assert kinds == {"name": str, "type_label": str} | html

    def test_is_another_once_a_shared_material_brings_something_else(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides()
        first = drawn.of(source_of(north, shown), FRAME)
        Material.objects.update(values={"source_note": "到街道办事处开具"})
        again = drawn.of(source_of(north, shown), FRAME)
        assert ("到街道办事处开具" in first.body, "到街道办事处开具" in again.body) == (False, True)

    def test_is_another_in_another_frame(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides()
        source = source_of(north, shown)
        assert "在线办" not in drawn.of(source, FRAME).body
        assert "在线办" in drawn.of(source, replace(FRAME, above=(SafeString("<p>在线办</p>"),))).body

    def test_leaves_when_too_many_are_kept(self, north: Hall, shown: Adoption, draws: list[Frame]) -> None:
        source = source_of(north, shown)
        notes = [replace(FRAME, note=note) for note in ("", "样稿", "又一份")]
        all_of_them = DrawnGuides()
        for frame in notes:
            all_of_them.of(source, frame)
        two_of_them = DrawnGuides(most_bytes=all_of_them.packed.size * 5 // 6)
        draws.clear()
        for number in (0, 1, 0, 2, 0, 1):
            two_of_them.of(source, notes[number])
        assert draws == [notes[0], notes[1], notes[2], notes[1]]
        assert len(two_of_them.packed) == 2

    def test_that_is_too_large_is_not_kept(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides(most_bytes=1_000)
        assert drawn.of(source_of(north, shown), FRAME).body
        assert len(drawn.packed) == 0
