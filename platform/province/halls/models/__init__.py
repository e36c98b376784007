from province.halls.models.certificates import HostCertificate
from province.halls.models.division_plans import CodeMove, DivisionChange, DivisionPlan
from province.halls.models.divisions import Division, DivisionCode
from province.halls.models.halls import Hall, HallDomain, HallFigures, HallGeneration, HallKind

__all__ = [
    "CodeMove",
    "Division",
    "DivisionChange",
    "DivisionCode",
    "DivisionPlan",
    "Hall",
    "HallDomain",
    "HallFigures",
    "HallGeneration",
    "HallKind",
    "HostCertificate",
]
