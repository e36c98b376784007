"""What a page says after an act that made something: with the way to it."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html


def say_made(request: HttpRequest, said: str, *, address: str, way: str = "打开看看") -> None:
    """Tell on the next page what was made, with a link to it. ``address``: its page, or its row (``…#row``)."""
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, address, way))
