"""Whether the figures of 办件概览 are those of the cases."""

from config.doctor.findings import DoctorFault
from province.cases.queries.counting import halls_with_wrong_figures, some_halls_with_cases

SAMPLE = 20
_CURE = "运行 yizhan cases recount，数字会按办件重新统计。"


def figures_agree() -> DoctorFault | None:
    """Some halls with cases, drawn by chance, since all reports of each are read."""
    wrong = halls_with_wrong_figures(some_halls_with_cases(SAMPLE))
    return DoctorFault(f"抽查到 {wrong} 个服务厅的办件概览与办件不符。", _CURE) if wrong else None
