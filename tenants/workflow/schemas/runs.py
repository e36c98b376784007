"""What the hall's interface takes and gives about runs of flows and about people's work in them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.api import OutcomeOut
from foundation.many import MOST_AT_ONCE
from tenants.workflow.models.runs import LONGEST_OPINION
from tenants.workflow.states import ItemPart, RunStatus, TickedWork, WorkState

# the operations check how long it is, and say so in Chinese
type Opinion = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_OPINION}, examples=["同意，按程序办理。"])]
type Values = Annotated[dict[str, Any], Field(description="values of the form by field; only writable ones are read")]


class RunIn(Schema):
    """``chosen``: by step, the people for those steps for which who starts it chooses."""

    flow_id: UUID
    title: str = Field("", examples=["孙北的请假"])
    filled_id: UUID | None = Field(None, description="the draft of the form that was begun; null: a new one")
    values: Values = {}
    chosen: dict[str, list[UUID]] = {}


class FinishIn(Schema):
    """How one's work ends. ``next_people``: on a free stretch, who goes on with the same step."""

    outcome: str = Field("", description="a code of the step's outcomes")
    opinion: Opinion = ""
    values: Values = {}
    chosen: dict[str, list[UUID]] = {}
    next_people: list[UUID] = []
    form_revision: int | None = Field(None, description="of the form that was read; 409 where it was saved since")


class ReturnIn(Schema):
    opinion: Opinion
    to_step: str = Field("", description="an earlier step; empty: the step before")


class HandOnIn(Schema):
    to_id: UUID
    opinion: Opinion = ""


class SignersIn(Schema):
    people: list[UUID]
    place: Literal[ItemPart.BEFORE, ItemPart.BESIDE, ItemPart.AFTER]
    opinion: Opinion = ""


class OpinionIn(Schema):
    opinion: Opinion = ""


class CopyIn(Schema):
    people: list[UUID]
    item_id: UUID | None = Field(None, description="the own item whose step lets its person show the run")
    opinion: Opinion = ""


class TerminationIn(Schema):
    opinion: Opinion
    item_id: UUID | None = Field(None, description="the own item whose step lets its person end the run")


class JumpIn(Schema):
    step: str
    opinion: Opinion
    instead_of: list[UUID] = Field([], description="items that it goes on instead of; empty: all that is open")


class AnswerIn(Schema):
    answer: dict[str, Any] = Field(examples=[{"number": "R-2026-001"}], description="by output, what came of it")
    opinion: Opinion


class MessageIn(Schema):
    message: str = Field(examples=["payment"])


class ManyItemsIn(Schema):
    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)
    act: TickedWork
    outcome: str = ""
    opinion: Opinion = ""


class WorkFilterIn(Schema):
    words: str = Field("", description="in the run's title, or its number")
    flow_id: UUID | None = None
    unit_id: UUID | None = Field(None, description="the department in which the run was begun")
    due: Literal["", "late", "today", "three", "week", "none"] = Field("", description="when it is due")
    initiator: str = Field("", description="in the name of who began it")
    holder: str = Field("", description="in the name of whose the item is; of items alone")


class BatchIn(WorkFilterIn):
    """What of a box is acted on: ``to_claim``, ``mine``, ``due`` or ``late``, narrowed as its list is."""

    box: Literal["to_claim", "mine", "due", "late"]
    act: TickedWork
    outcome: str = ""
    opinion: Opinion = ""


class BatchOut(Schema):
    """A batch that is worked on in the background. ``results``: of each item that was tried, in Chinese why it was
    refused."""

    id: UUID
    act: TickedWork
    total: int
    done: int
    refused: int
    finished_at: datetime | None
    results: list[OutcomeOut]


class MovesIn(Schema):
    """``places``: by a step that the new version lacks, the one at which runs go on that stand there; ``drops``: names
    of fields whose content is not kept, as the preview names them (``lost``)."""

    run_ids: list[UUID] = Field(max_length=MOST_AT_ONCE)
    version_id: UUID
    places: dict[str, str] = {}
    drops: list[str] = []
    opinion: Opinion = ""


class ForeseenMoveOut(Schema):
    """``reason``: why the run cannot be moved; ``forgets``: it could not go back behind this any more; ``lost``: label
    by name of the fields whose content is not kept; ``notes``: what else becomes of the form's content."""

    run_id: UUID
    number: int
    title: str
    steps: list[str]
    reason: str
    forgets: bool
    lost: dict[str, str]
    notes: list[str]


class CopiesOut(Schema):
    """``new``: to how many people the run was not shown before."""

    new: int


class WorkItemOut(Schema):
    id: UUID
    step: str
    label: str
    part: ItemPart
    state: WorkState
    owner_id: UUID | None
    owner_name: str
    round: int
    outcome: str
    failure: str
    due_at: datetime | None
    is_standing: bool = Field(description="its time stands, as that of the whole run; due_at is null meanwhile")
    is_assumed: bool = Field(description="the notice of a year on the way is not published, so that due_at may move")
    own_due_at: datetime | None = Field(
        description="when it would be over by itself, where what the run is about ends earlier, which then is due_at"
    )
    was_late: bool
    created_at: datetime
    done_at: datetime | None


class ActOut(Schema):
    act: str
    step_label: str
    by_name: str
    to: str
    outcome_label: str
    opinion: str
    created_at: datetime


class RunLineOut(Schema):
    id: UUID
    number: int
    title: str
    status: RunStatus
    initiator_name: str
    created_at: datetime
    ended_at: datetime | None


class WorkLineOut(WorkItemOut):
    """An item with the run in which it is."""

    run: RunLineOut


class PluginCallOut(Schema):
    """What the run waits for outside. ``said``: how it stands, in Chinese; ``may_help``: whether one may try it again
    or say by hand what came of it; ``outputs``: by name, what that is called."""

    item_id: UUID
    said: str
    has_failed: bool
    may_help: bool
    outputs: dict[str, str]


class PublicStepOut(Schema):
    """``look``: done, now or next. ``who``: only where the flow lets citizens read it."""

    label: str
    look: str
    at: datetime | None
    who: str


class RunOut(RunLineOut):
    """``form_revision``: of its form, null without one; ``values``: of the form, as far as one may see them;
    ``own_item_id``: what is one's own to do or to claim now; ``returns``: steps to which it could go back;
    ``public_steps``: what those read whom the run concerns."""

    flow_id: UUID
    version: int
    revision: int
    form_revision: int | None
    items: list[WorkItemOut]
    acts: list[ActOut]
    values: dict[str, Any]
    own_item_id: UUID | None
    returns: list[str]
    calls: list[PluginCallOut]
    public_steps: list[PublicStepOut]


class BegunFormOut(Schema):
    """``filled_id``: of the draft; null where the flow has no form."""

    filled_id: UUID | None


class RunFileOut(Schema):
    """A file in the form of a run. ``label``: of its field."""

    id: UUID
    label: str
    name: str
    media_type: str
    size: int


class PhrasesOut(Schema):
    texts: list[str]


class PhraseIn(Schema):
    text: str = Field(examples=["同意，按程序办理。"])


class PhrasesIn(Schema):
    texts: list[str] = Field(examples=[["同意，按程序办理。"]])


class BoxesOut(Schema):
    """How much waits in the boxes of the inbox; 100 says that it is more than 99."""

    mine: int
    to_claim: int
    due: int
    late: int
    units: int


class StartOut(Schema):
    """A flow that can be started. ``form``: JSON schema of what is to be filled in; null: nothing."""

    id: UUID
    code: str
    title: str


class FlowStartOut(StartOut):
    form: dict[str, Any] | None
