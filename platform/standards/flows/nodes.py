"""What stands in a flow: BPMN 2.0's flow nodes as far as a hall needs them, and what Chinese offices add to a task."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from standards.flows.people import Who
from standards.forms.fields.base import (
    LONGEST_NAME,
    NAME_PATTERN,
    ExpressionText,
    FieldName,
    LongWords,
    Strict,
    Words,
    readable,
)
from standards.forms.rights import FieldRight

# an XML id, a name in expressions and a step of a form's rights at once; no double underline: it parts a name from
# its members in expressions
NodeName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=LONGEST_NAME)]
# "" or one line without blanks around it
NodeLabel = Annotated[str, StringConstraints(max_length=100, pattern=r"^(?:\S(?:.*\S)?)?\Z"), AfterValidator(readable)]
MOST_OUTCOMES: Final = 6
MOST_PHRASES: Final = 10
MOST_COPIES: Final = 10
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(readable)]
# by the word that stands in a definition, in the order of the palette
NODE_TITLES: Final[Mapping[str, str]] = {
    "start": "开始",
    "step": "环节",
    "exclusive": "条件分支",
    "parallel": "并行分支",
    "inclusive": "多选分支",
    "timer": "等待时间",
    "message": "等待消息",
    "call": "子流程",
    "plugin": "外部动作",
    "end": "结束",
}


class TimeUnit(StrEnum):
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    HOURS = "hours"


class StepLimit(Strict):
    """The time that something has, from when it begins."""

    amount: Annotated[int, Field(ge=1, le=1_000)]
    unit: TimeUnit = TimeUnit.WORKING_DAYS


class AtLimit(StrEnum):
    """What happens when a step's time is over; who has it is told in any case."""

    REMIND = "remind"
    HAND_UP = "hand_up"  # to the step's fallback
    PASS = "pass"  # noqa: S105 - with the first outcome  # nosec B105
    RETURN = "return"  # to the step before


class Sharing(StrEnum):
    """What several people at one step mean for it."""

    ANY = "any"  # 或签: one of them does it, after claiming it
    ALL = "all"  # 会签: all say theirs; favourable where all are
    SHARE = "share"  # 会签: favourable as soon as ``share`` percent are
    VETO = "veto"  # 会签: unfavourable as soon as one is
    IN_TURN = "in_turn"  # 依次: one after another; unfavourable as soon as one is


class OnRefusal(StrEnum):
    """What an unfavourable outcome does where no gateway asks for it."""

    GO_ON = "go_on"
    END = "end"
    RETURN_PREVIOUS = "return_previous"
    RETURN_START = "return_start"


class StepAct(StrEnum):
    """What the person of a step may do besides finishing it."""

    RETURN_PREVIOUS = "return_previous"  # 退回上一步
    RETURN_ANY = "return_any"  # 退回任意一步
    TRANSFER = "transfer"  # 转办: it is theirs from now on
    DELEGATE = "delegate"  # 委派: it comes back
    ADD_BEFORE = "add_before"  # 前加签
    ADD_AFTER = "add_after"  # 后加签
    ADD_BESIDE = "add_beside"  # 并加签
    REMOVE = "remove"  # 减签
    COPY = "copy"  # 抄送
    WITHDRAW = "withdraw"  # 撤回: while the next has not begun
    TERMINATE = "terminate"  # 终止
    URGE = "urge"  # 催办


class StepOutcome(Strict):
    """One way in which a step can end. The first of a step is favourable unless the step says otherwise."""

    code: FieldName
    label: Words
    is_favourable: bool = True


class RiskPoint(Strict):
    """廉政风险点 of a step."""

    grade: Literal["high", "middle", "low"] = "low"
    risk: LongWords
    control: LongWords = ""


class BaseNode(Strict):
    """``x`` and ``y``: the middle of its sign on the drawing; None: the drawing places it."""

    type: str
    name: NodeName
    label: NodeLabel = ""
    x: Annotated[int, Field(ge=0, le=100_000)] | None = None
    y: Annotated[int, Field(ge=0, le=100_000)] | None = None


class StartNode(BaseNode):
    """开始. Who starts the run fills in the form here: its rights are those of a step."""

    type: Literal["start"] = "start"
    otherwise: FieldRight = FieldRight.WRITE
    fields: Mapping[FieldName, FieldRight] = {}


