"""Files that belong to filled forms: who may add one, who may see which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foundation.design.forms import ids_of
from foundation.errors import NotFound
from province.designers.queries.showing import only_read
from province.designers.queries.shown import ShownField, ShownForm
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.attached import MaterialField, PictureField, SignatureField
from standards.forms.fields.base import BaseField, Value
from standards.forms.fields.groups import GroupField
from standards.forms.rights import Rights
from tenants.workflow.models import FilledForm, FormUpload, Run, WorkItem
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.pages import shower_for
from tenants.workflow.queries.run_access import NOBODY, self_of
from tenants.workflow.queries.run_pages import run_view
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import ItemPart, RunStatus, WorkState

_FILES: Final = (MaterialField, PictureField, SignatureField)
_NO_FILE: Final = "没有这个文件，可能已经删除。"


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file that stands in a form. ``label``: of its field; ``look``: picture, pdf, or other for what no browser is
    let show."""

    label: str
    upload: FormUpload

    @property
    def look(self) -> str:
        if self.upload.media_type.startswith("image/"):
            return "picture"
        return "pdf" if self.upload.media_type == "application/pdf" else "other"


def materials_of(filled: FilledForm, shown: ShownForm | None) -> list[RunFile]:
    """The files of what somebody sees of a form, in the order of its fields. One query, none where no field of files is
    seen."""
    found = [(one.field.label, code) for one in _file_fields(shown) for code in _codes(one.value)]
    if not found:
        return []
    rows = {str(one.pk): one for one in filled.uploads.filter(pk__in=ids_of([code for _, code in found]))}
    return [RunFile(label, rows[code]) for label, code in found if code in rows]


def material_with_id(filled: FilledForm | None, shown: ShownForm | None, upload_id: UUID) -> RunFile:
    """Raises NotFound for a file that the person does not see, or that is not in the form any more."""
    found = next((one for one in materials_of(filled, shown) if one.upload.pk == upload_id), None) if filled else None
    if found is None:
        raise NotFound(_NO_FILE)
    return found


def materials_of_run(by: Actor, hall: Hall, run: Run) -> list[RunFile]:
    """The files of a run's form that the person sees now."""
    return materials_of(run.filled, _shown(by, hall, run)) if run.filled else []


def material_of_run(by: Actor, hall: Hall, run: Run, upload_id: UUID) -> RunFile:
    """Raises NotFound as ``material_with_id``."""
    return material_with_id(run.filled, _shown(by, hall, run) if run.filled else None, upload_id)


def _shown(by: Actor, hall: Hall, run: Run) -> ShownForm | None:
    view = run_view(by, hall, run)
    if run.filled is None or view.flow.form is None:
        return None
    who = FormFiller(by)
    context = filling_context(hall, who, run.filled)
    shower = shower_for(hall, who, definition=view.flow.form, rights=only_read(view.rights), context=context)
    return shower.show(values_of(hall, run.filled))


def takes_files(fields: Sequence[BaseField], rights: Rights) -> bool:
    """Whether a file could be added to one of these fields."""
    return any(_is_of_files(one) and one.name in rights and rights[one.name].is_writable for one in fields)


def adds_files_at_step(by: Actor, filled: FilledForm) -> bool:
    """Whether the actor has a step of the run that keeps this form, and may add files there. Two queries."""
    mine = WorkItem.objects.filter(
        run__filled=filled,
        run__status=RunStatus.RUNNING,
        state=WorkState.CLAIMED,
        owner_id=self_of(by) or NOBODY,
        part__in=(ItemPart.MAIN, ItemPart.DELEGATE, ItemPart.BESIDE),
    )
    for item in mine.select_related("run__version__form_version", "run__version__flow"):
        flow = running_flow(item.run.version)
        if flow.form and takes_files(flow.form.fields, flow.rights_at(item.step)):
            return True
    return False


def _file_fields(shown: ShownForm | None) -> Iterator[ShownField]:
    for part in shown.parts if shown else ():
        for one in part.fields:
            if isinstance(one.field, _FILES):
                yield one
            for line in one.lines:
                yield from (cell for cell in line if isinstance(cell.field, _FILES))


def _codes(value: Value) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [str(one["id"]) for one in several if isinstance(one, Mapping) and one.get("id")]


def _is_of_files(field: BaseField) -> bool:
    cells = field.cells if isinstance(field, GroupField) else ()
    return isinstance(field, _FILES) or any(isinstance(one, _FILES) for one in cells)
