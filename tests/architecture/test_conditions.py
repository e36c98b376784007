"""Conditions of constraints and partial indexes in halls' tables come out of PostgreSQL as they went in.

PostgreSQL writes ``IN (…)`` as an array with casts, and with others once that has gone through a dump: the tables of a
hall made from a template would differ for ever from those that migrations made.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Q


def lookups_of(condition: Q | None) -> Iterator[str]:
    for child in condition.children if condition else ():
        if isinstance(child, Q):
            yield from lookups_of(child)
        elif isinstance(child, tuple):
            yield str(child[0])


class TestCondition:
    def test_of_a_hall_names_values_one_by_one(self) -> None:
        found = [
            (f"{model._meta.label} {one.name}", lookup)
            for config in apps.get_app_configs()
            if config.name.startswith("tenants.")
            for model in config.get_models()
            for one in (*model._meta.constraints, *model._meta.indexes)
            for lookup in lookups_of(getattr(one, "condition", None))
        ]
        assert len(found) > 10
        assert [name for name, lookup in found if lookup.endswith("__in")] == []

    def test_is_found_wherever_it_stands_inside(self) -> None:
        condition = Q(outcome="") | ~Q(Q(ended_at=None), state__in=["a"])
        assert [*lookups_of(condition)] == ["outcome", "ended_at", "state__in"]
