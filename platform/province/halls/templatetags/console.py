"""The console's frame: its places, and who is here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from province.audit.models import actor_words
from province.audit.queries import act_label
from province.identity.models import Account, Actor, Post
from province.identity.queries.hosts import address_of, province_address
from province.identity.queries.oidc import PROVINCE_URLS
from province.identity.queries.places import hall_names
from province.identity.queries.rights import POST_IN_SESSION, has_anywhere, is_preview, posts_open_to

register = template.Library()


@dataclass(frozen=True, slots=True)
class ConsolePlace:
    """One of the at most eight places at the left."""

    name: str
    address: str
    icon: str
    permission: str
    group: str


PLACES = (
    ConsolePlace("概览", "/console/", "layout-dashboard", "content.read", ""),
    ConsolePlace("服务厅", "/console/halls/", "building-2", "halls.manage", ""),
    ConsolePlace("事项", "/console/items/", "list", "catalogue.read", ""),
    ConsolePlace("稿件", "/console/manuscripts/", "file-text", "content.read", "内容"),
    ConsolePlace("推稿", "/console/pushes/", "send", "content.read", "内容"),
    ConsolePlace("新媒体", "/console/accounts/", "smartphone", "accounts.manage", "内容"),
    ConsolePlace("审计", "/console/audit/", "history", "audit.read", "监管"),
    ConsolePlace("人员", "/console/settings/", "users", "people.read", "设置"),
)
# pages that belong to a place under another address
_BELONGS = {
    "/console/divisions/": "/console/halls/",
    "/console/rollouts/": "/console/halls/",
    "/console/library/": "/console/manuscripts/",
    "/console/deliveries/": "/console/accounts/",
}


@register.inclusion_tag("halls/places.html", takes_context=True)
def places(context: dict[str, Any]) -> dict[str, Any]:
    """What this person may go to, by group; the present one is marked."""
    request: HttpRequest = context["request"]
    by = getattr(request, "actor", None)
    allowed = [place for place in PLACES if by and has_anywhere(by, place.permission)]
    path = next((to for part, to in _BELONGS.items() if request.path.startswith(part)), request.path)
    groups: dict[str, list[tuple[ConsolePlace, bool]]] = {}
    for place in allowed:
        is_here = path == place.address if place.address == "/console/" else path.startswith(place.address)
        groups.setdefault(place.group, []).append((place, is_here))
    return {"groups": groups.items()}


@register.inclusion_tag("halls/me.html", takes_context=True)
def me(context: dict[str, Any]) -> dict[str, Any]:
    """The person's name, the post that they act in, and the others to which they may change."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, Account):
        return {}
    posts = posts_open_to(request.user)
    names = hall_names(posts)
    places = [
        (
            post,
            f"{_where(names, post)} · {post.role_name}",
            "" if post.account_id == request.user.pk else post.account.name,
        )
        for post in posts
    ]
    chosen = request.session.get(POST_IN_SESSION)
    present = next(((text, whose) for post, text, whose in places if str(post.pk) == chosen), None)
    own = [text for _, text, whose in places if not whose]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "contacts": f"{province_address()}{reverse('contacts', urlconf=PROVINCE_URLS)}",
        "present": present[0]
        if present
        else own[0]
        if len(own) == 1
        else f"{len(own)} 个岗位"
        if own
        else "还没有岗位",
        "shown_name": actor_words(request.user.name, present[1] if present else ""),
        "chosen": chosen if present else "",
        "places": places if len(places) > 1 or present else [],
    }


def _where(names: dict[UUID | None, str], post: Post) -> str:
    return names.get(post.hall_id, "") if post.hall_id else settings.PROVINCE_NAME


@register.inclusion_tag("halls/preview.html", takes_context=True)
def preview_banner(context: dict[str, Any]) -> dict[str, Any]:
    """As whom an administrator looks around, and the way back."""
    request: HttpRequest = context["request"]
    actor: Actor | None = getattr(request, "actor", None)
    seen = actor.name if actor and is_preview(request) else ""
    return {"seen": seen, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], permission: str) -> bool:
    """Whether the person has the permission anywhere: what the page shows, the operation still checks."""
    actor: Actor | None = getattr(context["request"], "actor", None)
    return bool(actor) and has_anywhere(actor, permission)  # type: ignore[arg-type]  # a lazy one is no actor to mypy


@register.simple_tag
def host_address(host: str) -> str:
    return address_of(host)


@register.simple_tag
def people_address() -> str:
    """The pages about people stand on the province's host; halls' desks link to them."""
    return f"{province_address()}{reverse('console-settings', urlconf=PROVINCE_URLS)}"


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
def act_name(act: str) -> str:
    """What an audit entry's act is called."""
    return act_label(act)
