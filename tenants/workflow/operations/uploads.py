"""Files that belong to what somebody fills in: added to a draft or at a step, and gone with a draft that is dropped."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, NotFound, TooMany, Unavailable
from foundation.files.store import Readable, StoredFacts, is_there, remove_file, store_file
from foundation.row_locks import hold_row
from province.audit.operations import record_act
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import can_still_change, check_may_fill
from tenants.workflow.queries.filled import NO_FILLED, FormFiller, own_filled_forms, uploads_folder
from tenants.workflow.queries.uploads import adds_files_at_step
from tenants.workflow.states import FilledState

MOST_UPLOADS: Final = 500
_JUST_GONE: Final = "这个文件正好在清理，没有传上来，请再传一次。"


def add_upload(*, who: FormFiller, hall: Hall, filled_id: UUID, name: str, content: Readable) -> FormUpload:
    """Check and keep a file for one's draft, for one's form that is opened again, or for the form of a run at one's own
    step; the same once more is the same row. Raises Invalid where the file is refused, NotFound for another person's
    form, Conflict for one that was sent, TooMany.

    The file is in the store before its row is: a row never names a file that is not there.
    """
    with transaction.atomic():
        form_for_files(who, hall, filled_id)
    return _keep(who, hall, filled_id, store_file(folder=uploads_folder(hall), name=name, content=content))


@transaction.atomic
def _keep(who: FormFiller, hall: Hall, filled_id: UUID, facts: StoredFacts) -> FormUpload:
    filled = form_for_files(who, hall, filled_id)
    hold_file(facts.key)
    # a form that was dropped may have let go of the same file between the two
    if not is_there(facts.key):
        raise Unavailable(_JUST_GONE)
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


def form_for_files(who: FormFiller, hall: Hall, filled_id: UUID) -> FilledForm:
    """The form, locked, to which this person may add a file now. Raises as ``add_upload`` does."""
    check_may_fill(who, hall)
    filled = hold_row(FilledForm.objects.select_related("version", "form"), pk=filled_id)
    if filled is None:
        raise NotFound(NO_FILLED)
    if not (filled.state == FilledState.KEPT and who.citizen is None and adds_files_at_step(who.by, filled)):
        if not own_filled_forms(who).filter(pk=filled_id).exists():
            raise NotFound(NO_FILLED)
        if not can_still_change(filled):
            raise Conflict("这份表单已经提交，不能再上传文件。")
    if filled.uploads.count() >= MOST_UPLOADS:
        raise TooMany(f"一份表单最多上传 {MOST_UPLOADS} 个文件。")
    return filled


def remove_dropped_files(*, hall: Hall, keys: Sequence[str]) -> None:
    """Take files out of the store that no form of the hall has any more. Once more changes nothing. Raises
    Unavailable."""
    folder = f"{uploads_folder(hall)}/"
    for key in keys:
        # what lies elsewhere in the hall's folder may be an article's, too
        if key.startswith(folder):
            _remove_unless_named(key)


@transaction.atomic
def _remove_unless_named(key: str) -> None:
    hold_file(key)
    if not FormUpload.objects.filter(key=key).exists():
        remove_file(key)


def hold_file(key: str) -> None:
    """Of who adds this file and who removes it, one at a time."""
    hold_name(f"form upload {key}")
