"""The form of a run on a page: what was typed into it at a step, and how it is shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from foundation.errors import Fault, Invalid
from province.designers.queries.shown import ShownForm
from standards.forms.posted import read_posted
from standards.forms.rights import Rights
from tenants.shell.slots import Desk
from tenants.workflow.forms.filling import read_page
from tenants.workflow.models import FilledForm, FormVersion
from tenants.workflow.queries.contexts import context_without_rows, filling_context
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.pages import shower_for
from tenants.workflow.queries.prefill import known_at_beginning
from tenants.workflow.queries.running import RunningFlow
from tenants.workflow.views.pages import take_files

# nothing is done yet: the page is drawn anew
LOOKING: Final = frozenset({"look", "line"})


@dataclass(frozen=True, slots=True)
class TypedStep:
    """``values``: what was typed, files that were just taken in with it; ``act``: what the pressed button asks for;
    ``seen``: of the page on which it was typed; ``more``: blank lines that were asked for; ``refused``: files that were
    not taken; ``revision``: of the form on which it was typed, None where nobody said."""

    values: Mapping[str, object]
    act: str = ""
    seen: str = ""
    more: Mapping[str, int] | None = None
    refused: Sequence[Fault] = ()
    revision: int | None = None

    @property
    def is_looking(self) -> bool:
        return self.act in LOOKING


@dataclass(frozen=True, slots=True)
class StepForm:
    """``filled``: None where nobody has begun to fill it in; ``version``: of the form, None for a flow without one."""

    desk: Desk
    flow: RunningFlow
    rights: Rights
    version: FormVersion | None
    filled: FilledForm | None

    def typed(self, request: HttpRequest, *, takes_files: bool = True) -> TypedStep:
        """What was posted; its files are kept now, where the form may take them."""
        posted = read_page(request.POST, request.FILES)
        files = posted.files if takes_files and posted.act != "look" else {}
        ids, refused = take_files(FormFiller(self.desk.by), self.desk.hall, self.filled, files)
        revision = posted.revision if posted.revision >= 0 else None
        return TypedStep(posted.values(ids), posted.act, posted.seen, posted.more, refused, revision)

    def show(self, typed: TypedStep | None = None, faults: Sequence[Fault] = ()) -> ShownForm | None:
        """The form at these rights, with what was typed in place of what is kept."""
        if self.version is None or self.flow.form is None:
            return None
        who, form = FormFiller(self.desk.by), self.flow.form
        posted = typed.values if typed else {}
        if self.filled is None:
            known = known_at_beginning(self.desk.hall, who, self.version, self.rights)
            values, origins = dict(known.values), known.origins
            context = context_without_rows(self.desk.hall, who, form, {**values, **posted})
        else:
            values, origins = values_of(self.desk.hall, self.filled), self.filled.origins
            context = filling_context(self.desk.hall, who, self.filled, posted=posted)
        if typed:
            values = dict(read_posted(form, self.rights, posted, values, context).values)
        shower = shower_for(
            self.desk.hall,
            who,
            definition=form,
            rights=self.rights,
            context=context,
            origins=origins,
            more_lines=(typed.more if typed else None) or {},
        )
        return shower.show(values, faults)


def is_same(typed: TypedStep, shown: ShownForm | None) -> bool:
    """Whether a page that only asked would be drawn as it is."""
    return typed.act == "look" and (shown is None or shown.seen == typed.seen)


def check_files(refused: Sequence[Fault]) -> None:
    """Raises Invalid where a file was not taken."""
    if refused:
        raise Invalid.of(refused, many=f"有 {len(refused)} 个文件没有传上来，请按提示处理。")


def unlike(kept: ShownForm | None, typed: ShownForm | None) -> list[tuple[str, str]]:
    """(label, what is kept now) of the fields into which something else was typed."""
    now = {one.name: one for part in (kept.parts if kept else ()) for one in part.fields}
    typed_fields = [one for part in (typed.parts if typed else ()) for one in part.fields if one.is_writable]
    return [
        (one.field.label, now[one.name].text or "没有填")
        for one in typed_fields
        if one.name in now and now[one.name].text != one.text
    ]
