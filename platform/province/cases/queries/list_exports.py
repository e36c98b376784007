"""Lists of cases that people have asked for as files."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotAllowed, NotFound
from province.cases.models import ListExport
from province.cases.states import ListExportState
from province.rights.actors import Actor

ABANDONED_AFTER: Final = timedelta(seconds=30)
_OPEN: Final = (ListExportState.WAITING, ListExportState.WRITING)
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class ListWish:
    """How a list is narrowed (as ``cases_at_desk`` has it), and as what it is written: csv or xlsx."""

    state: str = ""
    unit: str = ""
    words: str = ""
    file_format: str = "xlsx"


def asker(by: Actor) -> UUID:
    """The account whose export it is. Raises NotAllowed for the system itself."""
    if by.id is None:
        raise NotAllowed("导出要由具体的人申请。")
    return by.id


def own_list_exports(by: Actor, hall_id: UUID) -> QuerySet[ListExport]:
    """The person's own at this hall, the newest first."""
    return ListExport.objects.filter(by_id=asker(by), hall_id=hall_id).order_by("-pk")


def own_list_export(by: Actor, hall_id: UUID, export_id: UUID) -> ListExport:
    """Raises NotFound, also for another person's and another hall's."""
    found = own_list_exports(by, hall_id).filter(pk=export_id).first()
    if found is None:
        raise NotFound("没有这份导出，可能编号有误，或者是其他人的。")
    return found


def open_list_exports(hall_id: UUID) -> QuerySet[ListExport]:
    """Those of a hall that wait or are being written."""
    return ListExport.objects.filter(hall_id=hall_id, state__in=_OPEN)


def own_open_list_export(by: Actor, hall_id: UUID) -> ListExport | None:
    """The person's own that waits or is being written."""
    return open_list_exports(hall_id).filter(by_id=asker(by)).first()


def number_of_open_list_exports(hall_id: UUID) -> int:
    return open_list_exports(hall_id).count()


def abandoned_list_exports() -> list[UUID]:
    """Those of all halls that nobody writes, the longest waiting first: a worker was killed, the broker has lost them,
    or all workers were at others."""
    waiting = ListExport.objects.filter(state__in=_OPEN, progress_at__lt=timezone.now() - ABANDONED_AFTER)
    return list(waiting.order_by("progress_at").values_list("pk", flat=True)[:_AT_ONCE])


def next_list_export() -> UUID | None:
    """The one that has waited longest."""
    waiting = ListExport.objects.filter(state=ListExportState.WAITING)
    return waiting.order_by("pk").values_list("pk", flat=True).first()


def list_export(export_id: UUID) -> ListExport | None:
    """With its hall."""
    return ListExport.objects.select_related("hall").filter(pk=export_id).first()
