"""What a form and a flow name that one hall alone has: each by its place, and nothing of what every hall has."""

from itertools import pairwise
from typing import Any
from uuid import uuid4

from standards.flows.definition import FlowDefinition
from standards.flows.people import TO_CHOOSE
from standards.flows.sharing import faults_of_sharing as faults_of_flow
from standards.forms.reading import read_definition
from standards.forms.sharing import faults_of_sharing as faults_of_form
from tests.standards.flow_samples import flow_of

_ROLES = {"clerk"}
_CLERK = {"kind": "role", "role": "clerk"}
_OWN_ROLE = {"kind": "role", "role": uuid4().hex}
_PEOPLE = {"kind": "people", "account_ids": [str(uuid4())]}


def _flow(*nodes: dict[str, Any], owner: dict[str, Any] = _CLERK) -> FlowDefinition:
    names = ["a", *(node["name"] for node in nodes), "z"]
    return flow_of(["start a", *nodes, "end z"], [f"{one} {other}" for one, other in pairwise(names)], owner=owner)


def _step(name: str, who: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"type": "step", "name": name, "label": name.upper(), "who": who, **values}


class TestFlow:
    def test_of_roles_that_every_hall_has_has_none(self) -> None:
        drawn = _flow(_step("b", _CLERK, fallback=_CLERK), _step("c", {"kind": "initiator"}))
        assert list(faults_of_flow(drawn, roles=_ROLES)) == []

    def test_names_people_and_roles_of_one_hall_wherever_they_stand(self) -> None:
        drawn = _flow(_step("b", _PEOPLE, fallback=_OWN_ROLE, copies=[_PEOPLE]), owner=_OWN_ROLE)
        found = [one.where for one in faults_of_flow(drawn, roles=_ROLES)]
        assert found[1:] == ["b.who", "b.fallback", "b.copies"]
        assert len(found) == 4

    def test_made_out_of_a_chart_or_a_drawing_names_whom_nobody_has_chosen_yet(self) -> None:
        drawn = _flow(_step("b", dict(TO_CHOOSE)), owner=dict(TO_CHOOSE))
        found = list(faults_of_flow(drawn, roles=_ROLES))
        assert [one.where for one in found] == [".owner", "b.who"]
        assert "流程负责人还没有选" in found[0].message


class TestForm:
    def test_names_forms_items_and_roles_of_one_hall(self) -> None:
        fields = [
            {"type": "short_text", "name": "shop", "label": "店名"},
            {"type": "earlier_form", "name": "before", "label": "以前的", "form": "leave"},
            {"type": "material", "name": "paper", "label": "别的", "item": "420131009000", "material": "甲"},
        ]
        form = {
            "format": 1,
            "title": "申请表",
            "parts": [{"name": "main", "label": "基本情况", "fields": fields}],
            "rights": [{"step": "", "role": _OWN_ROLE["role"], "rights": {"shop": "read"}}],
        }
        found = {one.where for one in faults_of_form(read_definition(form), roles=_ROLES, items=["420131001000"])}
        assert found == {"rights.0.role", "parts.0.fields.1.form", "parts.0.fields.2.item"}
        form["rights"], fields[1]["form"], fields[2]["item"] = [], "", "420131001000"
        assert list(faults_of_form(read_definition(form), roles=_ROLES, items=["420131001000"])) == []
