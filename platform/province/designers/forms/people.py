"""A rule of people as designers fill it in: its kind, and what that kind asks for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms

from province.designers.forms.boxes import choice_box, number_box, yes_box
from province.designers.queries.flow_tables import Choices
from standards.flows.people import WHO_TITLES, AnyWho

_NONE: Final = ("", "（没有）")
# by kind of rule, what it cannot do without
_NEEDS: Final = {
    "role": "role",
    "unit": "unit_id",
    "title": "title",
    "people": "account_ids",
    "chosen": "step",
    "doer": "step",
    "expression": "expression",
}


def rule_fields(
    prefix: str,
    who: AnyWho | None,
    *,
    label: str,
    choices: Mapping[str, Choices],
    kinds: Mapping[str, str] = WHO_TITLES,
    steps: Choices = (),
    named: Choices = (),
    may_lack: bool = False,
) -> dict[str, forms.Field]:
    """The fields of one rule under ``<prefix>_<part>``; the prefix has no underline. ``choices``: roles, departments
    and people; ``kinds``: rules that can be chosen, with their titles; ``steps``: those before it; ``named``: fields
    that name people."""
    given: dict[str, Any] = who.model_dump(mode="json") if who else {"kind": ""}
    offered = [*([_NONE] if may_lack else []), *kinds.items()]
    # what a file brought along stays to be seen, and to be changed
    if given["kind"] and given["kind"] not in kinds:
        offered.append((given["kind"], f"{WHO_TITLES[given['kind']]}（这里不能用）"))
    fields = {
        "kind": choice_box(label, offered, given["kind"]),
        "role": choice_box("岗位", [_NONE, *choices["role"]], given.get("role")),
        "in_unit": yes_box("只限发起人所在部门", given.get("in_unit")),
        "unit_id": choice_box("部门", [_NONE, *choices["unit"]], given.get("unit_id")),
        "leaders": yes_box("只要部门负责人", given.get("leaders")),
        "duty_unit": choice_box("哪里的值班", [("", "全厅"), *choices["unit"]], given.get("unit_id")),
        "leading": yes_box("只要带班领导", given.get("leading")),
        "title": forms.CharField(label="职务", required=False, max_length=100, initial=given.get("title")),
        "account_ids": forms.MultipleChoiceField(
            label="人员",
            required=False,
            choices=choices["people"],
            initial=given.get("account_ids"),
            widget=forms.SelectMultiple(attrs={"size": 6}),
        ),
        "levels": number_box("上面第几级（1 是本部门）", given.get("levels", 1), most=5),
        "step": choice_box("前面的环节", [_NONE, *steps], given.get("step") or given.get("at")),
        "expression": choice_box("填人员或部门的字段", [_NONE, *named], given.get("expression")),
    }
    return {f"{prefix}_{name}": field for name, field in fields.items()}


def rule_given(prefix: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rule as it was filled in; None where there is none."""
    kind = data[f"{prefix}_kind"]

    def part(name: str) -> Any:
        return data[f"{prefix}_{name}"]

    asked: dict[str, dict[str, Any]] = {
        "role": {"role": part("role"), "in_unit": part("in_unit")},
        "unit": {"unit_id": part("unit_id"), "leaders": part("leaders")},
        "title": {"title": part("title")},
        "initiators_leader": {"levels": part("levels") or 1},
        "people": {"account_ids": part("account_ids")},
        "chosen": {"at": part("step")},
        "doer": {"step": part("step")},
        "expression": {"expression": part("expression")},
        "on_duty": {"unit_id": part("duty_unit") or None, "leading": part("leading")},
    }
    return {"kind": kind, **asked.get(kind, {})} if kind else None


def lacking_parts(prefix: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Names of the fields that the kind of the rule asks for and that are empty."""
    needed = _NEEDS.get(data.get(f"{prefix}_kind", ""))
    if needed and not data.get(f"{prefix}_{needed}"):
        yield f"{prefix}_{needed}"
