"""What was sent to accounts outside, and what never arrived (dead deliveries)."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.addresses import is_page_here
from foundation.errors import DomainError
from province.console.access import actor_of_request
from province.content.operations.deliveries import finish_by_hand, retry_delivery
from province.content.queries.accounts import deliveries_table, delivery_with_id
from province.content.states import DeliveryState

_PAGE = 50


@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    state = request.GET.get("state", "")
    rows = deliveries_table(by=by, state=state if state in DeliveryState.values else "")
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": DeliveryState.choices,
    }
    return render(request, "content/deliveries.html", context)


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try every ticked dead delivery again, each in its own transaction."""
    return _each_ticked(request, retry_delivery, "已重新投递 {:,} 条，稍后刷新查看结果。")


@require_POST
def done(request: HttpRequest) -> HttpResponse:
    """Of every ticked delivery that people had to do by hand: it is done."""
    return _each_ticked(request, finish_by_hand, "已标记 {:,} 条为人工处理完毕。")


def _each_ticked(request: HttpRequest, act: Callable[..., object], success: str) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    number = 0
    for key in request.POST.getlist("delivery")[:_PAGE]:
        try:
            act(by=by, delivery=delivery_with_id(by, UUID(key)))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        except ValueError:
            messages.error(request, "没有这次投递。")
        else:
            number += 1
    if number:
        messages.success(request, success.format(number))
    back = request.POST.get("back", "")
    return redirect(back if is_page_here(back) else "console-deliveries")
