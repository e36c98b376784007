"""A form and a flow that two have changed, as one: nothing is lost that neither deleted, and nothing is done twice."""

from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standards.flows.checks import check_flow
from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from standards.flows.reconciling import reconcile_flows
from standards.forms.applying import application_form
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition
from standards.forms.reconciling import reconcile_forms
from tests.standards.run_samples import flow_of_nodes, step

NAMES = ("fa", "fb", "fc", "fd", "fe", "ff")
SIDES = ("ours", "theirs")


def _field(name: str, label: int = 1, *, required: bool = False, kind: str = "short_text") -> dict[str, Any]:
    options = [{"code": f"o{one}", "label": f"选{one}"} for one in range(1, label + 3)]
    more = {"options": options} if kind == "choice" else {}
    return {"type": kind, "name": name, "label": f"{name}{label}", "required": required} | more


FIELDS = st.builds(
    _field,
    st.sampled_from(NAMES),
    st.integers(0, 2),
    required=st.booleans(),
    kind=st.sampled_from(["short_text", "number", "choice"]),
)


@st.composite
def forms(draw: st.DrawFn) -> FormDefinition:
    """A few fields in one or two parts, with a rule of rights."""
    fields = draw(st.lists(FIELDS, min_size=1, max_size=6, unique_by=lambda one: one["name"]))
    cut = draw(st.integers(0, len(fields)))
    names = draw(st.permutations(["one", "two"]))
    parts = [
        {"name": name, "label": f"部分{draw(st.integers(0, 2))}", "fields": some}
        for name, some in zip(names, (fields[:cut], fields[cut:]), strict=True)
        if some
    ]
    form: dict[str, Any] = {"format": 1, "title": f"表{draw(st.integers(0, 2))}", "parts": parts}
    if draw(st.booleans()):
        names = st.sampled_from([one["name"] for one in fields])
        rights = draw(st.dictionaries(names, st.sampled_from(["read", "hidden"])))
        form["rights"] = [{"step": "", "otherwise": draw(st.sampled_from(["read", "write"])), "rights": rights}]
    return read_definition(form)


def merged(before: FormDefinition, ours: FormDefinition, theirs: FormDefinition, side: str) -> FormDefinition:
    """Whatever clashes is of this side."""
    choices: dict[str, Any] = {}
    for _ in range(4):
        found = reconcile_forms(before, ours, theirs, choices)
        choices |= {one.key: side for one in found.clashes}
    # each may have deleted what the other one kept
    assume(found.definition["parts"])
    return read_definition(found.definition)


class TestForms:
    @given(forms(), forms())
    @settings(max_examples=50, deadline=None)
    def test_with_one_side_unchanged_is_the_other(self, before: FormDefinition, changed: FormDefinition) -> None:
        for one in (reconcile_forms(before, changed, before), reconcile_forms(before, before, changed)):
            assert read_definition(one.definition).model_dump() == changed.model_dump()
            assert one.clashes == ()
        assert reconcile_forms(before, changed, changed).definition == changed.as_json()

    @given(forms(), forms(), forms(), st.sampled_from(SIDES))
    @settings(max_examples=80, deadline=None)
    def test_loses_nothing_that_neither_deleted_and_is_the_same_when_done_again(
        self, before: FormDefinition, ours: FormDefinition, theirs: FormDefinition, side: str
    ) -> None:
        found = merged(before, ours, theirs, side)
        was, one, other = ({field.name for field in form.fields} for form in (before, ours, theirs))
        now = {field.name for field in found.fields}
        assert (one & other) | (one - was) | (other - was) <= now <= one | other
        assert merged(before, found, theirs, side).model_dump() == found.model_dump()
        assert merged(theirs, found, theirs, side).model_dump() == found.model_dump()

    def test_drops_a_rule_that_one_deleted_and_the_other_changed_only_for_a_field_that_is_gone(self) -> None:
        base: dict[str, Any] = {"format": 1, "title": "表", "parts": [{"name": "one", "label": "一", "fields": []}]}
        rule = {"step": "", "otherwise": "read"}
        both, kept = [_field("fa"), _field("fb")], [_field("fa")]
        before, ours, theirs = (
            read_definition(base | {"parts": [base["parts"][0] | {"fields": fields}], "rights": rights})
            for fields, rights in ((both, [rule]), (both, [rule | {"rights": {"fb": "hidden"}}]), (kept, []))
        )
        found = reconcile_forms(before, ours, theirs)
        assert (found.definition["rights"], found.clashes) == ([], ())

    def test_asks_for_the_order_where_one_moved_what_the_other_deleted(self) -> None:
        base = {"name": "one", "label": "一"}
        before, ours, theirs = (
            read_definition({"format": 1, "title": "表", "parts": [base | {"fields": fields}]})
            for fields in (
                [_field("fa"), _field("fb"), _field("fd")],
                [_field("fb"), _field("fa")],
                [_field("fa"), _field("fd", kind="number"), _field("fb")],
            )
        )
        found = reconcile_forms(before, ours, theirs, {"field.fd": "theirs"})
        assert [one.key for one in found.clashes] == ["field.fd", "part.one.order"]
        assert [one["name"] for one in found.definition["parts"][0]["fields"]] == ["fb", "fa", "fd"]

    def test_keeps_what_each_changed_and_asks_about_the_rest(self) -> None:
        base = application_form("许可", [{"name": "申请书"}])
        base["parts"].append({"name": "more", "label": "经营", "fields": [_field("area")]})
        ours, theirs = (read_definition(base).as_json() for _ in SIDES)
        ours["parts"][-1]["fields"][0] |= {"label": "面积（平方米）", "hint": "按证上的填"}
        ours["parts"][-1]["fields"].append(_field("staff", kind="number"))
        ours["parts"][2]["fields"][0]["hint"] = "复印件"
        theirs["parts"][-1]["fields"][0] |= {"label": "经营面积", "required": True}
        theirs["parts"][-1]["fields"].append(_field("kind"))
        theirs["parts"][2]["fields"][0]["hint"] = "原件"
        forms = [read_definition(one) for one in (base, ours, theirs)]
        found = reconcile_forms(forms[0], forms[1], forms[2])
        assert [(one.said, one.ours, one.theirs, one.default) for one in found.clashes] == [
            ("“申请书”的填写提示", "复印件", "原件", "theirs"),
            ("“面积（平方米）”的名称", "面积（平方米）", "经营面积", "ours"),
        ]
        area, *rest = found.definition["parts"][-1]["fields"]
        assert (area["label"], area["hint"], area["required"]) == ("面积（平方米）", "按证上的填", True)
        assert {one["name"] for one in rest} == {"staff", "kind"}


