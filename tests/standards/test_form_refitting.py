"""A form of an item with the materials of one of its handling items: each once, those alone, and all else as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from standards.flows.reading import read_flow
from standards.forms.applying import application_form, faults_of_materials
from standards.forms.reading import read_definition
from standards.forms.refitting import refit_form
from tests.standards.run_samples import flow_of_nodes, step

NAMES = ("申请书", "租赁合同", "原许可证", "身份证", "照片")
NOTE = {"type": "note", "name": "why", "label": "说明", "words": "请说明。"}
LISTS = st.lists(st.sampled_from(NAMES), max_size=6)


def rows(*names: str) -> list[dict[str, Any]]:
    return [{"name": one} for one in names]


def form_of(*names: str, more: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    form = application_form("许可", rows(*names))
    form["parts"][0]["fields"] += more
    return read_definition(form).as_json()


def asked(form: dict[str, Any]) -> dict[str, str]:
    return {one.name: one.label for one in read_definition(form).fields if one.type == "material"}


class TestRefitting:
    @given(LISTS, LISTS)
    def test_asks_for_each_material_once_and_for_no_other(self, before: list[str], after: list[str]) -> None:
        form = form_of(*before)
        found = refit_form(form, rows(*after))
        assert asked(found.form) == {f"material_{at}": name for at, name in enumerate(after, start=1)}
        assert not list(faults_of_materials(read_definition(found.form), rows(*after)))
        first, second = (
            [field.name for field in read_definition(one).fields if field.type != "material"]
            for one in (form, found.form)
        )
        assert first == second
        # once more changes nothing
        again = refit_form(found.form, rows(*after))
        assert (again.form, again.is_same) == (found.form, True)

    def test_takes_what_is_said_of_a_material_along(self) -> None:
        note = NOTE | {"visible_when": "len(material_3) > 0"}
        form = form_of("申请书", "租赁合同", "原许可证", more=(note,))
        form["rights"] = [{"rights": {"material_2": "read", "material_3": "hidden"}}]
        found = refit_form(form, rows("原许可证", "申请书"))
        assert found.names == {"material_1": "material_2", "material_2": "", "material_3": "material_1"}
        fields = read_definition(found.form).named_fields
        assert (fields["why"].visible_when, fields["material_1"].material) == ("len(material_1) > 0", "material-1")  # type: ignore[attr-defined]
        assert found.form["rights"] == [{"rights": {"material_1": "hidden"}}]
        rights = {"material_2": "write", "material_3": "read"}
        flow = flow_of_nodes(step("a", fields=rights), edges=[("start", "a"), ("a", "finish")])
        assert read_flow(found.flow(flow.as_json())).named_nodes["a"].fields == {"material_1": "read"}  # type: ignore[attr-defined]

    def test_says_what_hangs_on_a_material_that_is_left_out(self) -> None:
        note = NOTE | {"visible_when": "len(material_2) > 0"}
        form = form_of("申请书", "租赁合同", more=(note,))
        found = refit_form(form, rows("申请书")).faults_in(form, None)
        assert [one.message for one in found] == ["表单：“说明”的条件用到了材料“租赁合同”，这里不要这份材料。"]
        assert not refit_form(form, rows("租赁合同")).faults_in(form, None)
