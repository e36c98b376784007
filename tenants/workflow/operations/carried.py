"""A form that was sent at another hall becomes one of this hall's own form, as far as its fields are the same."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.design.forms import ids_of
from foundation.errors import Invalid, Unavailable
from foundation.files.store import StoredFacts, copy_stored, is_there
from foundation.rows import draw_id
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.posted import read_posted
from standards.forms.rights import FieldRight
from tenants.workflow.models import FilledForm, Form, FormUpload, FormVersion
from tenants.workflow.operations.designs import LONGEST_TITLE
from tenants.workflow.operations.filling import write_values
from tenants.workflow.operations.moments import keep_moment
from tenants.workflow.operations.uploads import hold_file
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, uploads_folder, values_of
from tenants.workflow.queries.forms import definition_of, newest_version
from tenants.workflow.states import DesignState, FilledState


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedForm:
    """``values``: by the names of the fields of this hall's form; ``types``: of the fields from which they come, by the
    same names; ``files``: facts of a ``StoredFile`` by the upload's id there. It was the citizen's, or of an account.
    """

    values: Mapping[str, Any]
    types: Mapping[str, str]
    files: Mapping[str, Mapping[str, Any]]
    citizen_id: UUID | None
    account_id: UUID | None
    label: str


@transaction.atomic
def keep_carried_form(
    *, by: Actor, hall: Hall, form_id: UUID, carried: CarriedForm, sender_folder: str
) -> tuple[FilledForm, frozenset[str]]:
    """A sent form of the newest version, with copies of the files in this hall's own folder; and the names of the
    values that found their field. The files are in the store before their rows are.

    Raises Invalid for a file that is not the sender's, NotFound where one is gone, Unavailable.
    """
    version = newest_version(form_id)
    now = timezone.now()
    owner = {"citizen_id": carried.citizen_id} if carried.citizen_id else {"account_id": carried.account_id}
    filled = FilledForm(
        form_id=form_id,
        version=version,
        state=FilledState.SENT,
        values=OwnedJSON(hall.pk, {}),
        owner_name="" if carried.citizen_id else by.name[:40],
        saved_at=now,
        sent_at=now,
        **owner,
    )
    filled.save(force_insert=True)
    fitting = _fitting(hall, filled, carried, sender_folder)
    kept = _fill(FormFiller(by), hall, filled, fitting)
    keep_moment(by, hall, filled, carried.label)
    return filled, frozenset(fitting) & frozenset(kept)


@transaction.atomic
def change_carried_form(
    *, by: Actor, hall: Hall, filled_id: UUID, carried: CarriedForm, sender_folder: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Write into a sent form what was handed over later for some of its fields, with copies of the files; returns what
    it said before and what it says now. A value of another type is left out. Whether it may be changed the caller has
    looked at.

    Raises as ``keep_carried_form`` does.
    """
    rows = FilledForm.objects.select_for_update(of=("self",)).select_related("version")
    filled = rows.get(pk=filled_id)
    before, fitting = values_of(hall, filled), _fitting(hall, filled, carried, sender_folder)
    context = filling_context(hall, FormFiller(by), filled, posted=fitting, is_carried=True)
    result = read_posted(
        definition_of(filled.version), dict.fromkeys(fitting, FieldRight.WRITE), fitting, before, context
    )
    write_values(hall, filled, before, result)
    filled.saved_at = timezone.now()
    filled.save()
    keep_moment(by, hall, filled, carried.label)
    return before, result.values


def _fitting(hall: Hall, filled: FilledForm, carried: CarriedForm, sender_folder: str) -> dict[str, Any]:
    """The values that find a field of their type, which name the copies of the files."""
    ids = dict(_copied(hall, filled, carried.files, sender_folder))
    named = definition_of(filled.version).named_fields
    return {
        name: _with_ids(value, ids)
        for name, value in carried.values.items()
        if name in named and named[name].type == carried.types.get(name)
    }


