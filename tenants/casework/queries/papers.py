"""Documents that a case has given the applicant."""

from uuid import UUID

from foundation.errors import NotFound
from province.cases.states import CASE_KIND
from tenants.casework.models import Case
from tenants.documents.models import DocumentFile, IssuedDocument
from tenants.documents.queries.documents import documents_of


def documents_of_case(case: Case) -> list[IssuedDocument]:
    """The oldest first; one query."""
    return documents_of(CASE_KIND, [case.pk]).get(case.pk, [])


def paper_of_case(case: Case, document_id: UUID) -> DocumentFile:
    """The PDF of one of them. Raises NotFound, also while it is being made."""
    found = next((one.pdf for one in documents_of_case(case) if one.pk == document_id), None)
    if found is None:
        raise NotFound("没有这份文书，可能还在生成，请稍后再看。")
    return found
