"""Template tags of the shared components; built in, so that no template loads them."""

from functools import cache
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.design.charts import FigureChart
from foundation.masking import masked

register = template.Library()
register.filter("masked", masked)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of ``icons.svg``, silent to screen readers: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("design/icons.svg"),
        name,
    )


@register.inclusion_tag("design/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help and errors, tied together for screen readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "is_checkbox": isinstance(widget, CheckboxInput),
    }


@register.inclusion_tag("design/chart.html")
def chart(one: FigureChart) -> dict[str, Any]:
    """A picture of figures, with its table."""
    return {"chart": one}


@register.filter
def thousands(number: float | str | None) -> str:
    """A figure with thousands separators (28,637); nothing for None, and for what a template does not find."""
    return f"{number:,}" if isinstance(number, int | float) else ""


@register.filter
def counted(paginator: "Paginator[Any]") -> str:
    """How many rows a list has (1,234), or that they are more than were counted (15,000 余)."""
    return f"{thousands(paginator.count)}{' 余' if getattr(paginator, 'has_more', False) else ''}"
