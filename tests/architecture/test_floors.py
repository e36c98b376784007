"""The floors of the program: no arrow upward, no circle, and a drawing that says so."""

from tests.architecture import floors
from tests.architecture.sources import ROOMS


class TestFloors:
    def test_have_no_arrow_upward(self) -> None:
        """An order without an arrow upward has no circle either."""
        assert floors.upward() == []

    def test_hold_every_room(self) -> None:
        """A room that is on no floor would be judged by nobody."""
        rooms = {room for arrow in floors.arrows() for room in arrow}
        assert rooms == set(ROOMS)

    def test_are_drawn_as_they_are(self) -> None:
        assert floors.drawn() == floors.drawing()
