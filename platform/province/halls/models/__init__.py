from province.halls.models.divisions import Division, DivisionChange, DivisionCode, DivisionPlan
from province.halls.models.halls import Hall, HallDomain, HallFigures, HallGeneration, HallKind

__all__ = [
    "Division",
    "DivisionChange",
    "DivisionCode",
    "DivisionPlan",
    "Hall",
    "HallDomain",
    "HallFigures",
    "HallGeneration",
    "HallKind",
]
