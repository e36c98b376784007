"""What the hall's interface takes and gives of lists of cases that are written as files."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import scrub
from province.cases.models import ListExport
from province.cases.states import ListExportState
from tenants.casework.queries.list_exports import LONGEST_WORDS, wish_of


class ListExportIn(Schema):
    """``state``, ``unit`` and ``words`` as the list of cases has them; ``unit``: a department's id, or ``window``."""

    state: str = Field("", max_length=12)
    unit: str = Field("", max_length=36)
    words: str = Field("", max_length=LONGEST_WORDS)
    file_format: Literal["xlsx", "csv"] = "xlsx"


class ListExportOut(Schema):
    """``total``: cases when it was asked for; ``written``: lines by now; ``refusal``: in Chinese why it has failed;
    ``words``: a number in them is masked."""

    id: UUID
    state: ListExportState
    chosen_state: str
    chosen_unit: str
    words: str
    file_format: str
    total: int
    written: int
    size: int
    refusal: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, export: ListExport) -> "ListExportOut":
        names = set(cls.model_fields) - {"words"}
        return cls(**{name: getattr(export, name) for name in names}, words=scrub(wish_of(export).words))


class ListFileOut(Schema):
    """Where the file can be had for five minutes."""

    url: str
