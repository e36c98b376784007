from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class PackageIn(Schema):
    name: str
    values: dict[str, Any] = Field(
        description="summary, items (code, handling_code, after), situations (question, code, answers: label, code, "
        "leads_to, adds, removes, note, refusal); items are named by their 基本编码"
    )
    code: str = Field("", description="drawn from the name where it is not given; never changes")


class PackageChangeIn(Schema):
    name: str
    values: dict[str, Any] = Field(description="as for a new one")
    revision: int = Field(description="the one that was read; refused (409) if somebody has changed it since")


class PackageGapOut(Schema):
    where: str
    message: str


class PackageLineOut(Schema):
    id: UUID
    code: str
    name: str
    version: int | None = Field(description="the newest that was published; null: halls see none")
    retired_at: datetime | None
    revision: int


class PackageOut(PackageLineOut):
    values: dict[str, Any] = Field(description="of the draft")
    gaps: list[PackageGapOut] = Field(description="what stands against publishing the draft")
