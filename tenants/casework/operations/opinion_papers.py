"""The document that comes with an opinion: one file, looked into as every upload is, kept in the hall's own folder."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from foundation.errors import Invalid
from foundation.files.store import Readable, StoredFacts, copy_stored, store_file
from province.cases.models import ReferralReceipt
from province.cases.queries.referrals import file_of
from province.halls.models import Hall

PAPER_ENDINGS: Final = ("pdf", "doc", "docx", "jpg", "jpeg", "png")


@dataclass(frozen=True, slots=True)
class OpinionPaper:
    """A file as it was sent."""

    name: str
    content: Readable


def store_paper(hall: Hall, opinion_id: UUID, paper: OpinionPaper | None) -> StoredFacts | None:
    """Put it into the store, before any row names it. Raises Invalid where it is refused, Unavailable."""
    if paper is None:
        return None
    if PurePosixPath(paper.name).suffix.lower().lstrip(".") not in PAPER_ENDINGS:
        raise Invalid.at("paper", "意见的文件请用 PDF、Word 或者图片。")
    try:
        return store_file(folder=_folder(hall, opinion_id), name=paper.name, content=paper.content)
    except Invalid as refusal:
        raise Invalid.at("paper", refusal.message) from refusal


def copy_paper(hall: Hall, opinion_id: UUID, receipt: ReferralReceipt) -> StoredFacts | None:
    """Copy what another hall has sent with its answer. Raises Invalid for a file that is not that hall's, NotFound
    where it is gone, Unavailable."""
    facts = file_of(receipt)
    if facts is None:
        return None
    if not all(str(key).startswith(f"{receipt.hall.folder}/") for key in (facts["key"], *facts["renditions"].values())):
        raise Invalid("意见的文件不在出具意见的服务厅名下，不能接收。")
    return copy_stored(facts, _folder(hall, opinion_id))


def _folder(hall: Hall, opinion_id: UUID) -> str:
    # of each opinion its own: the same file with two of them is two rows, each under its own name
    return f"{hall.folder}/opinions/{opinion_id.hex}"
