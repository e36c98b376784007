"""What an item (政务服务事项) is: its elements, their checks, codes and words. Forms, sheets, the API and pages
follow from ``ELEMENTS``."""

from standards.items.check import Findings, PartFindings, check, effective, fitting
from standards.items.codes import CodeScheme
from standards.items.columns import from_columns, to_columns
from standards.items.elements import BUILT_IN, BY_NAME, ELEMENTS, KNOWN_ELEMENTS
from standards.items.kinds import Bound, Element, Filler, Kind, NationalColumn, Section, Table, When
from standards.items.prefill import HALL_DEFAULTS, check_hall_defaults, prefilled_values

__all__ = [
    "BUILT_IN",
    "BY_NAME",
    "ELEMENTS",
    "HALL_DEFAULTS",
    "KNOWN_ELEMENTS",
    "Bound",
    "CodeScheme",
    "Element",
    "Filler",
    "Findings",
    "Kind",
    "NationalColumn",
    "PartFindings",
    "Section",
    "Table",
    "When",
    "check",
    "check_hall_defaults",
    "effective",
    "fitting",
    "from_columns",
    "prefilled_values",
    "to_columns",
]
