"""Files that belong to what somebody fills in."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, TooMany
from foundation.files.store import Readable, StoredFacts, store_file
from province.audit.operations import record_act
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import locked_filling
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.states import FilledState

MOST_UPLOADS: Final = 500


def add_upload(*, who: FormFiller, hall: Hall, filled_id: UUID, name: str, content: Readable) -> FormUpload:
    """Check and keep a file for a draft; the same once more is the same row. Raises Invalid where the file is refused,
    NotFound for another person's form, Conflict for one that was sent, TooMany.

    The file is in the store before its row is: a row never names a file that is not there, and a transaction does not
    wait for the store.
    """
    with transaction.atomic():
        _open_draft(who, hall, filled_id)
    return _keep(who, hall, filled_id, store_file(folder=hall.folder, name=name, content=content))


@transaction.atomic
def _keep(who: FormFiller, hall: Hall, filled_id: UUID, facts: StoredFacts) -> FormUpload:
    filled = _open_draft(who, hall, filled_id)
    upload, is_new = FormUpload.objects.get_or_create(
        filled=filled, key=facts.key, name=facts.name, defaults=asdict(facts)
    )
    if is_new:
        record_act(
            by=who.by,
            act="workflow.add_upload",
            object_type="filled_form",
            object_id=filled.pk,
            hall_id=hall.pk,
        )
    return upload


def _open_draft(who: FormFiller, hall: Hall, filled_id: UUID) -> FilledForm:
    filled = locked_filling(who, hall, filled_id)
    if filled.state != FilledState.DRAFT:
        raise Conflict("这份表单已经提交，不能再上传文件。")
    if filled.uploads.count() >= MOST_UPLOADS:
        raise TooMany(f"一份表单最多上传 {MOST_UPLOADS} 个文件。")
    return filled
