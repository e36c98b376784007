"""Spans of time of one item that the database keeps from overlapping."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import Func, Q


class Period(Func):
    """From (included) to (not included; NULL: no end)."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def never_overlap(name: str, start: str, end: str, *, condition: Q | None = None) -> ExclusionConstraint:
    """A constraint: the spans of one item follow each other in time."""
    expressions: list[tuple[Any, str]] = [
        ("item", RangeOperators.EQUAL),
        (Period(start, end, RangeBoundary()), RangeOperators.OVERLAPS),
    ]
    return ExclusionConstraint(name=name, expressions=expressions, condition=condition)
