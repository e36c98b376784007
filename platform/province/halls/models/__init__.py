from province.halls.models.divisions import (
    PREFIX_LENGTH,
    Division,
    DivisionChange,
    DivisionCode,
    DivisionLevel,
    DivisionPlan,
)
from province.halls.models.halls import Hall, HallDomain, HallFigures, HallGeneration, HallKind

__all__ = [
    "PREFIX_LENGTH",
    "Division",
    "DivisionChange",
    "DivisionCode",
    "DivisionLevel",
    "DivisionPlan",
    "Hall",
    "HallDomain",
    "HallFigures",
    "HallGeneration",
    "HallKind",
]
