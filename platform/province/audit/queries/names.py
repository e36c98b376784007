"""The names of what entries are about: asked for a whole page at a time, one query a kind of thing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from province.audit.models import AuditEntry
from province.audit.queries.acts import NamedValues, NamesOfIds, code_namer, namers, referred_object


def named_by(model: type[Model], field: str = "name") -> NamesOfIds:
    """For ``ActNames.names``: the rows of a public table by one of their columns."""

    def names(ids: Collection[UUID]) -> Mapping[UUID, str]:
        return dict(QuerySet(model).filter(pk__in=ids).values_list("pk", field))

    return names


def names_in(entries: Iterable[AuditEntry]) -> NamedValues:
    """What the entries' objects, and the ids and codes in their changes, are called. Queries: one a kind of thing that
    occurs. What is no longer there has no name."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, dict[str, UUID]] = defaultdict(dict)
    for entry in entries:
        ids[entry.object_type].add(entry.object_id)
        for name, value in _facts(entry.changes):
            if (kind := referred_object(name)) and (found := _uuid(value)):
                ids[kind].add(found)
                kept[name][value] = found
            elif code_namer(name):
                codes[name].add(value)
    objects = {
        (kind, one): name for kind, names in namers().items() if ids[kind] for one, name in names(ids[kind]).items()
    }
    called = {
        (name, value): objects[referred_object(name), found]
        for name, values in kept.items()
        for value, found in values.items()
        if (referred_object(name), found) in objects
    }
    for name, values in codes.items():
        if namer := code_namer(name):
            called |= {(name, value): label for value, label in namer(values).items()}
    return NamedValues(objects, called)


def _facts(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in the changes, with the field that it stands in."""
    for name, value in changes.items():
        yield from ((name, text) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
