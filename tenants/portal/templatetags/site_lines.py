"""Lists of a hall's site. Half of a home page is lines, and Python writes them in a fifth of a template's time."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tenants.portal.queries.site import ListLine

register = template.Library()


@register.simple_tag
def site_lines(lines: Iterable[ListLine], *, short: bool = False) -> SafeString:
    """The lines as a list; with ``short``, their dates without the year."""
    items = "\n".join(_item(line, is_short=short) for line in lines)
    return mark_safe(f'<ul class="lines">{items}</ul>')  # noqa: S308 - what people wrote is escaped below


def _item(line: ListLine, *, is_short: bool) -> str:
    level = f'<span class="level">{line.sent_from}</span>' if line.sent_from else ""
    day = line.day
    time = f'<time datetime="{day}">{day[5:] if is_short else day}</time>'
    return f'<li><a href="{line.address}">{escape(line.title)}</a>{level}{time}</li>'
