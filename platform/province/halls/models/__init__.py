from province.halls.models.divisions import Division, DivisionChange, DivisionCode, DivisionPlan
from province.halls.models.halls import Hall, HallDomain, HallFigures, HallGeneration, HallKind
from standards.numbers.divisions import PREFIX_LENGTH, DivisionLevel

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
