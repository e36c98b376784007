"""What is the same for forms and flows of the hall that is entered, as those see them who design them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from foundation.errors import NotFound
from standards.forms.designing import draw_name
from tenants.workflow.models import Design, Form
from tenants.workflow.states import DesignState

DRAFT: Final = 0
_MOST_SEARCHED: Final = 60
_LONGEST_STEM: Final = 30


def nothing_found(kind: type[Design]) -> str:
    """What is said of one that is not there."""
    return f"没有{kind.called}，可能已经停用，或者属于其他服务厅。"


def all_designs[D: Design](kind: type[D]) -> QuerySet[D]:
    """The newest first."""
    rows: QuerySet[D] = kind._default_manager.select_related(*kind.read_with)  # noqa: SLF001 - of the model that is named
    return rows.order_by("-created_at")


def design_with_id[D: Design](kind: type[D], design_id: UUID) -> D:
    """Raises NotFound, also for another hall's."""
    found = all_designs(kind).filter(pk=design_id).first()
    if found is None:
        raise NotFound(nothing_found(kind))
    return found


def designs_at_desk[D: Design](kind: type[D], *, search: str = "", state: str = "") -> QuerySet[D]:
    """The newest first; ``search``: in title or code."""
    found = _own_designs(kind)
    if state in DesignState.values:
        found = found.filter(state=state)
    words = search.strip()[:_MOST_SEARCHED]
    return found.filter(Q(title__icontains=words) | Q(code__icontains=words)) if words else found


def designs_by_state(kind: type[Design]) -> list[tuple[str, str, int]]:
    """Code, label and number of each state, whatever the filter."""
    numbers = dict(_own_designs(kind).order_by().values_list("state").annotate(number=Count("pk")))
    return [(state.value, str(state.label), numbers.get(state.value, 0)) for state in DesignState]


def _own_designs[D: Design](kind: type[D]) -> QuerySet[D]:
    """Without forms of other halls."""
    return all_designs(kind).filter(is_foreign=False) if issubclass(kind, Form) else all_designs(kind)


def free_code(kind: type[Design], title: str) -> str:
    """A code for a new one of this title, which no other of the hall has."""
    stem = draw_name(title, (), otherwise=kind.noun)
    taken = set(all_designs(kind).filter(code__startswith=stem[:_LONGEST_STEM]).values_list("code", flat=True))
    # a code has two letters at least
    spelt = title if len(stem) > 1 else f"{kind.noun} {title}"
    return draw_name(spelt, taken, otherwise=kind.noun)


def versions_of(design: Design) -> QuerySet[Any]:
    """What was published of it, the newest first."""
    rows: QuerySet[Any] = design.versions.select_related(design.version_with)
    return rows.order_by("-number")


def definition_at(design: Design, number: int) -> Mapping[str, Any]:
    """What a version says, by its number; ``DRAFT`` is the draft. Raises NotFound."""
    if number == DRAFT:
        return dict(design.definition)
    version = design.versions.filter(number=number).first()
    if version is None:
        message = f"{design.called}没有第 {number} 版。"
        raise NotFound(message)
    return dict(version.definition)
