"""What sites ask about pushes for one hall, and what desks ask about them for all."""

from province.content.queries.pushes.desks import (
    HistoryLine,
    is_shown_everywhere,
    push_at_desk,
    push_history,
    pushes_at,
    pushes_at_desk,
)
from province.content.queries.pushes.filled import FILLED_COLUMNS
from province.content.queries.pushes.lists import (
    DecidedPush,
    ListedPush,
    ListPlace,
    decided_pushes,
    home_pushes,
    listed_by_column,
    listed_pushes,
    offered_pushes,
)
from province.content.queries.pushes.neighbours import push_neighbours
from province.content.queries.pushes.pages import (
    PushView,
    asset_meant_for,
    asset_on_hall,
    files_of_version,
    page_answer,
    push_meant_for,
    push_on_hall,
)
from province.content.queries.pushes.proofs import (
    ProofLine,
    ProofSummary,
    expectation_of,
    latest_proof,
    proof_cards,
    proof_summary,
    proofs_of,
    roster_for,
)
from province.content.queries.pushes.province import (
    province_asset,
    province_push,
    province_pushes,
    search_province_pushes,
)
from province.content.queries.pushes.search import FoundPush, search_pushes

__all__ = [
    "FILLED_COLUMNS",
    "DecidedPush",
    "FoundPush",
    "HistoryLine",
    "ListPlace",
    "ListedPush",
    "ProofLine",
    "ProofSummary",
    "PushView",
    "asset_meant_for",
    "asset_on_hall",
    "decided_pushes",
    "expectation_of",
    "files_of_version",
    "home_pushes",
    "is_shown_everywhere",
    "latest_proof",
    "listed_by_column",
    "listed_pushes",
    "offered_pushes",
    "page_answer",
    "proof_cards",
    "proof_summary",
    "proofs_of",
    "province_asset",
    "province_push",
    "province_pushes",
    "push_at_desk",
    "push_history",
    "push_meant_for",
    "push_neighbours",
    "push_on_hall",
    "pushes_at",
    "pushes_at_desk",
    "roster_for",
    "search_province_pushes",
    "search_pushes",
]
