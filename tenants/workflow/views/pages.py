"""What a page of a form does with what was typed into it, for staff and citizens alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.safestring import SafeString

from foundation.errors import Conflict, Fault
from foundation.paper.forms import FormField, FormPart, PaperForm
from province.designers.queries.shown import ShownForm
from province.halls.models import Hall
from tenants.shell.layouts.pieces import take_files as taken_in
from tenants.workflow.forms.filling import NewFile, read_page
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.pages import show_filling
from tenants.workflow.queries.reading import read_filling
from tenants.workflow.slots import FORM_ASIDES

# who comes back finds the same page again
_STAYING: Final = frozenset({"line", "keep"})


@dataclass(frozen=True, slots=True)
class TakenPage:
    """``conflict``: why nothing was kept, "" where it was; ``newer``: the revision that stands there instead;
    ``is_same``: what is to be seen has not changed since the page was drawn."""

    shown: ShownForm
    filled: FilledForm
    act: str
    conflict: str = ""
    newer: int = 0
    is_same: bool = False

    @property
    def is_right(self) -> bool:
        return not self.conflict and not self.shown.faults

    @property
    def status(self) -> int:
        return 409 if self.conflict else 422 if self.shown.faults else 200


def take_page(
    request: HttpRequest, who: FormFiller, hall: Hall, filled: FilledForm, page: str = "", *, back: str = ""
) -> TakenPage:
    """Keep what was typed, its files with it; where that cannot be, show it again as it was typed, and say why.
    ``back``: whence the person came to this page, and goes back.

    Raises NotFound for a page that there is not.
    """
    pages = {page} if page else None
    posted = read_page(request.POST, request.FILES)
    ids, refused = ({}, []) if posted.act == "look" else take_files(who, hall, filled, posted.files)
    values = posted.values(ids)
    if posted.act == "look":
        typed = read_filling(who, hall, filled, values, page=page)
        shown = show_filling(hall, who, filled, typed=typed, pages=pages)
        return TakenPage(shown, filled, posted.act, is_same=shown.seen == posted.seen)
    try:
        saved = save_filling(
            who=who,
            hall=hall,
            filled_id=filled.pk,
            posted=values,
            revision=posted.revision,
            page=page,
            then=page if refused or posted.act in _STAYING else back,
        )
    except Conflict as refusal:
        typed = read_filling(who, hall, filled, values, page=page)
        shown = show_filling(hall, who, filled, typed=typed, pages=pages, more=posted.more)
        return TakenPage(shown, filled, posted.act, refusal.message, filled.revision)
    faults = [*refused, *(saved.result.faults if posted.is_judged else ())]
    shown = show_filling(hall, who, saved.filled, faults=faults, pages=pages, more=posted.more)
    return TakenPage(shown, saved.filled, posted.act)


def take_files(
    who: FormFiller, hall: Hall, filled: FilledForm | None, files: Mapping[str, Sequence[NewFile]]
) -> tuple[dict[str, list[str]], list[Fault]]:
    """Ids of those that were kept, by their field, and what is wrong with the others."""
    if filled is None:
        return {}, []
    return taken_in(
        files, lambda name, content: add_upload(who=who, hall=hall, filled_id=filled.pk, name=name, content=content)
    )


def page_context(taken: TakenPage | None, shown: ShownForm, filled: FilledForm) -> dict[str, Any]:
    """What every page of a form needs."""
    return {
        "filled": filled,
        "shown": shown,
        "revision": filled.revision if taken is None or not taken.conflict else read_back(taken),
        "conflict": taken.conflict if taken else "",
        "newer": taken.newer if taken else 0,
    }


def asides_of(
    request: HttpRequest, hall: Hall, who: FormFiller, filled: FilledForm, names: Collection[str]
) -> list[SafeString]:
    """What apps offer above these fields."""
    found = (one.beside(hall, who, filled, names, request) for one in FORM_ASIDES.entries())
    return [one for one in found if one]


def read_back(taken: TakenPage) -> int:
    """No revision that is kept: what was typed on an older one is kept by a button of its own alone."""
    return -1 if taken.conflict else taken.filled.revision


def paper_of(hall: Hall, filled: FilledForm, shown: ShownForm) -> PaperForm:
    """The form as it would be on paper."""
    made_at = filled.sent_at or filled.saved_at
    parts = []
    for part in shown.parts:
        lines = []
        for one in part.fields:
            if one.is_plain:
                continue
            text = one.field.printed(one.value) if one.value is not None else ""
            lines.append((FormField(one.field.label, text, lines=max(1, text.count("\n") + 1)),))
        if lines:
            parts.append(FormPart(part.part.label, tuple(lines)))
    return PaperForm(
        title=shown.definition.title,
        subtitle="",
        heads=(hall.name, f"{made_at:%Y年%m月%d日}"),
        parts=tuple(parts),
        notes=("本件由系统按提交的内容生成。",) if filled.sent_at else ("还没有提交。",),
        made_at=made_at,
        mark="" if filled.sent_at else "未提交",
    )
