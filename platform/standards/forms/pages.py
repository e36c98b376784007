"""What of a form citizens are asked at once: a page has one field, or a few that belong together."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from standards.forms.fields.base import BaseField
from standards.forms.rights import FieldRight, Rights


@dataclass(frozen=True, slots=True)
class FormPage:
    """``name``: of its first field that is filled in, else of its first; ``part``: the name of the part in which it
    stands."""

    name: str
    part: str
    fields: tuple[BaseField, ...]


def pages_of(part: str, fields: Iterable[BaseField]) -> tuple[FormPage, ...]:
    """Each field that is filled in begins a page, unless it is asked together with the one above it. Headings and notes
    stand with what follows them, what is computed with what precedes it."""
    pages: list[list[BaseField]] = []
    words: list[BaseField] = []
    for one in fields:
        if one.type in {"heading", "note"} or (not one.is_filled and not pages):
            words.append(one)
        elif pages and (one.together or not one.is_filled):
            pages[-1] += [*words, one]
            words = []
        else:
            pages.append([*words, one])
            words = []
    if words:
        pages[-1:] = [[*(pages[-1] if pages else ()), *words]]
    return tuple(FormPage(_name(page), part, tuple(page)) for page in pages)


def asked_pages(pages: Iterable[FormPage], visible: Collection[str], rights: Rights) -> Iterator[FormPage]:
    """Those on which this person is asked something now, with the fields that they see there.

    A note is never lost: where its page asks nothing it stands on the next one of the part, behind the last one on that
    one, and in a part that asks nothing on a page of its own.
    """
    for part, several in groupby(pages, key=lambda page: page.part):
        asked: list[FormPage] = []
        waiting: list[BaseField] = []
        first = ""
        for page in several:
            shown = [
                one
                for one in page.fields
                if one.name in visible and rights.get(one.name, FieldRight.HIDDEN) != FieldRight.HIDDEN
            ]
            if any(is_asked(one, rights) for one in shown):
                asked.append(FormPage(page.name, part, (*waiting, *shown)))
                waiting = []
            elif notes := [one for one in shown if one.type == "note"]:
                waiting += notes
                first = first or page.name
        if waiting and asked:
            last = asked[-1]
            asked[-1] = FormPage(last.name, part, (*last.fields, *waiting))
        elif waiting:
            asked.append(FormPage(first, part, tuple(waiting)))
        yield from asked


def is_asked(field: BaseField, rights: Rights) -> bool:
    """Whether this person fills it in, where it is to be seen."""
    return field.is_filled and rights.get(field.name, FieldRight.HIDDEN).is_writable


def _name(fields: Sequence[BaseField]) -> str:
    return next((one.name for one in fields if one.is_filled), fields[0].name)
