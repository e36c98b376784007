"""What a hall must have before it goes live, with what to do for each line that is red."""

from collections.abc import Callable
from dataclasses import dataclass

from foundation.contributions import Slot
from province.halls.models import Hall, HallDomain
from province.halls.queries.columns import empty_columns

_BRANDING = {
    "short_name": "简称",
    "slogan": "标语",
    "organiser": "主办单位",
    "site_code": "网站标识码",
    "icp_number": "ICP备案号",
    "police_number": "公安备案号",
}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A line that an upper app adds. ``todo``: what is to be done for that hall, "" where nothing is."""

    key: str
    label: str
    todo: Callable[[Hall], str]


CHECKLIST = Slot[ChecklistItem]("halls.checklist", keys=lambda item: [item.key])


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line; ``todo`` says what to do while it is red."""

    key: str
    label: str
    is_green: bool
    todo: str


def checklist(hall: Hall) -> list[ChecklistLine]:
    """The go-live checklist: what was last seen at its domains, and what its rows say now."""
    lines = (
        ("domains", "域名可以访问", _todo_for_domains(hall)),
        ("branding", "网站标识完整", _todo_for_branding(hall)),
        ("columns", "栏目都有内容", _todo_for_columns(hall)),
        ("contacts", "联系方式", _todo_for_contacts(hall)),
        ("hours", "开放时间", "" if hall.opening_hours else "请填写每周的开放时间。"),
        *((item.key, item.label, item.todo(hall)) for item in CHECKLIST.entries()),
    )
    return [ChecklistLine(key, label, not todo, todo) for key, label, todo in lines]


def _todo_for_domains(hall: Hall) -> str:
    domains = list(HallDomain.objects.filter(tenant=hall).order_by("domain"))
    if not domains:
        return "还没有域名，请添加一个。"
    unchecked = [str(one.domain) for one in domains if one.checked_at is None]
    if unchecked:
        return f"还没有检查过 {'、'.join(unchecked)}，请点“检查域名”。"
    return " ".join(f"{one.domain}：{one.check_fault}" for one in domains if one.check_fault)


def _todo_for_branding(hall: Hall) -> str:
    missing = [label for name, label in _BRANDING.items() if not getattr(hall, name)]
    return f"请补充：{'、'.join(missing)}。" if missing else ""


def _todo_for_columns(hall: Hall) -> str:
    empty = empty_columns(hall)
    if empty is None:
        return "网站还没有栏目，请先开通。"
    return f"以下栏目没有内容，请发布文章、采用推稿，或把栏目隐藏：{'、'.join(empty)}。" if empty else ""


def _todo_for_contacts(hall: Hall) -> str:
    missing = [label for label, value in (("地址", hall.address), ("电话", hall.phone)) if not value]
    return f"请填写{'和'.join(missing)}。" if missing else ""
