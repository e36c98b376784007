from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from standards.items import Section


class OfficeIn(Schema):
    name: str = Field(examples=["法制"])
    step: int = Field(1, ge=1, le=99, description="those of one step decide side by side")
    sections: list[Section] = []
    elements: list[str] = []
    unit_id: UUID | None = Field(None, description="the province's unit whose people decide; null: all reviewers")


class OfficeOut(OfficeIn):
    code: str
    retired_at: datetime | None


class DepartmentIn(Schema):
    name: str = Field(examples=["市场监督管理局"])
    unit_id: UUID | None = Field(None, description="the province's unit whose people write its items")


class DepartmentOut(DepartmentIn):
    id: UUID


class DepartmentNameIn(Schema):
    name: str = Field(max_length=200, examples=["市场监督管理局"])
