"""Documents that a case has given the applicant."""

from uuid import UUID

from foundation.errors import NotFound
from province.cases.states import CASE_KIND
from tenants.casework.models import Case
from tenants.documents.models import IssuedDocument
from tenants.documents.queries.documents import documents_of


def documents_of_case(case: Case) -> list[IssuedDocument]:
    """The oldest first; one query."""
    return documents_of(CASE_KIND, [case.pk]).get(case.pk, [])


def document_of_case(case: Case, document_id: UUID) -> IssuedDocument:
    """One of them. Raises NotFound, also while its files are being made."""
    found = next((one for one in documents_of_case(case) if one.pk == document_id and one.is_made), None)
    if found is None:
        raise NotFound("没有这份文书，可能还在生成，请稍后再看。")
    return found
