"""Files of items into drafts: read in the background, confirmed by a person, written item by item.

Each item is a transaction of its own, by the rules of the form: one that is refused stops no other, and what is killed
goes on where it was. A file that was imported before changes nothing.
"""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import batched
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_alone
from foundation.confinement import MEGABYTE
from foundation.errors import Conflict, DomainError, Invalid, NotFound, Unavailable
from foundation.events.operations import emit_event, set_due_time
from foundation.files.checks import refuse
from foundation.files.store import Readable, read_file, store_file
from foundation.interchange import LARGEST_TEXT, plain_xml
from foundation.masking import masked
from province.audit.operations import record_act
from province.catalogue.events import IMPORT_FORGOTTEN, IMPORT_WANTED
from province.catalogue.models import ImportLine, Item, ItemImport
from province.catalogue.operations.drafts import begin_item, save_draft
from province.catalogue.queries.checks import own_scheme
from province.catalogue.queries.codes import item_with_code
from province.catalogue.queries.departments import department_named
from province.catalogue.queries.desks import item_at_desk
from province.catalogue.queries.import_lines import LONGEST_REFUSAL, faults_beside, refusal_words
from province.catalogue.queries.imports import (
    import_figures,
    import_of,
    import_preview,
    importer,
)
from province.catalogue.queries.national import finer_codes, without_filled_dates
from province.catalogue.states import IMPORT_TRANSITIONS, ImportState, LineKind, LineState
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from standards.items.codelists import FAMILY_OF
from standards.items.exchange import (
    Reading,
    is_national_json,
    read_json,
    read_national_json,
    read_national_xml,
    read_workbook,
)

KEPT: Final = timedelta(days=30)
FOLDER: Final = "catalogue-imports"
ATTEMPTS: Final = 3
_BATCH: Final = 50
_ROWS_AT_ONCE: Final = 500
_HALL_PART: Final = "文件里有由各厅自己填写的内容：这里只导入省里统一的部分，各厅的部分没有导入。"


def upload_items(*, by: Actor, name: str, file: Readable) -> ItemImport:
    """Take a file in, to be read in the background. It goes into the store before the row is written.

    Raises Invalid for a file that is no workbook, JSON or XML, NotAllowed.
    """
    importer(by)
    kept_as = PurePosixPath(name)
    kind = kept_as.suffix.lower()
    if kind not in {".xlsx", ".json", ".xml"}:
        raise refuse("只能导入 Excel 工作簿（.xlsx）、JSON（.json）或国家交换格式的 XML（.xml）文件。")
    if kind == ".xml":
        file = BytesIO(_xml_text(file))
    if kind != ".xlsx":
        # the store knows it as text
        kept_as = kept_as.with_suffix(".txt")
    facts = store_file(folder=FOLDER, name=str(kept_as), content=file)
    return _take(by, name.strip(), facts.key)


def _xml_text(file: Readable) -> bytes:
    """The document as the store takes it: as a text, which no program opens as anything else."""
    content = file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        message = f"文件超过 {LARGEST_TEXT // MEGABYTE} MB，请分成几份导入。"
        raise refuse(message)
    return plain_xml(content)


@transaction.atomic
def _take(by: Actor, name: str, key: str) -> ItemImport:
    upload = ItemImport.objects.create(
        file_key=key,
        file_name=name,
        by_id=importer(by),
        by_name=by.name,
        position_id=by.position_id,
        scopes=None if by.scopes is None else sorted(by.scopes),
        progress_at=timezone.now(),
    )
    record_act(
        by=by,
        act="catalogue.upload_items",
        object_type="item_import",
        object_id=upload.pk,
        changes={"file_name": [None, name]},
    )
    set_due_time(kind=IMPORT_FORGOTTEN, subject_id=upload.pk, due_at=timezone.now() + KEPT)
    emit_event(kind=IMPORT_WANTED, subject_id=upload.pk)
    return upload


@transaction.atomic
def import_items(*, by: Actor, upload: ItemImport) -> ItemImport:
    """Confirm what the preview said; the drafts are written in the background. A repeat changes nothing.

    Raises Conflict where there is nothing to be written, or the file is not yet read.
    """
    import_of(by, upload.pk)
    locked = ItemImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state in {ImportState.IMPORTING, ImportState.DONE}:
        return locked
    IMPORT_TRANSITIONS.check(locked.state, ImportState.IMPORTING)
    figures = import_figures(locked)
    if not figures.total:
        raise Conflict("文件里没有要导入的改动。")
    locked.state = ImportState.IMPORTING
    locked.confirmed_at = locked.progress_at = timezone.now()
    locked.save(update_fields=["state", "confirmed_at", "progress_at"])
    record_act(
        by=by,
        act="catalogue.import_items",
        object_type="item_import",
        object_id=locked.pk,
        changes={
            "file_name": [None, locked.file_name],
            "new_items": [None, figures.kinds[LineKind.NEW]],
            "changed_items": [None, figures.kinds[LineKind.CHANGED]],
        },
    )
    emit_event(kind=IMPORT_WANTED, subject_id=locked.pk)
    return locked


