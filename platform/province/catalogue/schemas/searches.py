from datetime import date
from typing import Literal

from ninja import Field, Schema

from province.catalogue.models.searches import LONGEST_ASKED


class MissedTextOut(Schema):
    words: str = Field(description="masked; nothing says who asked")
    missed: int = Field(description="searches of the last 30 days that found nothing")
    found: int = Field(description="searches that found something")
    opened: int = Field(description="what was opened from their results")
    days: int
    halls: int
    last_on: date
    is_reported: bool = Field(description="a hall asks the province to see to it")


class SettleSearchIn(Schema):
    words: str = Field(max_length=LONGEST_ASKED, examples=["低保年审"])
    verdict: Literal["not_ours", "done"]
