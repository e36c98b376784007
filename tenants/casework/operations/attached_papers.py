"""Documents that come with what somebody says of a case, an opinion or the result of a special procedure: looked into
as every upload is, kept in the hall's own folder."""

from collections.abc import Sequence
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
# with one result
MOST_PAPERS: Final = 5


@dataclass(frozen=True, slots=True)
class AttachedPaper:
    """A file as it was sent."""

    name: str
    content: Readable


def store_opinion_paper(hall: Hall, opinion_id: UUID, paper: AttachedPaper | None) -> StoredFacts | None:
    """Put it into the store, before any row names it. Raises Invalid where it is refused, Unavailable."""
    return _store(_folder(hall, "opinions", opinion_id), paper, "paper") if paper else None


def store_result_papers(hall: Hall, procedure_id: UUID, papers: Sequence[AttachedPaper]) -> list[StoredFacts]:
    """Put what comes with the result of a special procedure into the store, before any row names it. Raises Invalid
    where there are too many or one is refused, Unavailable."""
    if len(papers) > MOST_PAPERS:
        message = f"最多附 {MOST_PAPERS} 份文件。"
        raise Invalid.at("papers", message)
    folder = _folder(hall, "procedures", procedure_id)
    return [_store(folder, one, "papers") for one in papers]


def copy_opinion_paper(hall: Hall, opinion_id: UUID, receipt: ReferralReceipt) -> StoredFacts | None:
    """Copy what another hall has sent with its answer. Raises Invalid for a file that is not that hall's, NotFound
    where it is gone, Unavailable."""
    facts = file_of(receipt)
    if facts is None:
        return None
    if not all(str(key).startswith(f"{receipt.hall.folder}/") for key in (facts["key"], *facts["renditions"].values())):
        raise Invalid("意见的文件不在出具意见的服务厅名下，不能接收。")
    return copy_stored(facts, _folder(hall, "opinions", opinion_id))


def _store(folder: str, paper: AttachedPaper, field: str) -> StoredFacts:
    if PurePosixPath(paper.name).suffix.lower().lstrip(".") not in PAPER_ENDINGS:
        message = f"“{paper.name}”不能附：文件请用 PDF、Word 或者图片。"
        raise Invalid.at(field, message)
    try:
        return store_file(folder=folder, name=paper.name, content=paper.content)
    except Invalid as refusal:
        raise Invalid.at(field, refusal.message) from refusal


def _folder(hall: Hall, of: str, owner_id: UUID) -> str:
    # of each its own: the same file with two of them is two rows, each under its own name
    return f"{hall.folder}/{of}/{owner_id.hex}"