def carry_on_import(*, import_id: UUID) -> None:
    """Read the file, or write what was confirmed, unless another worker does."""
    with hold_alone(import_id) as is_alone:
        upload = ItemImport.objects.filter(pk=import_id).first() if is_alone else None
        if upload and upload.state == ImportState.READING:
            _read(upload)
        elif upload and upload.state == ImportState.IMPORTING:
            _write_lines(upload)


@transaction.atomic
def forget_import(*, import_id: UUID) -> None:
    """Delete the file's lines; what was done with items stays in the audit."""
    ItemImport.objects.filter(pk=import_id).delete()


def _read(upload: ItemImport) -> None:
    upload.attempts += 1
    upload.progress_at = timezone.now()
    upload.save(update_fields=["attempts", "progress_at"])
    try:
        reading = _reading(upload)
    except (Invalid, NotFound) as refusal:
        _settle(upload, ImportState.UNREADABLE, refusal=refusal.message[:LONGEST_REFUSAL])
        return
    with transaction.atomic():
        lines = import_preview(_sender(upload), reading)
        for some in batched(_of(upload, lines), _ROWS_AT_ONCE, strict=False):
            ImportLine.objects.bulk_create(some)
        notices = [[one.where, one.message] for one in reading.notices]
        if any(read.item.hall_values for read in reading.items):
            notices.insert(0, ["", _HALL_PART])
        faults = [[one.where, one.message] for one in faults_beside(reading, reading.items)]
        _settle(upload, ImportState.READY, faults=faults, notices=notices)


def _reading(upload: ItemImport) -> Reading:
    if upload.attempts > ATTEMPTS:
        raise Invalid("这份文件几次都没有读完，请分成几份再上传，或者联系管理员。")
    content = read_file(upload.file_key)
    name = upload.file_name.lower()
    if name.endswith(".xlsx"):
        return read_workbook(content, scheme=own_scheme())
    if name.endswith(".json") and not is_national_json(content):
        return read_json(content, scheme=own_scheme())
    read = read_national_json if name.endswith(".json") else read_national_xml
    return without_filled_dates(read(content, known=finer_codes(), scheme=own_scheme()))


def _of(upload: ItemImport, lines: Iterator[ImportLine]) -> Iterator[ImportLine]:
    for line in lines:
        line.upload = upload
        yield line


def _sender(upload: ItemImport) -> Actor:
    """With what they may do now: rights that somebody has lost meanwhile count no more."""
    return actor_of(Account.objects.get(pk=upload.by_id), upload.position_id, upload.scopes)


def _write_lines(upload: ItemImport) -> None:
    waiting = upload.lines.filter(state=LineState.WAITING, kind__in=[LineKind.NEW, LineKind.CHANGED])
    while lines := list(waiting.order_by("position").values_list("pk", flat=True)[:_BATCH]):
        by = _sender(upload)
        for line_id in lines:
            _write_line(by, line_id)
        ItemImport.objects.filter(pk=upload.pk).update(progress_at=timezone.now())
    _settle(upload, ImportState.DONE, finished_at=timezone.now())


@transaction.atomic
def _write_line(by: Actor, line_id: UUID) -> None:
    """The draft and the line's end in one transaction."""
    line = ImportLine.objects.select_for_update().get(pk=line_id)
    if line.state != LineState.WAITING:
        return
    try:
        with transaction.atomic():
            line.state = _written(by, line)
    except Unavailable:
        raise
    except DomainError as refusal:
        line.state = LineState.REFUSED
        line.refusal = refusal_words(refusal)
    line.values = {}
    line.save(update_fields=["state", "refusal", "values", "item_id"])


def _written(by: Actor, line: ImportLine) -> LineState:
    known = Item.objects.select_related("department")
    item = known.filter(pk=line.item_id).first() if line.item_id else item_with_code(line.basic_code)
    if item is not None and item.values == line.values:
        line.item_id = item_at_desk(by, item.pk).pk
        return LineState.SAME
    if line.kind == LineKind.NEW:
        line.item_id = _begun(by, line).pk
        return LineState.WRITTEN
    if item is None or line.revision is None:
        raise NotFound("这个事项已经不在目录里。")
    if item.revision != line.revision:
        message = f"预览以后，{masked(item.edited_by_name)}又改过这一项，没有导入。请再上传一次，看过新的预览再导入。"
        raise Conflict(message)
    blank = dict.fromkeys(item.values)
    save_draft(by=by, item=item, revision=line.revision, values=blank | line.values)
    return LineState.WRITTEN


def _begun(by: Actor, line: ImportLine) -> Item:
    family = FAMILY_OF[line.item_type]
    department = department_named(line.values["department"])
    return begin_item(by=by, family=family, item_type=line.item_type, department=department, values=line.values)


def _settle(upload: ItemImport, state: ImportState, **facts: object) -> None:
    IMPORT_TRANSITIONS.check(upload.state, state)
    upload.state = state
    upload.progress_at = timezone.now()
    for name, value in facts.items():
        setattr(upload, name, value)
    upload.save(update_fields=["state", "progress_at", *facts])
