"""The hall's rows came out of an archive: what is known outside of its documents is made to agree again."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from foundation.events.operations import emit_event
from province.halls.models import Hall
from province.registries.queries import numbers_of_hall
from standards.documents.numbering import read_number
from tenants.documents.events import DOCUMENT_ISSUED
from tenants.documents.models import IssuedDocument, NumberSeries, NumberYear
from tenants.documents.operations.issuing import tell_registry


@transaction.atomic
def report_documents_again(*, hall: Hall) -> None:
    """Report every document as its row says, have files made that are not there, and count on from the highest number
    that was ever given.

    What was issued after the archive was written has no row here any more, but is in somebody's hands: who checks
    it goes on being told that it was issued, and its number is given to no other.
    """
    documents = list(IssuedDocument.objects.select_for_update(of=("self",)).select_related("successor"))
    for document in documents:
        tell_registry(hall, document)
        if not document.is_made:
            emit_event(kind=DOCUMENT_ISSUED, subject_id=document.pk, hall_id=hall.pk)
    lost = numbers_of_hall(hall.pk, besides=[one.pk for one in documents])
    for series in NumberSeries.objects.all():
        highest: dict[int, int] = {}
        for number in lost:
            if read := read_number(series.rule, number):
                highest[read[0]] = max(read[1], highest.get(read[0], 0))
        for year, order in highest.items():
            NumberYear.objects.bulk_create([NumberYear(series=series, year=year)], ignore_conflicts=True)
            NumberYear.objects.filter(series=series, year=year).update(last=Greatest(F("last"), order))