def _copied(
    hall: Hall, filled: FilledForm, files: Mapping[str, Mapping[str, Any]], sender_folder: str
) -> Iterable[tuple[str, str]]:
    """Id of each upload there → here."""
    for there, facts in files.items():
        keys = [facts["key"], *facts["renditions"].values()]
        if not all(str(key).startswith(f"{sender_folder}/") for key in keys):
            raise Invalid("移交的文件不在报送的服务厅名下，不能接收。")
        stored: StoredFacts = copy_stored(facts, uploads_folder(hall))
        hold_file(stored.key)
        # a draft that was dropped may have let go of the same file between the two
        if not is_there(stored.key):
            raise Unavailable("移交的文件还没有收全，系统会自动再试。")
        upload, _ = FormUpload.objects.get_or_create(
            filled=filled, key=stored.key, name=stored.name, defaults={"id": draw_id(), **asdict(stored)}
        )
        yield there, str(upload.pk)


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """The value, naming the files by their ids here."""
    if isinstance(value, dict):
        known = ids.get(str(value.get("id")))
        return {name: _with_ids(one, ids) for name, one in value.items()} | ({"id": known} if known else {})
    if isinstance(value, list):
        return [_with_ids(one, ids) for one in value]
    return value


@transaction.atomic
def keep_part_of_form(
    *, who: FormFiller, hall: Hall, whole: FilledForm, version: FormVersion, values: Mapping[str, Any], label: str
) -> FilledForm:
    """A sent form of this version, filled in with what a sent form of several items (一件事) says for one of them, with
    the files that it names. It is whose the whole is."""
    now = timezone.now()
    filled = FilledForm(
        form_id=version.form_id,
        version=version,
        state=FilledState.SENT,
        values=OwnedJSON(hall.pk, {}),
        citizen_id=whole.citizen_id,
        account_id=whole.account_id,
        owner_name=whole.owner_name,
        saved_at=now,
        sent_at=now,
    )
    filled.save(force_insert=True)
    ids = dict(_shared_uploads(whole, filled, set(file_ids(list(values.values())))))
    _fill(who, hall, filled, {name: _with_ids(value, ids) for name, value in values.items()})
    keep_moment(who.by, hall, filled, label)
    return filled


def _shared_uploads(whole: FilledForm, filled: FilledForm, wanted: Collection[UUID]) -> Iterable[tuple[str, str]]:
    """Id of each upload of the whole → of a row of its own for the same file: it lies in the store once."""
    for upload in whole.uploads.filter(pk__in=wanted):
        facts = {one.name: getattr(upload, one.name) for one in fields(StoredFacts)}
        made = FormUpload.objects.create(id=draw_id(), filled=filled, **facts)
        yield str(upload.pk), str(made.pk)


def file_ids(value: Any) -> Iterable[UUID]:
    """Ids of uploads that a value names."""
    if isinstance(value, dict):
        yield from ids_of([str(value["id"])] if "id" in value else [])
        for one in value.values():
            yield from file_ids(one)
    elif isinstance(value, list):
        for one in value:
            yield from file_ids(one)


def _fill(who: FormFiller, hall: Hall, filled: FilledForm, posted: Mapping[str, Any]) -> Mapping[str, Any]:
    definition = definition_of(filled.version)
    context = filling_context(hall, who, filled, posted=posted, is_carried=True)
    rights = dict.fromkeys(definition.named_fields, FieldRight.WRITE)
    result = read_posted(definition, rights, posted, {}, context)
    filled.values = OwnedJSON(hall.pk, dict(result.values))
    filled.save(update_fields=["values"])
    return result.values


@transaction.atomic
def keep_foreign_form(
    *, code: str, title: str, definition: Mapping[str, Any], whose: str, is_open: bool = False
) -> Form:
    """Have a form here that nobody here designs, as it is now: one of several items (一件事). The caller holds a name
    for it. ``whose``: the package's name; ``is_open``: citizens fill it in."""
    form = Form.objects.select_related("newest").filter(code=code).first()
    if form is None:
        form = Form(code=code, is_foreign=True, is_open=is_open)
    elif form.newest and form.newest.definition == definition:
        return form
    number = form.newest.number + 1 if form.newest else 1
    form.title, form.definition, form.state = title[:LONGEST_TITLE], definition, DesignState.PUBLISHED
    form.save()
    form.newest = form.versions.create(number=number, definition=definition, submitted_by_name=whose[:40])
    form.save(update_fields=["newest"])
    return form
