"""What an item is, said once: forms, checks, sheets, the API and pages all follow from ``ELEMENTS``."""

from province.catalogue.definition.check import Findings, Part, check, effective, fitting
from province.catalogue.definition.codes import CodeScheme
from province.catalogue.definition.columns import from_columns, to_columns
from province.catalogue.definition.elements import BY_NAME, ELEMENTS
from province.catalogue.definition.kinds import Bound, Column, Element, Filler, Kind, Section, Table, When
from province.catalogue.definition.usual import USUAL, check_usual, usual_part

__all__ = [
    "BY_NAME",
    "ELEMENTS",
    "USUAL",
    "Bound",
    "CodeScheme",
    "Column",
    "Element",
    "Filler",
    "Findings",
    "Kind",
    "Part",
    "Section",
    "Table",
    "When",
    "check",
    "check_usual",
    "effective",
    "fitting",
    "from_columns",
    "to_columns",
    "usual_part",
]
