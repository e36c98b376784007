"""Whether limits can be counted by published calendars."""

from config.doctor.findings import DoctorFault
from province.workdays.queries.missing import MissingYear, missing_years

_CURE = "国务院办公厅发文后，由省级运营在“工作日历”里粘贴通知并公布，期限会自动重算。"


def workdays_published() -> DoctorFault | None:
    """This year's notice is there, and from the middle of December the next year's."""
    return _fault([one for one in missing_years() if one.is_late])


def following_year_published() -> DoctorFault | None:
    """From November: the next year's notice is awaited."""
    return _fault([one for one in missing_years() if not one.is_late])


def _fault(missing: list[MissingYear]) -> DoctorFault | None:
    if not missing:
        return None
    years = "、".join(f"{one.year}年" for one in missing)
    return DoctorFault(f"{years}的放假安排没有公布，这些年份的期限只按星期几预计。", _CURE)
