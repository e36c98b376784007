"""清单导出: the list of cases as a file that is written in the background, for who asked for it alone.

Each case stands in it once, as it was when its line was written; those received after the file was asked for are not
in it. It is read by key and written line by line, so that neither time nor memory of a line grows with their number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from foundation.advisory_lock import hold_alone
from foundation.errors import Conflict, DomainError, Invalid, NotAllowed, Unavailable
from foundation.exports import MEDIA_TYPES, write_table
from foundation.files.store import is_there, link_to, put_file, remove_file
from foundation.rows import draw_id
from province.audit.operations import record_act
from province.cases.models import ListExport
from province.cases.operations.list_exports import (
    begin_list_export,
    begin_writing,
    fail_list_export,
    finish_list_export,
    forget_list_export,
    note_written,
    stop_list_export,
)
from province.cases.queries.list_exports import ListWish, list_export, own_list_export
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from tenants.casework.queries.access import require_handler
from tenants.casework.queries.desk import case_lines
from tenants.casework.queries.list_exports import (
    HEADINGS,
    cells_of,
    checked_wish,
    file_key,
    may_read_all,
    next_cases,
    number_of_cases,
    reach_of,
    wish_of,
    wish_words,
)
from tenants.portal.operations.figures import check_inside
from tenants.shell.slots import Desk

LIST_EXPORT_NOTICE: Final = NoticeKind("casework.list_exports", "我的清单导出")
ATTEMPTS: Final = 3
# looked up and written together; between two of them nothing is kept
_CASES_AT_ONCE: Final = 1_000
# then it is said how far it is, and asked whether it is still wanted and allowed
_LINES_BETWEEN: Final = 5_000


@dataclass(slots=True)
class _Written:
    """How many lines are in the file, and cases of which departments."""

    lines: int = 0
    unit_ids: set[UUID | None] = field(default_factory=set)


class _Stopped(Exception):
    """Somebody has cancelled it."""


@transaction.atomic
def request_export(*, by: Actor, hall: Hall, wish: ListWish) -> ListExport:
    """Have the list that the person sees, narrowed so, written as a file in the background.

    Raises NotAllowed for who handles no case here, Invalid for filters that are not there and for a list without
    cases, Conflict while another one of the person's is under way, or as many of the hall's as may be.
    """
    check_inside(hall)
    require_handler(by, hall)
    desk = Desk(by, hall)
    wish = checked_wish(desk, wish)
    until_id = draw_id()
    total = number_of_cases(desk, wish, until_id)
    if not total:
        raise Invalid("没有符合条件的办件，不用导出。")
    made = begin_list_export(who=by, hall_id=hall.pk, wish=wish, until_id=until_id, total=total)
    record_act(
        by=by,
        act="casework.request_export",
        object_type="list_export",
        object_id=made.pk,
        hall_id=hall.pk,
        changes={"cases": [None, total], "filters": [None, wish_words(desk, wish, is_masked=True)]},
    )
    return made


@transaction.atomic
def cancel_export(*, by: Actor, hall: Hall, export_id: UUID) -> ListExport:
    """Have it written no further; what was written goes. Once more changes nothing. Raises NotFound for another
    person's, Conflict for what is written already."""
    require_handler(by, hall)
    export = own_list_export(by, hall.pk, export_id)
    if stop_list_export(export=export):
        record_act(by=by, act="casework.cancel_export", object_type="list_export", object_id=export.pk, hall_id=hall.pk)
    export.refresh_from_db()
    return export


@transaction.atomic
def fetch_export(*, by: Actor, hall: Hall, export_id: UUID) -> str:
    """An address at which who asked for it gets the file, for five minutes.

    Raises NotFound for another person's, Conflict where there is no file (any more), NotAllowed for who may no longer
    handle cases of every department that is in it.
    """
    require_handler(by, hall)
    export = own_list_export(by, hall.pk, export_id)
    if not export.is_there or not is_there(file_key(export, hall.folder)):
        raise Conflict("这份导出没有可以下载的文件：还没有生成，或者已经过期。请重新导出。")
    if not may_read_all(Desk(by, hall), export):
        raise NotAllowed("文件里有您现在不能办理的部门的办件，不能再下载。请重新导出。")
    record_act(
        by=by,
        act="casework.fetch_export",
        object_type="list_export",
        object_id=export.pk,
        hall_id=hall.pk,
        changes={"cases": [None, export.written]},
    )
    name = f"{hall.short_name}办件{export.created_at:%Y%m%d}.{export.file_format}"
    return link_to(file_key(export, hall.folder), download_as=name)


