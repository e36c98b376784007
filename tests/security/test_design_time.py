"""Designs of forms and flows that people send are read, told of, put together and walked in good time, however they are
built: all of it is done in the web process itself."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django import forms

from foundation.errors import Invalid
from province.designers.forms.boxes import LongSelect
from standards.definitions import LARGEST, MOST_FAULTS
from standards.flows.checks import check_flow
from standards.flows.definition import MOST_WAYS_OUT
from standards.flows.futures import check_goes_on
from standards.flows.reading import read_flow
from standards.flows.reconciling import reconcile_flows
from standards.flows.walking import RunStuck, prepare
from standards.forms.definition import MOST_FIELDS
from standards.forms.designing import study_definition
from standards.forms.reading import read_definition
from standards.forms.reconciling import reconcile_forms
from tests.security.test_time import in_good_time

type Json = dict[str, Any]
_DRAWN = random.Random(1)  # noqa: S311 - the same names in every run


def alike() -> str:
    """As long as a name may be, of a few letters: no quick look tells it from others like it."""
    return "a" + "".join(_DRAWN.choices("abcdefgh", k=39))


_NAMES = [alike() for _ in range(MOST_FIELDS)]
_LONG_TEXTS: list[Json] = [{"type": "long_text", "name": one, "label": "内容"} for one in _NAMES]


def form(fields: Sequence[Json], **more: Any) -> Json:
    return {"format": 1, "title": "申请表", "parts": [{"name": "p", "label": "申请", "fields": list(fields)}], **more}


def fields_that_ask(*, kind: str = "long_text", value: int = 1, label: str = "内容") -> list[Json]:
    """As many as a form may have, each with two conditions on the first."""
    asks = {"visible_when": f"first == {value}", "required_when": f"first == {value}"}
    rest = [{"type": kind, "name": f"f{at}", "label": label, **asks} for at in range(1, MOST_FIELDS)]
    return [{"type": "number", "name": "first", "label": "数"}, *rest]


def flow(nodes: Sequence[Json], ways: Sequence[tuple[str, str, Json]]) -> Json:
    return {
        "format": 1,
        "title": "流程",
        "owner": {"kind": "initiator"},
        "nodes": [{"type": "start", "name": "begin"}, *nodes, {"type": "end", "name": "finish"}],
        "edges": [
            {"name": f"w{at}", "source": source, "target": target, **more}
            for at, (source, target, more) in enumerate(ways)
        ],
    }


def step(name: str, **more: Any) -> Json:
    return {"type": "step", "name": name, "label": "审批", "who": {"kind": "initiators_leader"}, **more}


def branch(name: str) -> Json:
    return {"type": "exclusive", "name": name, "label": "分支"}


def ways_of(fork: str, *targets: str) -> list[tuple[str, str, Json]]:
    """Whose conditions say nothing."""
    *decided, last = targets
    return [*((fork, one, {"condition": "today == today"}) for one in decided), (fork, last, {"is_default": True})]


_FORKS = ["fork", *(f"fork{at}" for at in range(10))]


def forked(condition: Callable[[], str]) -> list[tuple[str, str, Json]]:
    """Ways to 480 steps, with a condition on each."""
    steps = [(f"fork{at % 10}", one) for at, one in enumerate(_NAMES[:480])]
    return [
        ("begin", "fork", {}),
        *ways_of("fork", *_FORKS[1:]),
        *((fork, one, {"condition": condition()}) for fork, one in steps),
        *((one, "finish", {}) for _, one in steps),
    ]


def row_of_branches(number: int, between: Sequence[str]) -> Json:
    """Each parts into two ways that meet in the next; ``between``: branches on each of both, or nothing."""
    nodes, ways = [], [("begin", "fork0", {})]
    for at in range(number):
        after = f"fork{at + 1}" if at + 1 < number else "approval"
        nodes += [branch(f"fork{at}"), *(branch(f"{one}{at}") for one in between)]
        ways += ways_of(f"fork{at}", *(f"{one}{at}" for one in between or ())) if between else ()
        ways += [(f"{one}{at}", after, {}) for one in between] if between else ways_of(f"fork{at}", after, after)
    return flow([*nodes, step("approval")], [*ways, ("approval", "finish", {})])


FORMS: dict[str, Callable[[], Json]] = {
    "rights to fields that there are not": lambda: form(
        _LONG_TEXTS,
        rights=[{"step": f"s{at}", "role": "", "rights": {alike(): "read" for _ in range(1_000)}} for at in range(16)],
    ),
    "conditions on fields that there are not": lambda: form(
        [
            {"type": "long_text", "name": one, "label": "内"}
            | {attribute: f"{alike()} == {alike()}" for attribute in ("visible_when", "required_when")}
            for one in _NAMES
        ]
    ),
    "fields that ask for one": lambda: form(fields_that_ask()),
    "numbers of people that ask for one": lambda: form(fields_that_ask(kind="resident_number")),
    "formulas": lambda: form(
        [
            {"type": "number", "name": "first", "label": "数"},
            *(
                {"type": "computed", "name": one, "label": "得数", "result": "number", "expression": "first + 1"}
                for one in _NAMES[1:]
            ),
        ]
    ),
    "lines that ask": lambda: form(
        [
            {
                "type": "group",
                "name": f"g{at}",
                "label": "明细",
                "cells": [
                    {"type": "resident_number", "name": f"c{at}", "label": "号码", "visible_when": "today == today"}
                ],
            }
            for at in range(MOST_FIELDS // 4)
        ]
        + [{"type": "resident_number", "name": f"n{at}", "label": "号码"} for at in range(MOST_FIELDS // 2)]
    ),
}
FLOWS: dict[str, Callable[[], Json]] = {
    "ways to nodes that there are not": lambda: flow(
        [step(one) for one in _NAMES[:498]], [(alike(), alike(), {}) for _ in range(1_000)]
    ),
    "conditions on steps that there are not": lambda: flow(
        [
            *map(branch, _FORKS),
            *(step(one, outcomes=[{"code": "done", "label": "完成"}]) for one in _NAMES[:480]),
        ],
        forked(lambda: f"{alike()}.outcome == 'done'"),
    ),
    "a row of branches": lambda: row_of_branches(160, ("left", "right")),
    "a long row of branches": lambda: row_of_branches(400, ()),
    "a shorter row of branches": lambda: row_of_branches(30, ("left", "right")),
    "many side by side": lambda: flow(
        [
            {"type": "parallel", "name": "fork", "label": "分开"},
            *(step(f"s{way}_{at}") for way in range(49) for at in range(10)),
            {"type": "parallel", "name": "join", "label": "汇合"},
        ],
        [
            ("begin", "fork", {}),
            *(("fork", f"s{way}_0", {}) for way in range(49)),
            *((f"s{way}_{at}", f"s{way}_{at + 1}", {}) for way in range(49) for at in range(9)),
            *((f"s{way}_9", "join", {}) for way in range(49)),
            ("join", "finish", {}),
        ],
    ),
}


class TestForm:
    @pytest.mark.parametrize("make", FORMS.values(), ids=list(FORMS))
    def test_is_read_and_told_of_in_good_time(self, make: Callable[[], Json]) -> None:
        raw = make()
        with in_good_time():
            said = study_definition(raw).as_json()
        assert len(said["faults"]) <= MOST_FAULTS

    def test_says_which_field_was_meant_in_one_of_any_size(self) -> None:
        rights = [{"step": "", "role": "", "rights": {f"{_NAMES[7][:-1]}z": "read"}}]
        with pytest.raises(Invalid) as refused:
            read_definition(form(_LONG_TEXTS, rights=rights))
        assert f"最接近的是“{_NAMES[7]}”" in refused.value.faults[0].message

    @pytest.mark.parametrize("kind", ["long_text", "resident_number"])
    def test_is_put_together_with_another_in_good_time(self, kind: str) -> None:
        before, ours, theirs = (read_definition(form(fields_that_ask(kind=kind, value=one))) for one in (1, 2, 3))
        with in_good_time():
            found = reconcile_forms(before, ours, theirs)
        assert len(found.clashes) == 2 * (MOST_FIELDS - 1)


class TestFlow:
    @pytest.mark.parametrize("make", FLOWS.values(), ids=list(FLOWS))
    def test_is_read_and_judged_in_good_time(self, make: Callable[[], Json]) -> None:
        raw = make()
        with in_good_time():
            try:
                faults = check_flow(read_flow(raw), None)
            except Invalid as refused:
                faults = list(refused.faults)
        assert all(fault.message for fault in faults)

    @pytest.mark.parametrize("make", list(FLOWS.values())[2:], ids=list(FLOWS)[2:])
    def test_is_judged_from_where_a_run_would_be_put_in_good_time(self, make: Callable[[], Json]) -> None:
        prepared = prepare(read_flow(make()))
        with in_good_time(), pytest.raises(RunStuck, match="分支太多"):
            check_goes_on(prepared, [("begin", "")])

    def test_of_some_branches_in_a_row_is_judged_to_its_end(self) -> None:
        check_goes_on(prepare(read_flow(row_of_branches(10, ("left", "right")))), [("begin", "")])

    def test_is_put_together_with_another_in_good_time(self) -> None:
        drawn = [*map(branch, _FORKS), *map(step, _NAMES[:480])]
        before, ours, theirs = (read_flow(flow(drawn, forked(lambda: f"1 == {one}"))) for one in (1, 2, 3))  # noqa: B023
        with in_good_time():
            found = reconcile_flows(before, ours, theirs)
        assert len(found.clashes) == 480

    def test_has_so_many_ways_out_of_a_node_and_no_more(self) -> None:
        """The page of a branch asks everything of each of its ways."""
        steps = _NAMES[:MOST_WAYS_OUT]
        ways = [("begin", "fork", {}), *ways_of("fork", *steps), *((one, "finish", {}) for one in steps)]
        read_flow(flow([branch("fork"), *map(step, steps)], ways))
        with pytest.raises(Invalid, match=f"最多 {MOST_WAYS_OUT} 条"):
            read_flow(flow([branch("fork"), *map(step, steps)], [*ways, ("fork", "finish", {})]))


class TestLongSelect:
    def test_is_written_as_djangos_own_in_good_time(self) -> None:
        choices = [("", "（不选）"), *((f"n{at}", f"<名“{at}”>") for at in range(1_500))]
        own, quick = (
            forms.ChoiceField(choices=choices, required=False, initial="n7", widget=widget(attrs={"id": "a&b"}))
            for widget in (forms.Select, LongSelect)
        )
        page = type("Page", (forms.Form,), {"own": own, "quick": quick})()
        plain = "".join(line.strip() for line in str(page["own"]).splitlines()).replace("own", "quick")
        assert str(page["quick"]) == plain
        # as many as a branch of a flow may have
        with in_good_time():
            for _ in range(MOST_WAYS_OUT * 5):
                str(page["quick"])


class TestDefinition:
    def test_is_as_large_as_these(self) -> None:
        """The sizes tried are those that are taken."""
        assert LARGEST == 1024 * 1024
