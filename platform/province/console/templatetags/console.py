"""The console's layout: its places, who is here, and words that several pages need."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from foundation.design.tables import COLUMN
from province.audit.queries import act_label
from province.console.addresses import address_of
from province.console.queries.navigation import navigation_of
from province.console.queries.search import searched_things as things
from province.console.queries.tables import OwnTable
from province.console.slots import ADDED_LINKS, FRAGMENTS, AddedLink
from province.rights.actors import Actor
from province.rights.queries import has_anywhere

register = template.Library()


@register.inclusion_tag("console/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """What this person may go to, by section; the present place is marked."""
    request: HttpRequest = context["request"]
    return {"sections": navigation_of(getattr(request, "actor", None) or None, request.path)}


@register.simple_tag(takes_context=True)
def fragments(context: dict[str, Any], spot: str) -> SafeString:
    """What apps show the person who is here, in one spot of the layout."""
    found = [one for one in FRAGMENTS.entries() if one.spot == spot]
    return format_html_join("\n", "{}", ((one.render(context["request"]),) for one in found))


@register.simple_tag(takes_context=True)
def added_links(context: dict[str, Any], place: str) -> list[AddedLink]:
    """What upper apps add to this place of a page, as far as the person may go there."""
    actor: Actor | None = getattr(context["request"], "actor", None)
    return [
        one for one in ADDED_LINKS.entries() if one.place == place and actor and has_anywhere(actor, one.permission)
    ]


@register.simple_tag
def searched_things() -> str:
    """服务厅、区划和稿件: what the search over everything finds."""
    return things()


@register.inclusion_tag("console/table_tools.html", takes_context=True)
def table_tools(context: dict[str, Any], table: OwnTable) -> dict[str, Any]:
    """Which columns a table shows, and the person's own views of it."""
    request: HttpRequest = context["request"]
    kept = [(name, value) for name, value in QueryDict(table.query).items() if name != COLUMN]
    back = request.get_full_path()
    return {"table": table, "kept": kept, "back": back, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], permission: str) -> bool:
    """Whether the person has the permission anywhere: what the page shows, the operation still checks."""
    actor: Actor | None = getattr(context["request"], "actor", None)
    return bool(actor) and has_anywhere(actor, permission)  # type: ignore[arg-type]  # a lazy one is no actor to mypy


@register.simple_tag
def host_address(host: str) -> str:
    return address_of(host)


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
