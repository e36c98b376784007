"""What an item is, said once: forms, checks, sheets, the API and pages all follow from ``ELEMENTS``."""

from province.catalogue.definition.check import Findings, Part, check, effective
from province.catalogue.definition.codes import CodeScheme
from province.catalogue.definition.columns import from_columns, to_columns
from province.catalogue.definition.elements import BY_NAME, ELEMENTS
from province.catalogue.definition.kinds import Bound, Column, Element, Filler, Kind, Section, Table, When

__all__ = [
    "BY_NAME",
    "ELEMENTS",
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
    "effective",
    "from_columns",
    "to_columns",
]
