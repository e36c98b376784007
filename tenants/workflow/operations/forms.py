"""A hall's forms: drafted, published, retired."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.editing.drafts import (
    check_lock,
    check_revision,
    count_edit,
    hold_lock,
    release_lock,
    sign_draft,
    take_lock,
    with_hand,
)
from foundation.editing.versions import check_may_follow, submission
from foundation.errors import Conflict, Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import HALL_EDITORS, Reach
from standards.definitions import LARGEST
from standards.forms.reading import read_definition
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.queries.forms import NO_FORM
from tenants.workflow.states import FORM_TRANSITIONS, FormState

DESIGN = declare("workflow.design", "设计本厅表单和流程", reach=Reach.HALL, roles=HALL_EDITORS)

_CODE: Final = re.compile(r"[a-z](?:[_-]?[a-z0-9]){1,39}\Z")
_LONGEST_TITLE: Final = 100
_EMPTY: Final[Mapping[str, Any]] = {"format": 1, "title": "", "parts": []}


@transaction.atomic
def create_form(*, by: Actor, hall: Hall, code: str, title: str, definition: Mapping[str, Any] | None = None) -> Form:
    """A form that nobody can fill in yet. ``code`` never changes: 2 to 40 small letters, digits, - and _.

    Raises Invalid for a bad code or title, Conflict for a code that another form of the hall has.
    """
    require_in_hall(by, DESIGN, hall)
    whose = require_work_at(by, DESIGN, hall_id=hall.pk)
    code, title = code.strip(), _clean_title(title)
    if not _CODE.match(code):
        raise Invalid.at("code", "代码用小写英文字母、数字、横线和下划线，以字母开头，2 至 40 个字符，例如 leave。")
    form = Form(
        code=code,
        title=title,
        definition=_checked_size(definition) if definition is not None else {**_EMPTY, "title": title},
        owner_id=whose.owner_id,
        unit_id=whose.unit_id,
    )
    sign_draft(form, by)
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as error:
        message = f"本厅已经有一张代码是“{code}”的表单，请换一个代码。"
        raise Conflict(message) from error
    _record(by, hall, form, "create_form", changes={"title": [None, form.title]})
    return form


@transaction.atomic
def save_form_draft(*, by: Actor, hall: Hall, form_id: UUID, definition: Mapping[str, Any], revision: int) -> Form:
    """Write the draft, however wrong it is, and hold the lock on. People go on filling in what was published.

    ``revision`` is the one that the designer has read. Raises Conflict where somebody saved since or has the form open,
    Invalid for more than a megabyte. The audit tells who began to edit, not every save.
    """
    form = _locked(by, hall, form_id)
    check_lock(form, by)
    check_revision(form, revision)
    definition = _checked_size(definition)
    if definition != form.definition:
        form.definition = definition
        form.title = _title_of(definition) or form.title
        if count_edit(form, by):
            _record(by, hall, form, "edit_form")
    hold_lock(form, by)
    form.save()
    return form


@transaction.atomic
def lock_form(*, by: Actor, hall: Hall, form_id: UUID) -> Form:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the owner."""
    form = _locked(by, hall, form_id)
    take_lock(form, by)
    return form


@transaction.atomic
def unlock_form(*, by: Actor, hall: Hall, form_id: UUID, is_forced: bool = False) -> Form:
    """Let others write. Somebody else's lock is broken only when forced, and that is told."""
    form = _locked(by, hall, form_id)
    if not is_forced:
        check_lock(form, by)
    elif form.locked_by_id not in {None, by.id}:
        _record(by, hall, form, "break_form_lock", changes={"locked_by_name": [form.locked_by_name, None]})
    release_lock(form)
    return form


