"""What becomes of issued documents by themselves."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from tenants.documents.events import DOCUMENT_ISSUED
from tenants.documents.operations.making import make_files
from tenants.documents.operations.restored import report_documents_again
from tenants.shell.subscribers import in_hall


@subscribes(DOCUMENT_ISSUED, "documents.make_files")
@in_hall
def _make_files(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    make_files(hall=hall, document_id=event.subject_id)


@subscribes(HALL_RESTORED, "documents.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_documents_again(hall=hall)
