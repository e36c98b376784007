"""Parts of an item's page that are drawn once: for as long as the same is said, and never too many."""

from dataclasses import replace

import pytest
from django.utils.safestring import SafeString

from province.catalogue.models import Material
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.queries.guide_pages import GuideSource, guide_source
from tenants.services.queries.shown import shown_item
from tenants.services.views.drawn_guides import DrawnGuides, Frame
from tests.factories.adoptions import make_shown
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

FRAME = Frame("https://north/services/1/", "https://north/services/1/", "", (), ())


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


def source_of(hall: Hall, adoption: Adoption, **asked: list[str]) -> GuideSource:
    with inside(hall):
        return guide_source(shown_item(adoption.item_id), asked=asked)


class TestDrawnGuide:
    def test_is_drawn_once_for_as_long_as_the_same_is_said(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides()
        first = drawn.of(source_of(north, shown), FRAME)
        assert drawn.of(source_of(north, shown, before=["3"], q=[""]), FRAME) is first
        assert first.chart

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

    def test_leaves_when_too_many_are_kept(self, north: Hall, shown: Adoption) -> None:
        drawn = DrawnGuides(most=2)
        source = source_of(north, shown)
        notes = [replace(FRAME, note=note) for note in ("", "样稿", "")]
        first = [drawn.of(source, frame) for frame in notes]
        assert first[2] is first[0]
        drawn.of(source, replace(FRAME, note="又一份"))
        assert len(drawn) == 2
        # the least lately used one has left
        assert drawn.of(source, notes[0]) is first[0]
        assert drawn.of(source, notes[1]) is not first[1]
