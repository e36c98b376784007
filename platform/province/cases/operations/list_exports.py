"""How far lists of cases are on their way into files.

Halls' operations call these in their transactions; they have asked for the permission, leave the audit's entry, and
write the file.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict
from foundation.events.operations import emit_event, set_due_time
from province.cases.events import LIST_EXPORT_EXPIRES, LIST_EXPORT_WANTED
from province.cases.models import ListExport
from province.cases.models.list_exports import LONGEST_REFUSAL
from province.cases.queries.list_exports import ListWish, asker, open_list_exports
from province.cases.states import LIST_EXPORT_TRANSITIONS, ListExportState
from province.rights.actors import Actor

KEPT: Final = timedelta(days=7)
# that it was there is said for so long after its file is gone
REMEMBERED: Final = timedelta(days=30)
MOST_OPEN_OF_HALL: Final = 3


@transaction.atomic
def begin_list_export(*, who: Actor, hall_id: UUID, wish: ListWish, until_id: UUID, total: int) -> ListExport:
    """Have it written in the background for ``who``. Raises Conflict while another one of theirs is under way at this
    hall, or as many of the hall's as may be."""
    # of two requests at once the second sees the first's row
    hold_name(f"cases.list_exports:{hall_id}")
    under_way = open_list_exports(hall_id)
    if under_way.filter(by_id=asker(who)).exists():
        raise Conflict("您还有一份导出没有完成，请等它完成，或者先取消它。")
    if under_way.count() >= MOST_OPEN_OF_HALL:
        message = f"本厅已有 {MOST_OPEN_OF_HALL} 份导出在排队或者生成，请稍后再试。"
        raise Conflict(message)
    now = timezone.now()
    made = ListExport.objects.create(
        hall_id=hall_id,
        by_id=asker(who),
        position_id=who.position_id,
        scopes=None if who.scopes is None else sorted(who.scopes),
        chosen_state=wish.state,
        chosen_unit=wish.unit,
        words=wish.words,
        file_format=wish.file_format,
        until_id=until_id,
        total=total,
        progress_at=now,
        expires_at=now + KEPT,
    )
    set_due_time(kind=LIST_EXPORT_EXPIRES, subject_id=made.pk, due_at=made.expires_at, hall_id=hall_id)
    emit_event(kind=LIST_EXPORT_WANTED, subject_id=made.pk, hall_id=hall_id)
    return made


@transaction.atomic
def begin_writing(*, export_id: UUID) -> ListExport | None:
    """From the first line on, whatever an earlier attempt had written. None for what is not to be written any more."""
    export = _locked(export_id)
    if export is None or not export.is_open:
        return None
    _move(export, ListExportState.WRITING)
    export.attempts += 1
    export.written = 0
    export.save(update_fields=["state", "attempts", "written", "progress_at"])
    return export


def note_written(*, export_id: UUID, written: int) -> bool:
    """Say how many lines are written; returns whether it is still to be written: somebody may have cancelled it."""
    writing = ListExport.objects.filter(pk=export_id, state=ListExportState.WRITING)
    return bool(writing.update(written=written, progress_at=timezone.now()))


@transaction.atomic
def finish_list_export(*, export_id: UUID, written: int, size: int, unit_ids: Collection[UUID | None]) -> bool:
    """Its file is in the store; returns False where it was cancelled meanwhile."""
    export = _locked(export_id)
    if export is None or export.state != ListExportState.WRITING:
        return False
    _move(export, ListExportState.DONE)
    export.written, export.size, export.unit_ids = written, size, sorted(unit_ids, key=str)
    export.finished_at = timezone.now()
    export.expires_at = export.finished_at + KEPT
    export.save(
        update_fields=["state", "written", "size", "unit_ids", "progress_at", "finished_at", "expires_at"],
    )
    set_due_time(kind=LIST_EXPORT_EXPIRES, subject_id=export.pk, due_at=export.expires_at, hall_id=export.hall_id)
    return True


@transaction.atomic
def fail_list_export(*, export_id: UUID, refusal: str) -> bool:
    """It will not be written, and why; returns False where that is settled already."""
    export = _locked(export_id)
    if export is None or not export.is_open:
        return False
    _move(export, ListExportState.FAILED)
    export.refusal, export.finished_at = refusal[:LONGEST_REFUSAL], timezone.now()
    export.save(update_fields=["state", "refusal", "progress_at", "finished_at"])
    return True


@transaction.atomic
def stop_list_export(*, export: ListExport) -> bool:
    """Cancel it; returns False where it was cancelled before. Raises Conflict for what is written or has failed."""
    locked = ListExport.objects.select_for_update().get(pk=export.pk)
    if locked.state == ListExportState.CANCELLED:
        return False
    _move(locked, ListExportState.CANCELLED)
    locked.finished_at = timezone.now()
    locked.save(update_fields=["state", "progress_at", "finished_at"])
    return True


@transaction.atomic
def forget_list_export(*, export_id: UUID) -> None:
    """Its file is out of the store: what was there is said for a while, all else goes."""
    export = _locked(export_id)
    if export is None:
        return
    if export.state != ListExportState.DONE:
        export.delete()
        return
    _move(export, ListExportState.EXPIRED)
    export.expires_at = timezone.now() + REMEMBERED
    export.save(update_fields=["state", "progress_at", "expires_at"])
    set_due_time(kind=LIST_EXPORT_EXPIRES, subject_id=export.pk, due_at=export.expires_at, hall_id=export.hall_id)


def _locked(export_id: UUID) -> ListExport | None:
    return ListExport.objects.select_for_update().filter(pk=export_id).first()


def _move(export: ListExport, state: ListExportState) -> None:
    LIST_EXPORT_TRANSITIONS.check(export.state, state)
    export.state = state
    export.progress_at = timezone.now()
