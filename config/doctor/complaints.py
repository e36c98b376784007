"""Whether every complaint that waits has somebody who may read it."""

from config.doctor.findings import DoctorFault
from province.opinion.queries import halls_with_unread

_MOST_NAMED = 5
_CURE = (
    "在这些服务厅或者它的上级服务厅，再设一位没有经手这些办件的服务厅管理员（控制台“人员”）；"
    "每天零时以后程序会再找一次能处理的人。在那以前，投诉人看到的是请拨打 12345。"
)


def complaints_are_read() -> DoctorFault | None:
    """None waits that nobody may read, in its hall or above."""
    found = halls_with_unread()
    if not found:
        return None
    named = "、".join(f"{name} {number} 条" for name, number in found[:_MOST_NAMED])
    more = f"等 {len(found)} 个服务厅" if len(found) > _MOST_NAMED else ""
    total = sum(number for _, number in found)
    return DoctorFault(f"有 {total} 条群众投诉没有能回避的人处理：{named}{more}。", _CURE)
