"""What of a form is asked on one page."""

from typing import Any

from standards.forms.blocks import BLOCKS, block_fields
from standards.forms.pages import asked_pages
from standards.forms.posted import read_posted
from standards.forms.rights import FieldRight
from tests.standards.form_samples import CONTEXT, form_of


def text(name: str, **given: Any) -> dict[str, Any]:
    return {"type": "short_text", "name": name, "label": name, **given}


def words(name: str, kind: str = "heading", **given: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": name, **({"words": name} if kind == "note" else {}), **given}


def computed(name: str) -> dict[str, Any]:
    return {"type": "computed", "name": name, "label": name, "expression": "1 + 1", "result": "number"}


def pages(*fields: dict[str, Any]) -> list[str]:
    """Each page as ``its name: its fields``."""
    return [f"{one.name}: {' '.join(field.name for field in one.fields)}" for one in form_of(*fields).pages]


def asked(posted: dict[str, object], rights: dict[str, FieldRight], *fields: dict[str, Any]) -> list[str]:
    form = form_of(*fields)
    filled = read_posted(form, form.rights_at() | rights, posted, {}, CONTEXT)
    found = asked_pages(form.pages, filled.worked.visible, form.rights_at() | rights)
    return [f"{one.name}: {' '.join(field.name for field in one.fields)}" for one in found]


class TestPages:
    def test_have_one_field_or_those_that_the_designer_keeps_together(self) -> None:
        assert pages(text("a"), text("b"), text("c", together=True), text("e")) == ["a: a", "b: b c", "e: e"]
        # nothing stands above the first
        assert pages(text("a", together=True), text("b")) == ["a: a", "b: b"]

    def test_keep_words_with_what_follows_and_results_with_what_precedes(self) -> None:
        assert pages(words("h"), words("n", "note"), text("a"), computed("s"), text("b")) == ["a: h n a s", "b: b"]
        assert pages(computed("s"), text("a"), words("end", "note")) == ["a: s a end"]
        assert pages(text("a"), words("h"), text("b", together=True)) == ["a: a h b"]
        assert pages(words("h"), words("n", "note")) == ["h: h n"]

    def test_of_ready_blocks_are_few(self) -> None:
        many = {name: len(form_of(*block_fields(name)).pages) for name in BLOCKS}
        assert many == {"applicant": 5, "legal_person": 1, "agent": 3, "bank": 1, "visit": 1, "promise": 1}


class TestAskedPages:
    def test_are_those_on_which_something_is_asked_now(self) -> None:
        fields = (text("a"), text("b", visible_when="a == 'yes'"), text("c", together=True), text("e"))
        assert asked({}, {}, *fields) == ["a: a", "b: c", "e: e"]
        assert asked({"a": "yes"}, {}, *fields) == ["a: a", "b: b c", "e: e"]
        hidden = {"c": FieldRight.HIDDEN, "e": FieldRight.READ}
        assert asked({}, hidden, *fields) == ["a: a"]

    def test_never_lose_a_note(self) -> None:
        gone = text("gone", visible_when="a == 'yes'")
        fields = (text("a"), words("h"), words("n", "note"), gone, text("b"))
        assert asked({}, {}, *fields) == ["a: a", "b: n b"]
        assert asked({"a": "yes"}, {}, *fields) == ["a: a", "gone: h n gone", "b: b"]
        assert asked({}, {}, text("a"), words("n", "note"), gone) == ["a: a n"]
        assert asked({}, {"b": FieldRight.READ}, words("n", "note"), text("b")) == ["b: n"]
        assert asked({}, {"b": FieldRight.READ}, words("h"), text("b")) == []
