"""What departments' systems push, and what the hall's interface says of their keys and calls."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from province.cases.models import LONGEST_CASE_NUMBER
from province.cases.states import CaseState
from tenants.casework.states import PushedKind, PushedState

_ROW = "by column its text (`up-pro.schema.json`): {}"


class ProcessPushIn(Schema):
    project_no: str = Field(max_length=LONGEST_CASE_NUMBER, description="办件编号")
    process: dict[str, Any] = Field(
        description=_ROW.format("a row of up_pro_process"),
        examples=[
            {
                "process_name": "现场核查",
                "event_name": "通过",
                "event_start_time": "20260928093000",
                "event_end_time": "20260928113000",
                "process_state": "2",
                "handle_explain": "符合条件。",
            }
        ],
    )


class ResultPushIn(Schema):
    project_no: str = Field(max_length=LONGEST_CASE_NUMBER, description="办件编号")
    result: dict[str, Any] = Field(
        description=_ROW.format("a row of up_pro_result"),
        examples=[{"result_date": "20260928113000", "result_type": "1", "result_explain": "符合条件。"}],
    )


class PushedOut(Schema):
    """``said``: what was done, in Chinese; ``state``: how the case stands now."""

    project_no: str
    said: str
    state: CaseState


class DepartmentKeyIn(Schema):
    name: str = Field(max_length=80, examples=["住建审批系统"])
    position_id: UUID = Field(description="the position of somebody of the department, by whose rights it acts")


class DepartmentKeyOut(Schema):
    """``unit``: "" where nobody is at its position any more: then it opens nothing."""

    id: UUID
    name: str
    unit: str
    revoked_at: datetime | None
    called_at: datetime | None


class DepartmentSecretOut(Schema):
    id: UUID
    secret: str


class PushedCallOut(Schema):
    """``digest``: SM3 of the body; ``nonce``: "" where the signature did not hold."""

    id: UUID
    key_id: UUID
    kind: PushedKind
    nonce: str
    digest: str
    case_number: str
    state: PushedState
    said: str
    created_at: datetime


type PushStateQuery = Literal["", "received", "done", "refused"]
