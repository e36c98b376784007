"""Who does a step of a flow: a rule each, resolved anew when the step begins. All of them are people of the hall."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from standards.forms.fields.base import ExpressionText, Strict, Words
from standards.forms.rights import StepName


class ByRole(Strict):
    """All who hold a role (岗位) in the hall; ``in_unit``: only those in the department of who started the run."""

    kind: Literal["role"] = "role"
    # a ready role's code, or the id of one of the hall's own
    role: Annotated[str, Field(min_length=1, max_length=40)]
    in_unit: bool = False


class ByUnit(Strict):
    """Everybody of a department; its leaders alone where ``leaders``."""

    kind: Literal["unit"] = "unit"
    unit_id: UUID
    leaders: bool = False


class ByTitle(Strict):
    """All whose position bears this title (职务)."""

    kind: Literal["title"] = "title"
    title: Words


class ByInitiator(Strict):
    """Who started the run."""

    kind: Literal["initiator"] = "initiator"


class ByInitiatorsLeader(Strict):
    """The leaders of the department of who started the run; ``levels`` above it where it is their own."""

    kind: Literal["initiators_leader"] = "initiators_leader"
    levels: Annotated[int, Field(ge=1, le=5)] = 1


class ByPeople(Strict):
    """These people, by account."""

    kind: Literal["people"] = "people"
    account_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)]


class ByChoice(Strict):
    """Those whom the person of an earlier step has chosen for this one."""

    kind: Literal["chosen"] = "chosen"
    at: StepName


class ByDoer(Strict):
    """Who did an earlier step last."""

    kind: Literal["doer"] = "doer"
    step: StepName


class ByExpression(Strict):
    """Those whom an expression names: its result is the id of a person or a department, as a list field gives it."""

    kind: Literal["expression"] = "expression"
    expression: ExpressionText


class OnDuty(Strict):
    """Who is on duty (值班员) when the step begins, in the hall or in a department; the leaders on duty (带班领导)
    where ``leading``."""

    kind: Literal["on_duty"] = "on_duty"
    unit_id: UUID | None = None
    leading: bool = False


# finds nobody, so that a flow made out of a drawing or a chart cannot be published before somebody has chosen
TO_CHOOSE: Final[Mapping[str, str]] = {"kind": "title", "title": "（导入后待选）"}

# by the word that stands in a definition, in the order in which people choose
WHO_TITLES: Final[Mapping[str, str]] = {
    "initiator": "发起人",
    "initiators_leader": "发起人的部门负责人",
    "role": "岗位",
    "unit": "部门",
    "title": "职务",
    "people": "指定人员",
    "chosen": "前面环节选的人",
    "doer": "前面环节的办理人",
    "expression": "表单里填的人",
    "on_duty": "值班人员",
}

AnyWho = (
    ByRole | ByUnit | ByTitle | ByInitiator | ByInitiatorsLeader | ByPeople | ByChoice | ByDoer | ByExpression | OnDuty
)
Who = Annotated[AnyWho, Field(discriminator="kind")]
