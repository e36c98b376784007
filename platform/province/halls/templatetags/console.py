"""The console's frame: its places, and who is here."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest

from province.halls.models import Hall
from province.identity.models import Account
from province.identity.queries.rights import has_anywhere

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """One of the at most eight places at the left."""

    name: str
    address: str
    icon: str
    permission: str
    group: str


PLACES = (
    Place("概览", "/console/", "layout-dashboard", "content.read", ""),
    Place("服务厅", "/console/halls/", "building-2", "halls.manage", "服务厅"),
    Place("区划", "/console/divisions/", "network", "halls.manage", "服务厅"),
    Place("稿件", "/console/manuscripts/", "file-text", "content.read", "内容"),
    Place("推稿", "/console/pushes/", "send", "content.read", "内容"),
    Place("云稿库", "/console/library/", "library", "content.read", "内容"),
    Place("新媒体", "/console/accounts/", "smartphone", "accounts.manage", "内容"),
    Place("设置", "/console/settings/", "settings", "halls.manage", "管理"),
)
# pages that belong to a place under another address
_BELONGS = {"/console/rollouts/": "/console/halls/", "/console/deliveries/": "/console/accounts/"}


@register.inclusion_tag("halls/places.html", takes_context=True)
def places(context: dict[str, Any]) -> dict[str, Any]:
    """What this person may go to, by group; the present one is marked."""
    request: HttpRequest = context["request"]
    by = getattr(request, "actor", None)
    allowed = [place for place in PLACES if by and has_anywhere(by, place.permission)]
    path = next((to for part, to in _BELONGS.items() if request.path.startswith(part)), request.path)
    groups: dict[str, list[tuple[Place, bool]]] = {}
    for place in allowed:
        is_here = path == place.address if place.address == "/console/" else path.startswith(place.address)
        groups.setdefault(place.group, []).append((place, is_here))
    return {"groups": groups.items()}


@register.inclusion_tag("halls/me.html", takes_context=True)
def me(context: dict[str, Any]) -> dict[str, Any]:
    """The person's name and the first of their posts, with its hall."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, Account):
        return {}
    post = request.user.posts.first()
    hall = Hall.objects.filter(id=post.hall_id).first() if post and post.hall_id else None
    where = hall.short_name if hall else settings.PROVINCE_NAME
    return {"name": request.user.name, "post": f"{where} · {post.get_role_display()}" if post else "还没有岗位"}


@register.simple_tag
def province_name() -> str:
    return settings.PROVINCE_NAME


_WEEKDAYS = "一二三四五六日"


@register.filter
def weekdays(days: list[int]) -> str:
    """周一至周五, or 周一、周三 where they do not follow each other."""
    days = sorted(days)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):  # noqa: PLR2004 - two are named singly
        return f"周{_WEEKDAYS[days[0] - 1]}至周{_WEEKDAYS[days[-1] - 1]}"
    return "、".join(f"周{_WEEKDAYS[day - 1]}" for day in days)


@register.filter
def masked(name: str) -> str:
    """A person's name as lists show it: 赵敏 → 赵*, 欧阳子夫 → 欧**夫."""
    if len(name) < 3:  # noqa: PLR2004 - nothing is left at the end
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


@register.filter
def act_name(act: str) -> str:
    """What an audit entry's act is called."""
    return _ACTS.get(act, "操作")


_ACTS = {
    "halls.provision": "开通",
    "halls.upgrade": "升级",
    "halls.backup": "备份",
    "halls.restore": "恢复备份",
    "halls.open": "转为试运行",
    "halls.go_live": "转为正式运行",
    "halls.suspend": "暂停",
    "halls.resume": "恢复",
    "halls.retire": "停用",
    "halls.update": "修改资料",
    "halls.add_domain": "添加域名",
    "halls.remove_domain": "停用域名",
}