@transaction.atomic
def publish_form(*, by: Actor, hall: Hall, form_id: UUID, revision: int) -> FormVersion:
    """Let people fill in the draft as it stands from the commit on; what was begun stays on its version.

    Raises Invalid with every fault of the definition and its place, Conflict where somebody saved since ``revision``
    or nothing has changed since the last version.
    """
    form = _locked(by, hall, form_id)
    check_lock(form, by)
    check_revision(form, revision)
    definition = read_definition(form.definition)
    latest = form.newest
    if latest:
        is_same = latest.definition == form.definition and form.state == FormState.PUBLISHED
        check_may_follow(latest, state=form.get_state_display(), is_open=False, is_same=is_same, verb="发布")
    version = FormVersion.objects.create(
        form=form,
        definition=form.definition,
        **submission(by=by, after=latest, author_ids=with_hand(form.editor_ids, by)),
    )
    form.newest, form.title, form.editor_ids = version, definition.title, []
    _move(by, hall, form, FormState.PUBLISHED, "publish_form", version=[latest and latest.number, version.number])
    return version


@transaction.atomic
def retire_form(*, by: Actor, hall: Hall, form_id: UUID) -> Form:
    """Let nobody begin it any more; what was begun can be sent, what was sent stays."""
    form = _locked(by, hall, form_id)
    _move(by, hall, form, FormState.RETIRED, "retire_form")
    return form


@transaction.atomic
def restore_form(*, by: Actor, hall: Hall, form_id: UUID) -> Form:
    """Undo a retirement: its newest version, where it has one, can be filled in again."""
    form = _locked(by, hall, form_id)
    if form.state != FormState.RETIRED:
        message = f"表单当前是“{form.get_state_display()}”，无需恢复。"
        raise Conflict(message)
    _move(by, hall, form, FormState.PUBLISHED if form.newest_id else FormState.DRAFT, "restore_form")
    return form


@transaction.atomic
def open_form(*, by: Actor, hall: Hall, form_id: UUID, is_open: bool) -> Form:
    """Let citizens fill it in on the hall's site once it is published, or no longer."""
    form = _locked(by, hall, form_id)
    if form.is_open != is_open:
        _record(by, hall, form, "open_form", changes={"is_open": [form.is_open, is_open]})
        form.is_open = is_open
        form.save(update_fields=["is_open"])
    return form


def _locked(by: Actor, hall: Hall, form_id: UUID) -> Form:
    require_in_hall(by, DESIGN, hall)
    form = Form.objects.select_for_update(of=("self",)).select_related("newest").filter(pk=form_id).first()
    if form is None:
        raise NotFound(NO_FORM)
    return form


def _move(by: Actor, hall: Hall, form: Form, state: FormState, act: str, **changes: Any) -> None:
    FORM_TRANSITIONS.check(form.state, state)
    _record(by, hall, form, act, changes={"state": [form.state, str(state)], **changes})
    form.state = state
    form.save()


def _clean_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid.at("title", "请填写表单名称。")
    if len(title) > _LONGEST_TITLE:
        raise Invalid.at("title", f"表单名称最多 {_LONGEST_TITLE} 个字，现在有 {len(title)} 个，请缩短。")
    return title


def _title_of(definition: Mapping[str, Any]) -> str:
    title = definition.get("title")
    return " ".join(title.split())[:_LONGEST_TITLE] if isinstance(title, str) else ""


def _checked_size(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A draft may be wrong in any way, but not of any size. Raises Invalid."""
    try:
        text = json.dumps(definition, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError):
        raise Invalid("表单定义里有不能保存的内容，或者嵌套太深。") from None
    if size > LARGEST:
        message = f"表单定义有 {size / 1024:,.0f} KB，最多 {LARGEST // 1024:,} KB：请拆成几张表单。"
        raise Invalid(message)
    if "\\u0000" in text:
        raise Invalid("表单定义里有不能保存的字符，请删去。")
    return dict(definition)


def _record(by: Actor, hall: Hall, form: Form, act: str, **facts: Any) -> None:
    record_act(by=by, act=f"workflow.{act}", object_type="form", object_id=form.pk, hall_id=hall.pk, **facts)
