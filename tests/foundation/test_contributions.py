"""What apps contribute is read once at start; what does not fit stops the program."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from foundation.contributions import Contribution, Slot, fill_slots


@pytest.fixture
def words() -> Slot[str]:
    """A slot of the app ``shelf``."""
    return Slot[str]("shelf.words", keys=lambda word: [word])


LABELS = ("shelf", "one", "two")


class TestSlot:
    def test_has_what_apps_gave_in_their_order(self, words: Slot[str]) -> None:
        fill_slots({"two": Contribution(words("b", "c")), "one": Contribution(words("a"))}, labels=LABELS)
        assert words.entries() == ["b", "c", "a"]

    def test_leaves_out_apps_that_are_not_asked_for(self, words: Slot[str]) -> None:
        fill_slots({"two": Contribution(words("b", "c")), "one": Contribution(words("a"))}, labels=LABELS)
        assert words.entries(without=["two"]) == ["a"]

    def test_is_empty_where_nobody_gave_anything(self, words: Slot[str]) -> None:
        fill_slots({"one": Contribution()}, labels=LABELS)
        assert words.entries() == []


class TestFillSlots:
    def test_refuses_an_entry_that_two_apps_give(self, words: Slot[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="'a' 有两份：one 和 two"):
            fill_slots({"one": Contribution(words("a")), "two": Contribution(words("a"))}, labels=LABELS)

    def test_refuses_an_entry_that_one_app_gives_twice(self, words: Slot[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="有两份"):
            fill_slots({"one": Contribution(words("a", "a"))}, labels=LABELS)

    def test_refuses_a_slot_that_is_filled_twice_by_one_app(self, words: Slot[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="两次填写"):
            fill_slots({"one": Contribution(words("a"), words("b"))}, labels=LABELS)

    def test_refuses_a_slot_that_nobody_shows(self, words: Slot[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="展示它的应用没有安装"):
            fill_slots({"one": Contribution(words("a"))}, labels=("one", "two"))

    def test_refuses_two_slots_of_one_name(self, words: Slot[str]) -> None:
        other = Slot[str]("shelf.words", keys=lambda word: [word])
        with pytest.raises(ImproperlyConfigured, match="两个插槽"):
            fill_slots({"one": Contribution(words("a")), "two": Contribution(other("b"))}, labels=LABELS)

    @pytest.mark.parametrize("nonsense", [None, "words", {"words": ["a"]}])
    def test_refuses_what_is_no_contribution(self, nonsense: object) -> None:
        with pytest.raises(ImproperlyConfigured, match="没有名为 contribution"):
            fill_slots({"one": nonsense}, labels=LABELS)  # type: ignore[dict-item]

    def test_refuses_what_belongs_to_no_slot(self) -> None:
        with pytest.raises(ImproperlyConfigured, match="不属于任何插槽"):
            fill_slots({"one": Contribution("a")}, labels=LABELS)  # type: ignore[arg-type]
