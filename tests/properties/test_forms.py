"""Random forms, filled in with anything: nothing breaks, nothing is written that may not be, nothing hidden leaves."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import FUNCTIONS
from standards.forms.expressions.grammar import LOOPS
from standards.forms.posted import read_posted
from standards.forms.results import as_sheets, as_text, changes, json_schema, seen_values
from standards.forms.rights import FieldRight
from standards.forms.trial import try_expression
from standards.forms.versions import compare_definitions, move_values
from tests.standards.form_samples import CONTEXT, SAMPLES, WRONG, field_of, form_of, whole_form, whole_post

KINDS = sorted(SAMPLES.keys() - {"computed", "group"})
CONDITIONS = ("f_switch", "not f_switch", "f_count > 2", "f_count + 1 == 3 or f_switch", "f_total >= 1")
SWITCHES: tuple[dict[str, Any], ...] = (
    {"type": "yes_no", "name": "f_switch", "label": "开关"},
    {"type": "number", "name": "f_count", "label": "个数"},
    {"type": "computed", "name": "f_total", "label": "合计", "expression": "f_count * 2", "result": "number"},
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("code", "id", "detail", "division", "decision", "words", "g_name", "g_many", "0", "x")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@st.composite
def forms(draw: st.DrawFn) -> FormDefinition:
    kinds = draw(st.lists(st.sampled_from(KINDS), unique=True, max_size=8))
    conditions = st.sampled_from(("", "", *CONDITIONS))
    fields = [
        {
            **field_of(kind),
            "required": draw(st.booleans()),
            "visible_when": draw(conditions),
            "required_when": draw(conditions),
            "when_hidden": draw(st.sampled_from(("drop", "keep"))),
        }
        for kind in kinds
    ]
    group = [field_of("group", visible_when=draw(conditions))] if draw(st.booleans()) else []
    return form_of(*SWITCHES, *fields, *group)


@st.composite
def posts(draw: st.DrawFn, form: FormDefinition) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in form.named_fields:
        kind = name.removeprefix("f_")
        known = [SAMPLES[kind][1], WRONG[kind][0]] if kind in WRONG else ["true", "3"]
        value = draw(st.none() | st.sampled_from(known) | anything)
        if value is not None:
            found[name] = value
    return found


WHOLE = whole_form()
NAMES = st.sampled_from(sorted(WHOLE.plan.names))
SIGNS = st.sampled_from(("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "and", "or", "??", "in", "not in"))
ATOMS = NAMES | st.sampled_from(("1", "2.5", "0", '"a"', "true", "null", "#.g_many", '"2026-01-01"', "[1, 2]", '["a"]'))
expressions = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, SIGNS, inner).map(" ".join)
        | st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), inner)
        | st.builds("{}(f_group, {})".format, st.sampled_from(sorted(LOOPS)), inner)
        | st.builds("({} ? {} : {})".format, inner, inner, inner)
        | inner.map("not ({})".format)
    ),
    max_leaves=6,
)


class TestExpressions:
    @settings(max_examples=120, deadline=None)
    @given(expressions, st.sampled_from(({}, whole_post(), dict.fromkeys(whole_post(), "x"))))
    def test_that_are_taken_have_a_result_or_none(self, expression: str, typed: dict[str, object]) -> None:
        """What the checking lets through, zen can work out: a fault is one of the expression, never of its kinds."""
        trial = try_expression(WHOLE.fields, expression, typed, CONTEXT)
        assert "算不出" not in trial.fault
        assert bool(trial.fault) != bool(trial.kind)


class TestForm:
    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_takes_anything_and_writes_only_what_may_be_written(self, data: st.DataObject) -> None:
        form = data.draw(forms())
        every = dict.fromkeys(form.named_fields, FieldRight.WRITE)
        before = read_posted(form, every, data.draw(posts(form)), {}, CONTEXT).values
        rights = {name: data.draw(st.sampled_from(list(FieldRight))) for name in form.named_fields}
        posted = data.draw(posts(form))
        filled = read_posted(form, rights, posted, before, CONTEXT)

        locked = {name for name, right in rights.items() if not right.is_writable}
        assert {name: filled.values.get(name) for name in locked} == {name: before.get(name) for name in locked}
        assert not {fault.where.split(".")[0] for fault in filled.faults} & locked - {"f_total"}
        assert "f_total" not in filled.values

        # what was read and is posted again is read alike
        typed = {name: form.named_fields[name].typed(value) for name, value in filled.values.items()}
        assert read_posted(form, rights, typed, filled.values, CONTEXT).values == filled.values

        hidden = {name for name, right in rights.items() if right == FieldRight.HIDDEN}
        seen = seen_values(form, filled.values, rights, CONTEXT)
        assert not {name.split(".")[0] for name in seen} & hidden
        assert not {change.where.split(".")[0] for change in changes(form, before, filled.values, rights)} & hidden
        assert not json_schema(form, rights)["properties"].keys() & hidden
        for masked in (False, True):
            as_text(form, filled.values, rights, CONTEXT, masked=masked, printed=True)
            as_sheets(form, [("1", filled.values)], rights, CONTEXT, masked=masked)

    @settings(max_examples=20, deadline=None)
    @given(st.data())
    def test_moves_to_any_other_and_names_all_that_is_lost(self, data: st.DataObject) -> None:
        old, new = data.draw(forms()), data.draw(forms())
        values = read_posted(old, old.rights_at(), data.draw(posts(old)), {}, CONTEXT).values
        report = move_values(old, new, values, CONTEXT)
        assert report.values.keys() <= new.named_fields.keys()
        assert values.keys() <= {one.name for one in report.moved}
        compare_definitions(old, new)
        assert compare_definitions(old, old) == []