def _steps(*names: str, **attributes: Any) -> FlowDefinition:
    """One step after the other; ``attributes``: of a step by its name."""
    nodes = [step(one, **attributes.get(one, {})) for one in names]
    return flow_of_nodes(*nodes, edges=list(pairwise(["start", *names, "finish"])))


@st.composite
def flows(draw: st.DrawFn) -> FlowDefinition:
    """Steps in a row, some of them said otherwise."""
    names = draw(st.lists(st.sampled_from(["na", "nb", "nc", "nd"]), min_size=1, unique=True))
    said = st.fixed_dictionaries({"hint": st.sampled_from(["", "x", "y"]), "free": st.booleans()})
    return _steps(*names, **{name: draw(said) for name in names})


def joined(before: FlowDefinition, ours: FlowDefinition, theirs: FlowDefinition, side: str) -> FlowDefinition:
    choices: dict[str, Any] = {}
    for _ in range(3):
        found = reconcile_flows(before, ours, theirs, choices)
        choices |= {one.key: side for one in found.clashes}
    return read_flow(found.definition)


def _said(flow: FlowDefinition) -> Any:
    """Without the names of ways, which say nothing."""
    return [one.model_dump() for one in flow.nodes], sorted((one.source, one.target) for one in flow.edges)


class TestFlows:
    @given(flows(), flows())
    @settings(max_examples=50, deadline=None)
    def test_with_one_side_unchanged_is_the_other(self, before: FlowDefinition, changed: FlowDefinition) -> None:
        for one in (reconcile_flows(before, changed, before), reconcile_flows(before, before, changed)):
            assert _said(read_flow(one.definition)) == _said(changed)
            assert (one.clashes, one.is_whole) == ((), False)
        assert read_flow(reconcile_flows(before, changed, changed).definition) == changed

    @given(flows(), flows(), flows(), st.sampled_from(SIDES))
    @settings(max_examples=80, deadline=None)
    def test_loses_no_step_that_neither_deleted_and_is_the_same_when_done_again(
        self, before: FlowDefinition, ours: FlowDefinition, theirs: FlowDefinition, side: str
    ) -> None:
        found = joined(before, ours, theirs, side)
        whole = reconcile_flows(before, ours, theirs).is_whole
        one, other, now = (set(flow.named_nodes) for flow in (ours, theirs, found))
        assert whole or one & other <= now
        assert not check_flow(found, None)
        assert _said(joined(before, found, theirs, side)) == _said(found)
        assert _said(joined(theirs, found, theirs, side)) == _said(found)

    def test_takes_a_step_of_each_side_in_different_places(self) -> None:
        before, ours, theirs = _steps("a", "c", "e"), _steps("a", "b", "c", "e"), _steps("a", "c", "x", "e")
        found = reconcile_flows(before, ours, theirs)
        assert found.clashes == ()
        assert _said(read_flow(found.definition)) == _said(_steps("a", "b", "c", "x", "e"))

    def test_asks_for_the_whole_where_both_have_drawn_one_place_anew(self) -> None:
        before, ours, theirs = _steps("a", "c"), _steps("a", "b", "c"), _steps("a", "x", "c")
        found = reconcile_flows(before, ours, theirs)
        [clash] = found.clashes
        assert (found.is_whole, clash.key) == (True, "drawing")
        assert "增加了环节“环节 b”" in clash.ours
        assert found.definition == ours.as_json()
        assert reconcile_flows(before, ours, theirs, {"drawing": "theirs"}).definition == theirs.as_json()

    def test_asks_whose_person_and_limit_holds_and_takes_rights_field_by_field(self) -> None:
        role = {"kind": "title", "title": "科长"}
        before = _steps("a", a={"fields": {"x": "read"}})
        ours = _steps("a", a={"fields": {"x": "read", "y": "write"}, "who": role})
        theirs = _steps("a", a={"fields": {"x": "hidden"}, "who": {"kind": "title", "title": "局长"}, "hint": "快"})
        found = reconcile_flows(before, ours, theirs)
        assert [(one.said, one.ours, one.theirs) for one in found.clashes] == [
            ("环节“环节 a”的办理人", "职务“科长”", "职务“局长”")
        ]
        [made] = [one for one in found.definition["nodes"] if one["name"] == "a"]
        assert (made["who"], made["fields"], made["hint"]) == (role, {"x": "hidden", "y": "write"}, "快")

    def test_asks_for_the_whole_where_one_changed_the_step_that_the_other_took_out(self) -> None:
        before, ours, theirs = _steps("a", "b"), _steps("a", "b", b={"hint": "x"}), _steps("a")
        assert reconcile_flows(before, ours, theirs).is_whole
        assert not reconcile_flows(before, _steps("a", "b", a={"hint": "x"}), theirs).is_whole
