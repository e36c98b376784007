"""特别程序 of a case, with what came with their results."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from foundation.errors import NotFound
from tenants.casework.models import Case, SpecialProcedure
from tenants.documents.models import DocumentFile


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """One special procedure, and the documents of its result."""

    made: SpecialProcedure
    papers: Sequence[DocumentFile]


def special_procedures_of(case: Case) -> list[ProcedureLine]:
    """The first at the front; one query more where documents came with some."""
    found = list(case.special_procedures.order_by("pk"))
    ids = [pk for one in found for pk in one.paper_ids]
    papers = DocumentFile.objects.in_bulk(ids) if ids else {}
    return [ProcedureLine(one, [papers[pk] for pk in one.paper_ids]) for one in found]


def special_paper(case: Case, file_id: UUID) -> DocumentFile:
    """One of these documents. Raises NotFound, also for what came with another case."""
    papers = (paper for line in special_procedures_of(case) for paper in line.papers)
    found = next((one for one in papers if one.pk == file_id), None)
    if found is None:
        raise NotFound("没有这个文件，可能属于其他办件、其他服务厅。")
    return found
