"""Where readers' browsers ask for notices (订阅通知), and ask no more.

Open to everybody and without a token against forged requests: pages are kept and shared, and there is no session to
abuse. Instead only the site's own scripts are heard: a page elsewhere cannot send JSON here unless a preflight allows
it, which none does, and browsers say where a request comes from.
"""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.errors import Conflict, Invalid, NotAllowed, TooLarge
from province.content.operations.subscriptions import subscribe_reader, unsubscribe_reader
from province.halls.states import HallState
from tenants.shell.layouts.own import is_from_this_site
from tenants.shell.layouts.site import for_readers, hall_of

# bytes; a subscription has some 500
_LONGEST = 4_000

type View = Callable[[HttpRequest], HttpResponse]


def from_own_pages(view: View) -> View:
    """Refuses requests that did not come from a script of this very site."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.content_type != "application/json" or not is_from_this_site(request):
            raise NotAllowed("请在本站页面上订阅通知。")
        return view(request)

    return csrf_exempt(require_POST(for_readers(answer)))


@from_own_pages
def subscribe(request: HttpRequest) -> HttpResponse:
    hall = hall_of(request)
    if hall.state != HallState.LIVE:
        raise Conflict("本站还在试运行，正式开通后才能订阅通知。")
    asked = _asked(request)
    keys = asked.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    subscribe_reader(
        hall=hall, endpoint=_text(asked, "endpoint"), p256dh=_text(keys, "p256dh"), auth=_text(keys, "auth")
    )
    return HttpResponse(status=204)


@from_own_pages
def unsubscribe(request: HttpRequest) -> HttpResponse:
    unsubscribe_reader(endpoint=_text(_asked(request), "endpoint"))
    return HttpResponse(status=204)


def _asked(request: HttpRequest) -> dict[str, object]:
    """The subscription as browsers write it (``PushSubscription.toJSON``)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST:
        raise TooLarge("订阅信息过长。")
    try:
        asked = json.loads(request.body)
    except ValueError as error:
        raise Invalid("订阅信息无法读取。") from error
    if not isinstance(asked, dict):
        raise Invalid("订阅信息无法读取。")
    return asked


def _text(values: dict[str, object], name: str) -> str:
    """As it may be kept; anything else counts as not said."""
    value = values.get(name)
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ""
