"""Files of the hall's guides into drafts: read and looked at at once, confirmed by the person who sent them, written
guide by guide.

Each guide is a transaction of its own, by the rules of the form: one that is refused stops no other. What is killed
goes on where it was when it is confirmed once more. A file that was imported before changes nothing.
"""

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Unavailable
from foundation.events.operations import set_due_time
from foundation.files.checks import check_name, refuse
from foundation.files.store import Readable
from foundation.interchange import plain_xml
from province.audit.operations import record_act
from province.catalogue.queries.checks import own_scheme
from province.catalogue.queries.import_lines import faults_beside, refusal_words
from province.catalogue.queries.national import finer_codes
from province.catalogue.states import IMPORT_TRANSITIONS, ImportState, LineKind, LineState
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.items.exchange import GuideReading, read_guides, read_national_json, read_national_xml
from standards.items.exchange.guide_reading import BOUNDS
from tenants.portal.operations.figures import check_inside, require_in_hall
from tenants.services.events import GUIDE_IMPORT_FORGOTTEN
from tenants.services.models import Adoption, GuideImport, GuideImportLine
from tenants.services.operations.hall_guides import save_hall_guide
from tenants.services.queries.guide_imports import (
    guide_import_figures,
    guide_import_of,
    guide_importer,
    guide_preview,
    guides_of_items,
)

KEPT: Final = timedelta(days=30)


def upload_guides(*, by: Actor, hall: Hall, name: str, file: Readable) -> GuideImport:
    """Read a file of guides and keep what it would change; no draft is touched. The workbook of this page, or a file of
    the national exchange (XML, JSON).

    Raises Invalid for what cannot be read, NotAllowed.
    """
    require_in_hall(by, "services.adopt", hall)
    guide_importer(by, hall)
    name = check_name(name)
    reading = _reading(name, file)
    return _keep(by, hall, name, reading)


def import_guides(*, by: Actor, hall: Hall, import_id: UUID) -> GuideImport:
    """Write what the preview said into the drafts, guide by guide; a repeat goes on with what is not yet written, and
    changes nothing where all is. Raises Conflict where there is nothing to write."""
    require_in_hall(by, "services.adopt", hall)
    upload = _begin(by, hall, import_id)
    if upload.state == ImportState.IMPORTING:
        waiting = upload.lines.filter(state=LineState.WAITING, kind=LineKind.CHANGED).order_by("position")
        for line_id in waiting.values_list("pk", flat=True):
            _write_line(by, hall, line_id)
        _finish(upload)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def forget_guide_import(*, hall: Hall, import_id: UUID) -> None:
    """Delete the file's lines; what was done with guides stays in the audit."""
    check_inside(hall)
    GuideImport.objects.filter(pk=import_id).delete()


def _reading(name: str, file: Readable) -> GuideReading:
    content = file.read(BOUNDS.file + 1)
    match PurePosixPath(name).suffix.lower():
        case ".xlsx":
            return read_guides(content)
        case ".xml":
            reading = read_national_xml(plain_xml(content), known=finer_codes(), scheme=own_scheme())
        case ".json":
            reading = read_national_json(content, known=finer_codes(), scheme=own_scheme())
        case _:
            raise refuse("只能导入下载的表格（.xlsx），或国家交换格式的 XML（.xml）、JSON（.json）文件。")
    return guides_of_items(reading)


@transaction.atomic
def _keep(by: Actor, hall: Hall, name: str, reading: GuideReading) -> GuideImport:
    upload = GuideImport.objects.create(
        file_name=name,
        by_id=guide_importer(by, hall),
        by_name=by.name,
        faults=[[one.where, one.message] for one in faults_beside(reading, [guide.read for guide in reading.guides])],
        notices=[[one.where, one.message] for one in reading.notices],
    )
    lines = list(guide_preview(reading))
    for line in lines:
        line.upload = upload
    GuideImportLine.objects.bulk_create(lines)
    changes = {"file_name": [None, name]}
    record_act(
        by=by,
        act="services.upload_guides",
        object_type="guide_import",
        object_id=upload.pk,
        hall_id=hall.pk,
        changes=changes,
    )
    set_due_time(kind=GUIDE_IMPORT_FORGOTTEN, subject_id=upload.pk, hall_id=hall.pk, due_at=timezone.now() + KEPT)
    return upload


@transaction.atomic
def _begin(by: Actor, hall: Hall, import_id: UUID) -> GuideImport:
    guide_import_of(by, hall, import_id)
    upload = GuideImport.objects.select_for_update().get(pk=import_id)
    if upload.state != ImportState.READY:
        return upload
    figures = guide_import_figures(upload)
    if not figures.total:
        raise Conflict("文件里没有要导入的改动。")
    IMPORT_TRANSITIONS.check(upload.state, ImportState.IMPORTING)
    upload.state, upload.confirmed_at = ImportState.IMPORTING, timezone.now()
    upload.save(update_fields=["state", "confirmed_at"])
    record_act(
        by=by,
        act="services.import_guides",
        object_type="guide_import",
        object_id=upload.pk,
        hall_id=hall.pk,
        changes={"file_name": [None, upload.file_name], "items": [None, figures.total]},
    )
    return upload


@transaction.atomic
def _write_line(by: Actor, hall: Hall, line_id: UUID) -> None:
    """The draft and the line's end in one transaction."""
    line = GuideImportLine.objects.select_for_update().get(pk=line_id)
    if line.state != LineState.WAITING:
        return
    try:
        with transaction.atomic():
            line.state = _written(by, hall, line)
    except Unavailable:
        raise
    except DomainError as refusal:
        line.state = LineState.REFUSED
        line.refusal = refusal_words(refusal)
    line.values = {}
    line.save(update_fields=["state", "refusal", "values"])


def _written(by: Actor, hall: Hall, line: GuideImportLine) -> LineState:
    adoption = Adoption.objects.filter(pk=line.adoption_id).first() if line.adoption_id else None
    if adoption is None or line.revision is None:
        raise Conflict("这个事项已经取消认领，没有导入。")
    if adoption.values == line.values:
        return LineState.SAME
    if adoption.revision != line.revision:
        message = f"预览以后，{adoption.edited_by_name}又改过这一项，没有导入。请再上传一次，看过新的预览再导入。"
        raise Conflict(message)
    save_hall_guide(by=by, hall=hall, adoption_id=adoption.pk, values=line.values, revision=line.revision)
    return LineState.WRITTEN


@transaction.atomic
def _finish(upload: GuideImport) -> None:
    locked = GuideImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state == ImportState.IMPORTING:
        IMPORT_TRANSITIONS.check(locked.state, ImportState.DONE)
        locked.state, locked.finished_at = ImportState.DONE, timezone.now()
        locked.save(update_fields=["state", "finished_at"])
