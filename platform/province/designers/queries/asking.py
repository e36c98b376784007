"""Where a citizen stands in a form that asks one thing a page, and what comes next."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final, Self

from standards.forms.definition import FormDefinition
from standards.forms.fields.base import BaseField
from standards.forms.filling import FillingContext
from standards.forms.pages import FormPage, asked_pages, is_asked
from standards.forms.posted import FilledResult
from standards.forms.rights import Rights

# where a citizen can stand besides a page: what is known of them, and all answers before they are sent. No field is
# called so
KNOWN: Final = "-known"
CHECK: Final = "-check"


@dataclass(frozen=True, slots=True)
class PagePlace:
    """``part`` of ``parts``, in it ``page`` of ``pages``; ``at`` of ``all``: of the whole form. From 1 on."""

    part: int
    parts: int
    page: int
    pages: int
    at: int
    all: int


@dataclass(frozen=True, kw_only=True)
class FillingPages:
    """``asked``: on these something is asked now; ``known``: names of those on which the province knows every answer.
    Those are not gone through: one page, ``KNOWN``, shows all their answers in place of the first."""

    definition: FormDefinition
    rights: Rights
    result: FilledResult
    context: FillingContext
    asked: tuple[FormPage, ...]
    known: frozenset[str]

    @classmethod
    def of(
        cls,
        definition: FormDefinition,
        rights: Rights,
        result: FilledResult,
        context: FillingContext,
        own: Collection[str] = (),
    ) -> Self:
        """``own``: names of the fields for which the province knows the answer. A page is known where each field that
        is asked there is one of them, has an answer, and nothing is wrong with it."""
        asked = tuple(asked_pages(definition.pages, result.worked.visible, rights))
        right = set(own) & result.values.keys() - {fault.where.partition(".")[0] for fault in result.faults}
        names = {page.name: {one.name for one in page.fields if is_asked(one, rights)} for page in asked}
        known = frozenset(page for page, several in names.items() if several and several <= right)
        return cls(definition=definition, rights=rights, result=result, context=context, asked=asked, known=known)

    @cached_property
    def stops(self) -> tuple[str, ...]:
        """What is gone through, in its order: names of pages, and ``KNOWN``."""
        return tuple(self._stops())

    def page(self, name: str) -> FormPage | None:
        """Where nothing is asked there now, None."""
        return next((one for one in self.asked if one.name == name), None)

    def asks(self, field: BaseField) -> bool:
        """Whether this person fills in a field that they see."""
        return is_asked(field, self.rights)

    def after(self, stop: str) -> str:
        """The next stop behind this one, whether it is gone through itself or not; ``CHECK`` at the end."""
        return next((one for one in self.stops if self._order(one) > self._order(stop)), CHECK)

    def before(self, stop: str) -> str:
        """The stop in front of this one; "" at the beginning."""
        return next((one for one in reversed(self.stops) if self._order(one) < self._order(stop)), "")

    def resumed(self, stop: str) -> str:
        """Where somebody goes on who stood at ``stop`` ("": at the beginning) when this was kept."""
        if not stop:
            return next(iter(self.stops), CHECK)
        return stop if stop in self.stops else self.after(stop)

    def place(self, name: str) -> PagePlace | None:
        """Among those that are gone through; None for another one."""
        walked = [one for one in self.asked if one.name in self.stops]
        parts = [list(several) for _, several in groupby(walked, key=lambda one: one.part)]
        for part, pages in enumerate(parts, start=1):
            for place, page in enumerate(pages, start=1):
                if page.name == name:
                    return PagePlace(part, len(parts), place, len(pages), walked.index(page) + 1, len(walked))
        return None

    def _stops(self) -> Iterator[str]:
        is_first = True
        for page in self.asked:
            if page.name not in self.known:
                yield page.name
            elif is_first:
                yield KNOWN
                is_first = False

    @cached_property
    def _places(self) -> dict[str, int]:
        places = {page.name: at for at, page in enumerate(self.definition.pages)}
        known = min((places[name] for name in self.known), default=-1)
        return places | {KNOWN: known, CHECK: len(places)}

    def _order(self, stop: str) -> int:
        return self._places.get(stop, -1)
