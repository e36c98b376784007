"""Template tags of the shared components; built in, so that no template loads them."""

from django import template

register = template.Library()
