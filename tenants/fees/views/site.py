"""缴费 on a hall's site: what an applicant has to pay and how, and what the payment interface tells."""

import json
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from foundation.errors import DomainError, NotFound
from province.citizens.models import Citizen
from province.citizens.operations.gateways import is_payments_own, signed_for_payments
from standards.fees import in_yuan
from standards.items.handling import rows_of
from tenants.casework.models import Case
from tenants.casework.queries.guides import guide_of_case
from tenants.fees.operations.online import PaidNotice, place_fee_order, take_notice
from tenants.fees.queries.online import can_pay_online
from tenants.fees.queries.own import own_order
from tenants.fees.queries.shown import open_order_of
from tenants.shell.layouts.citizen import for_citizen
from tenants.shell.layouts.site import hall_of


def part_of_case(case: Case) -> SafeString | None:
    """请缴费, on the page of a case, for who applied and for who has looked it up."""
    order = open_order_of(case.pk)
    if order is None:
        return None
    context = {
        "order": order,
        "total": in_yuan(order.total_fen),
        "waived": in_yuan(order.waived_fen) if order.waived_fen else "",
        "lines": [(one, in_yuan(one.price_fen), in_yuan(one.amount_fen)) for one in order.lines.all()],
        "is_online": can_pay_online(order),
        "windows": rows_of(guide_of_case(case).values, "windows"),
    }
    return SafeString(render_to_string("fees/site/case_part.html", context))


@for_citizen
@require_POST
def pay(request: HttpRequest, citizen: Citizen, order_id: UUID) -> HttpResponse:
    """网上缴费: have the interface take the money; the case's page then leads there."""
    order = own_order(citizen, order_id)
    try:
        place_fee_order(hall=hall_of(request), order_id=order.pk)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "可以缴费了，请点“去缴费”。")
    return redirect("site-case", order.case_id)


@csrf_exempt
@require_POST
def notified(request: HttpRequest) -> HttpResponse:
    """What the payment interface tells: signed as docs/guides/bridges.md says, and answered under a signature."""
    nonce = request.headers.get("X-Yizhan-Nonce", "")
    try:
        body = request.body
    except RawPostDataException:
        # it came as a form, which was read before: nothing that was agreed
        return _refused("内容不合约定。", HTTPStatus.UNAUTHORIZED)
    is_signed = is_payments_own(
        timestamp=request.headers.get("X-Yizhan-Timestamp", ""),
        nonce=nonce,
        signature=request.headers.get("X-Yizhan-Signature", ""),
        body=body,
    )
    if not is_signed:
        return _refused("签名或者时间不对。", HTTPStatus.UNAUTHORIZED)
    try:
        said = json.loads(body)
        notice = PaidNotice.model_validate(said)
        take_notice(hall=hall_of(request), notice=notice)
    except (ValueError, ValidationError):
        return _refused("内容不合约定。", HTTPStatus.UNPROCESSABLE_ENTITY)
    except DomainError as refusal:
        is_missing = isinstance(refusal, NotFound)
        return _refused(refusal.message, HTTPStatus.NOT_FOUND if is_missing else HTTPStatus.CONFLICT)
    answer = json.dumps({"id": str(said.get("id", "")), "result": "taken"}).encode()
    response = HttpResponse(answer, content_type="application/json")
    response["X-Yizhan-Signature"] = signed_for_payments(nonce=nonce, body=answer)
    return response


def _refused(message: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"result": "refused", "detail": message}, status=status)