def carry_on_export(*, hall: Hall, export_id: UUID) -> None:
    """Write the file and put it into the store, unless somebody else does. What was killed begins anew: nothing of it
    was in the store, and what it had on the disk went with its process."""
    with hold_alone(export_id) as is_alone:
        export = begin_writing(export_id=export_id) if is_alone else None
        if export is None:
            return
        try:
            _write(hall, export)
        except _Stopped:
            return
        except Unavailable:
            # the store is away for a moment; the clock tries again
            raise
        except DomainError as refusal:
            _give_up(hall, export, refusal.message)


def let_export_go(*, export_id: UUID) -> None:
    """Its time is over, also in a hall that is retired by now: the file goes out of the store; after some more weeks
    its row. Raises Unavailable."""
    export = list_export(export_id)
    # written at the last moment, it is kept from then on
    if export is None or export.expires_at > timezone.now():
        return
    remove_file(file_key(export, export.hall.folder))
    forget_list_export(export_id=export_id)


def _write(hall: Hall, export: ListExport) -> None:
    if export.attempts > ATTEMPTS:
        raise Conflict("这份清单几次都没有写完，请缩小范围再导出，或者联系管理员。")
    found = _Written()
    key = file_key(export, hall.folder)
    # it has no name: it is gone with this process, however that ends
    with TemporaryFile() as file:
        write_table(file, export.file_format, HEADINGS, _lines(hall, export, found))
        size = file.seek(0, SEEK_END)
        put_file(key=key, media_type=MEDIA_TYPES[export.file_format], file=file, size=size)
    if not _settle(hall, export, found, size):
        remove_file(key)


def _lines(hall: Hall, export: ListExport, found: _Written) -> Iterator[tuple[Any, ...]]:
    """Raises _Stopped where it was cancelled, NotAllowed where the person may not do so any more, or may do something
    else than when it was begun: half of the file would be another list."""
    wish, last, told = wish_of(export), None, 0
    desk = Desk(_person(export), hall)
    reach = reach_of(desk)
    while True:
        require_handler(desk.by, hall)
        if reach_of(desk) != reach:
            raise NotAllowed("生成期间您的岗位或者办理范围变了，没有生成。请重新导出。")
        if not note_written(export_id=export.pk, written=found.lines):
            raise _Stopped
        while found.lines < told + _LINES_BETWEEN:
            cases = next_cases(desk, wish, until_id=export.until_id, before=last, most=_CASES_AT_ONCE)
            if not cases:
                return
            last = cases[-1].pk
            found.unit_ids.update(one.unit_id for one in cases)
            yield from cells_of(case_lines(hall, cases))
            found.lines += len(cases)
        told = found.lines
        desk = Desk(_person(export), hall)


@transaction.atomic
def _settle(hall: Hall, export: ListExport, found: _Written, size: int) -> bool:
    """Returns False where it was cancelled at the last moment."""
    if not finish_list_export(export_id=export.pk, written=found.lines, size=size, unit_ids=found.unit_ids):
        return False
    record_act(
        by=_person(export),
        act="casework.finish_export",
        object_type="list_export",
        object_id=export.pk,
        hall_id=hall.pk,
        changes={"cases": [None, found.lines]},
    )
    _tell(hall, export, f"办件清单已经生成，共 {found.lines:,} 件")
    return True


@transaction.atomic
def _give_up(hall: Hall, export: ListExport, refusal: str) -> None:
    if fail_list_export(export_id=export.pk, refusal=refusal):
        _tell(hall, export, "办件清单没有生成")


def _tell(hall: Hall, export: ListExport, title: str) -> None:
    """Once for each way in which it ends."""
    path = reverse("desk-case-list-export", args=[export.pk], urlconf=settings.HALL_URLCONFS[hall.kind])
    notify(
        kind=LIST_EXPORT_NOTICE,
        cause_id=export.pk,
        title=title,
        path=path,
        hall_id=hall.pk,
        people=[export.by_id],
    )


def _person(export: ListExport) -> Actor:
    """With what they may do now: rights that somebody has lost meanwhile count no more."""
    return actor_of(Account.objects.get(pk=export.by_id), export.position_id, export.scopes)
