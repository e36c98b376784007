from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.catalogue.states import WordKind


class WordsIn(Schema):
    words: list[str] = Field(description="of one saying, words parted by spaces must all be there")
    named: list[str] = Field([], description="sayings: names of items, or parts of them, the likeliest first")


class WordRuleIn(WordsIn):
    kind: WordKind


class WordChangeIn(WordsIn):
    revision: int = Field(description="the one that was read; refused (409) if somebody has changed it since")


class RevisionIn(Schema):
    revision: int


class RestoreIn(RevisionIn):
    to: int = Field(description="the revision whose words are wanted again")


class WordStateOut(Schema):
    revision: int
    words: list[str]
    named: list[str]
    is_removed: bool
    by_name: MaskedName
    created_at: datetime


class WordRuleOut(WordRuleIn):
    id: UUID
    revision: int
    is_removed: bool


class TriedQuestionIn(Schema):
    question: str
    item_id: UUID


class TriedQuestionOut(Schema):
    id: UUID
    question: str
    item_id: UUID
    place: int = Field(description="of the item among the first five hits, from 1; 0: it is not there")
    first: str


class SeededOut(Schema):
    rules: int


class WordsReportOut(Schema):
    added: list[str]
    changed: list[str]
    unchanged: int
    faults: list[str]