class EndNode(BaseNode):
    """结束; ``terminates``: it ends every branch of the run at once. ``is_refused``: the run ends as refused."""

    type: Literal["end"] = "end"
    terminates: bool = False
    is_refused: bool = False


class StepNode(BaseNode):
    """环节 (BPMN's user task): people do something. In expressions its outcome is ``name.outcome``.

    ``outcomes``: () where there is nothing to decide, so that its outcome is ``done``. ``free``: a free stretch: who
    finishes it chooses the next person for the same step again, or ends the stretch.
    """

    type: Literal["step"] = "step"
    label: Words
    hint: LongWords = ""
    who: Who
    fallback: Who | None = None
    sharing: Sharing = Sharing.ANY
    share: Annotated[int, Field(ge=1, le=100)] = 100
    outcomes: Annotated[tuple[StepOutcome, ...], Field(max_length=MOST_OUTCOMES)] = ()
    on_refusal: OnRefusal = OnRefusal.END
    # in one order always, so that a definition that was only read and written again is the same
    acts: Annotated[frozenset[StepAct], PlainSerializer(sorted, return_type=list[StepAct])] = frozenset()
    otherwise: FieldRight = FieldRight.READ
    fields: Mapping[FieldName, FieldRight] = {}
    asks_opinion: Literal["no", "optional", "required", "on_refusal"] = "optional"
    # 常用语 that are offered to who writes an opinion here
    phrases: Annotated[tuple[Phrase, ...], Field(max_length=MOST_PHRASES)] = ()
    limit: StepLimit | None = None
    remind_before: StepLimit | None = None
    at_limit: AtLimit = AtLimit.REMIND
    copies: Annotated[tuple[Who, ...], Field(max_length=MOST_COPIES)] = ()
    free: bool = False
    risk: RiskPoint | None = None
    # what citizens read of it on their line of steps; "": it is not on it
    public_label: Annotated[str, StringConstraints(max_length=40), AfterValidator(readable)] = ""
    # whether they read there who did it
    public_names: bool = False


class GatewayNode(BaseNode):
    """分支 and 汇合: exclusive (one way), parallel (all), inclusive (each whose condition holds)."""

    type: Literal["exclusive", "parallel", "inclusive"]


class TimerNode(BaseNode):
    """等待 until so much time has gone by."""

    type: Literal["timer"] = "timer"
    wait: StepLimit


class MessageNode(BaseNode):
    """Waits for a message of this name (sent by a program, or by hand)."""

    type: Literal["message"] = "message"
    message: FieldName


class CallNode(BaseNode):
    """子流程: a run of another flow of the hall; ``waits``: goes on when that ends. ``given`` and ``taken``: its
    fields by ours, and ours by its."""

    type: Literal["call"] = "call"
    label: Words
    flow: FieldName
    waits: bool = True
    given: Mapping[FieldName, FieldName] = {}
    taken: Mapping[FieldName, FieldName] = {}


class PluginNode(BaseNode):
    """外部动作: something is called outside. ``given``: its inputs by our fields; ``constants``: what is written out,
    by input; ``taken``: our fields by its outputs. In expressions an output is ``name.output``. ``keeper``: who acts
    by hand where it fails for good."""

    type: Literal["plugin"] = "plugin"
    label: Words
    plugin: FieldName
    given: Mapping[FieldName, FieldName] = {}
    constants: Mapping[FieldName, Words] = {}
    taken: Mapping[FieldName, FieldName] = {}
    keeper: Who | None = None


AnyFlowNode = StartNode | EndNode | StepNode | GatewayNode | TimerNode | MessageNode | CallNode | PluginNode
AnyNode = Annotated[AnyFlowNode, Field(discriminator="type")]


class FlowEdge(Strict):
    """A sequence flow. ``condition``: over the form's fields and the steps' outcomes, on ways out of an exclusive or
    inclusive gateway; ``is_default``: taken where no other one is. ``bends``: where its line turns."""

    name: NodeName
    source: NodeName
    target: NodeName
    label: NodeLabel = ""
    condition: Annotated[ExpressionText, AfterValidator(readable)] = ""
    is_default: bool = False
    bends: Annotated[tuple[tuple[int, int], ...], Field(max_length=20)] = ()
