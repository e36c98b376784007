"""Inputs that follow from data, as the page of components shows them."""

from django.test import RequestFactory

from foundation.design.inputs import places_of
from foundation.design.samples import sample_parts
from foundation.design.views import components
from tests.browser_post import form_of, post_of


class TestComponents:
    def test_show_one_of_each_kind_of_input(self) -> None:
        html = components(RequestFactory().get("/design/")).content.decode()
        names = [name for name, _ in form_of(html).names]
        assert {one.name for one in places_of(sample_parts()) if hasattr(one, "widget")} <= set(names)
        assert len(set(form_of(html).ids)) == len(form_of(html).ids)

    def test_post_what_they_show(self) -> None:
        post = post_of(components(RequestFactory().get("/design/")).content.decode())
        assert post["materials.1.copies"] == "两份"
        assert post["fee"] == "false"
        assert post["themes"] == "0"
        assert "materials.0.name" not in post


class TestPlaces:
    def test_are_named_from_the_outside_inwards_without_prototypes(self) -> None:
        names = [one.name for one in places_of(sample_parts())]
        first = names.index("materials")
        assert names[first : first + 3] == ["materials", "materials.1", "materials.1.name"]
        assert "materials.1.laws.1.law" in names
        assert not [name for name in names if ".0" in name]
