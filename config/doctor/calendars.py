"""Whether limits can be counted by published calendars."""

from config.doctor.findings import DoctorFault
from province.workdays.queries.missing import missing_years


def workdays_published() -> DoctorFault | None:
    """This year's notice is there, and from November the next year's."""
    missing = missing_years()
    if not missing:
        return None
    years = "、".join(f"{one.year}年" for one in missing)
    return DoctorFault(
        f"{years}的放假安排没有公布，这些年份的期限只按星期几预计。",
        "国务院办公厅发文后，由省级运营在“工作日历”里粘贴通知并公布，期限会自动重算。",
    )
