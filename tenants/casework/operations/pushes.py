"""What departments' systems push of a case: each call is proved, noted, and done as somebody of the department would do
it at their desk, by the same operations.

A call is noted in a transaction of its own, before anything is done: so the same one cannot be made again, whatever
becomes of it.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.crypto.sm3 import hmac_sm3, sm3
from foundation.errors import Conflict, DomainError, Invalid, NotFound, NotSignedIn, TooMany
from foundation.limits import seconds_to_wait
from province.cases.states import CaseOutcome
from province.halls.models import Hall
from province.people.models import Position
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from standards.cases import CaseTable, check_rows
from tenants.casework.models import Case, DepartmentKey, PushedCall
from tenants.casework.operations.acceptance import decline_case
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import terminate_case
from tenants.casework.queries.access import NO_CASE
from tenants.casework.queries.pushes import KEY_SCOPES, position_for_key
from tenants.casework.states import PushedKind, PushedState
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.returns import return_item
from tenants.workflow.operations.run_rows import held_run
from tenants.workflow.queries.run_access import may_claim, own_keys, self_of, visible_runs
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import ItemPart, WorkState

# how far the clocks of both may be apart
WINDOW_SECONDS: Final = 300
# a minute and key, five a second: what a hall decides in a day, in some minutes
MOST_CALLS: Final = 300
# of calls whose signature does not hold, so many a minute and key are noted
_MOST_WRONG: Final = 30
_NONCE: Final = re.compile(r"[0-9A-Za-z_-]{16,64}")
_DIGITS: Final = re.compile(r"[0-9]{1,12}")
_WRONG: Final = "签名不对：请核对密钥、算法、时间戳、随机串、地址和正文是不是签名时的那一份。"
_UNKNOWN: Final = "没有这个密钥标识，或者它已停用。"
_LONGEST_SAID: Final = 500
_PASSED: Final = "通过"
_RETURNED: Final = "退回"


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call as it came: ``signature`` is ``sm3=<hex>`` or ``sha256=<hex>``, the HMAC of what ``signed_text`` says
    under the key's secret."""

    key: str
    timestamp: str
    nonce: str
    signature: str
    method: str
    path: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call that is its department's. ``id``: of the key, under whose name Idempotency-Keys are kept."""

    id: UUID
    call_id: UUID
    by: Actor


def signed_text(timestamp: str, nonce: str, method: str, path: str, body: bytes) -> bytes:
    """What a call's signature is over: ``<timestamp>.<nonce>.<METHOD> <path>.<body>``."""
    return b".".join((timestamp.encode(), nonce.encode(), f"{method} {path}".encode(), body))


def signature_of(secret: str, algorithm: str, text: bytes) -> str:
    """``algorithm``: sm3 or sha256."""
    if algorithm == "sm3":
        return f"sm3={hmac_sm3(secret.encode(), text).hex()}"
    return f"sha256={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def open_call(*, hall: Hall, call: SignedCall, kind: PushedKind) -> OpenedCall:
    """Prove a call and note it. Call it outside any transaction: what is noted stays, whatever becomes of the call.

    Raises NotSignedIn, in a sentence for who runs the system, for an unknown or revoked key, one whose position is
    gone, a wrong signature, or a time that is too far from ours; Conflict for a call that was made before; TooMany.
    """
    check_inside(hall)
    key = _key(call.key)
    digest = sm3(call.body).hex()
    try:
        position = _proved(key, hall, call)
    except NotSignedIn as refusal:
        if seconds := seconds_to_wait("casework.push", hall.number, key.pk, most=_MOST_WRONG):
            message = f"不对的请求太多，请 {seconds} 秒以后再试。"
            raise TooMany(message) from refusal
        said = refusal.message
        PushedCall.objects.create(key=key, kind=kind, digest=digest, state=PushedState.REFUSED, said=said)
        raise
    if seconds := seconds_to_wait("casework.signed_push", hall.number, key.pk, most=MOST_CALLS):
        message = f"一分钟最多 {MOST_CALLS} 个请求，请 {seconds} 秒以后沿用同一个 Idempotency-Key 再试。"
        raise TooMany(message)
    try:
        with transaction.atomic():
            noted = PushedCall.objects.create(key=key, kind=kind, nonce=call.nonce, digest=digest)
    except IntegrityError as error:
        said = "这个请求已经收到过，没有再办一次。重新发送请换一个随机串，并沿用同一个 Idempotency-Key。"
        PushedCall.objects.create(key=key, kind=kind, digest=digest, state=PushedState.REFUSED, said=said)
        raise Conflict(said) from error
    by = actor_of(position.account, position.pk, scopes=KEY_SCOPES)
    return OpenedCall(key.pk, noted.pk, by)


def refuse_call(*, opened: OpenedCall, case_number: str, refusal: DomainError) -> None:
    """Note why a call was refused, after what it had begun was taken back."""
    said = "；".join(dict.fromkeys([refusal.message, *(one.message for one in refusal.faults)]))[:_LONGEST_SAID]
    _note(opened, case_number, PushedState.REFUSED, said)


def note_repeat(*, opened: OpenedCall, case_number: str) -> None:
    """Note that a call was answered as the one before it under its Idempotency-Key; what was done by this very call is
    noted already."""
    calls = PushedCall.objects.filter(pk=opened.call_id, state=PushedState.RECEIVED)
    calls.update(state=PushedState.DONE, case_number=case_number[:50], said="与前一次同一个请求，没有再办。")


@transaction.atomic
def push_process(*, by: Actor, hall: Hall, opened: OpenedCall, number: str, row: Mapping[str, Any]) -> str:
    """环节: somebody of the department has begun a step of the case's flow (状态 1), or done it (状态 2): ``row`` is
    one of ``up_pro_process``, whose ``process_name`` is the step and ``event_name`` its outcome, 通过 or 退回.

    Returns what was done, in Chinese. Raises Invalid for what the schema refuses or an outcome that the step does not
    have, NotFound for a case in which the department has no part, Conflict where the step is not to be done now.
    """
    _check_row(CaseTable.PROCESS, row)
    case = Case.objects.select_related("run").filter(number=number).first()
    if case is None or case.run is None or not visible_runs(by, hall).filter(pk=case.run.pk).exists():
        raise NotFound(NO_CASE)
    # what is found of its steps is so until the end: of two calls at once the second finds what the first has done
    held_run(case.run.pk)
    item = _step(by, hall, case.run, row["process_name"])
    opinion = row.get("handle_explain", "")
    if item.state == WorkState.TO_CLAIM:
        claim_item(by=by, hall=hall, item_id=item.pk)
    if row["process_state"] == "1":
        said = f"“{item.label}”已经认领。"
    elif row["event_name"] == _RETURNED and _RETURNED not in _outcomes(case.run, item):
        return_item(by=by, hall=hall, item_id=item.pk, opinion=opinion)
        said = f"“{item.label}”已经退回。"
    else:
        outcome = _outcome(case.run, item, row["event_name"])
        finish_item(by=by, hall=hall, item_id=item.pk, outcome=outcome, opinion=opinion)
        said = f"“{item.label}”已经办理：{row['event_name']}。"
    _note(opened, number, PushedState.DONE, said)
    return said


@transaction.atomic
def push_result(*, by: Actor, hall: Hall, opened: OpenedCall, number: str, row: Mapping[str, Any]) -> str:
    """办结: the department has decided a case that it handles without a flow: ``row`` is one of ``up_pro_result``.
    准予 and 不予 are the decision, 不予受理 and 终止办理 what they say.

    Returns what was done, in Chinese. Raises Invalid for what the schema refuses or another result, NotFound for
    another department's case, NotAllowed for who may not decide, Conflict where it is not to be decided now.
    """
    _check_row(CaseTable.RESULT, row)
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise NotFound(NO_CASE)
    said, act = _result_acts().get(row["result_type"], ("", None))
    if act is None:
        raise Invalid.at("result_type", "只能推送准予、不予、不予受理、终止办理；撤回、移送请在工作台办理。")
    if row.get("is_delivery_results") == "1":
        raise Invalid.at("is_delivery_results", "送达要写凭证，请在工作台登记；推送结果时请写 0，或者不写这一栏。")
    act(by, hall, case.pk, row.get("result_explain", ""))
    _note(opened, number, PushedState.DONE, said)
    return said


type _ResultAct = Callable[[Actor, Hall, UUID, str], object]


def _result_acts() -> Mapping[str, tuple[str, _ResultAct]]:
    def decide(outcome: CaseOutcome) -> _ResultAct:
        return lambda by, hall, pk, said: decide_case(by=by, hall=hall, case_id=pk, outcome=outcome, reasons=said)

    return {
        "1": ("已作出决定：准予。", decide(CaseOutcome.GRANTED)),
        "2": ("已作出决定：不予。", decide(CaseOutcome.REFUSED)),
        "3": ("已登记不予受理。", lambda by, hall, pk, said: decline_case(by=by, hall=hall, case_id=pk, said=said)),
        "5": ("已终止办理。", lambda by, hall, pk, said: terminate_case(by=by, hall=hall, case_id=pk, reason=said)),
    }


def _key(key_id: str) -> DepartmentKey:
    try:
        found = DepartmentKey.objects.filter(pk=UUID(key_id), revoked_at=None).first()
    except ValueError:
        found = None
    if found is None:
        raise NotSignedIn(_UNKNOWN)
    return found


def _proved(key: DepartmentKey, hall: Hall, call: SignedCall) -> Position:
    """The position at which the system acts."""
    algorithm = call.signature.partition("=")[0]
    if algorithm not in {"sm3", "sha256"} or not _DIGITS.fullmatch(call.timestamp) or not _NONCE.fullmatch(call.nonce):
        raise NotSignedIn(
            "签名要写成 sm3=… 或者 sha256=…，时间戳是 Unix 秒数，随机串是 16 到 64 个字母、数字、横线或下划线。"
        )
    text = signed_text(call.timestamp, call.nonce, call.method, call.path, call.body)
    expected = signature_of(key.secret.opened(hall.pk), algorithm, text)
    if not hmac.compare_digest(expected.encode(), call.signature.encode()):
        raise NotSignedIn(_WRONG)
    apart = int(call.timestamp) - int(time.time())
    if abs(apart) > WINDOW_SECONDS:
        way = "快" if apart > 0 else "慢"
        message = f"请求的时间比这里{way} {abs(apart)} 秒，最多允许 {WINDOW_SECONDS} 秒。请校准系统时钟。"
        raise NotSignedIn(message)
    position = position_for_key(hall, key.position_id)
    if position is None:
        raise NotSignedIn("这个密钥对应的岗位现在没有人。请服务厅管理员换一个密钥。")
    return position


def _note(opened: OpenedCall, case_number: str, state: PushedState, said: str) -> None:
    PushedCall.objects.filter(pk=opened.call_id).update(state=state, case_number=case_number[:50], said=said)


def _check_row(table: CaseTable, row: Mapping[str, Any]) -> None:
    faults = check_rows(table, row)
    if faults:
        raise Invalid.of(faults, many="推送的内容不符合国家交换格式，请按提示修改。")
    times = [row[name] for name in ("event_start_time", "event_end_time", "result_date") if name in row]
    if times != sorted(times):
        raise Invalid.at("event_end_time", "结束时间不能早于开始时间。")
    latest = timezone.make_aware(datetime.strptime(times[-1], "%Y%m%d%H%M%S"))  # noqa: DTZ007 - made aware here
    if latest > timezone.now() + timedelta(seconds=WINDOW_SECONDS):
        raise Invalid.at("event_end_time", "时间不能是将来的。")


def _step(by: Actor, hall: Hall, run: Run, name: str) -> WorkItem:
    """The department's work at this step: what is open leads, else what it has done there last."""
    items = WorkItem.objects.filter(run=run, label=name).exclude(part__in=(ItemPart.WAIT, ItemPart.OUTSIDE))
    keys, me = own_keys(by, hall), self_of(by)
    open_now = items.filter(state__in=(WorkState.TO_CLAIM, WorkState.CLAIMED)).order_by("pk")
    for one in open_now:
        if one.owner_id == me or (one.owner_id is None and may_claim(one, keys)):
            return one
    done = items.filter(owner_id=me, state=WorkState.DONE).order_by("-pk").first()
    if done is not None:
        return done
    current = WorkItem.objects.filter(run=run, state__in=(WorkState.TO_CLAIM, WorkState.CLAIMED))
    labels = "、".join(dict.fromkeys(current.order_by("pk").values_list("label", flat=True)))
    message = f"这个办件现在没有由贵部门办理的“{name}”环节。现在的环节：{labels or '没有'}。"
    raise Conflict(message)


def _outcomes(run: Run, item: WorkItem) -> dict[str, str]:
    """What the step can end with: label → code."""
    node = running_flow(run.version).step(item.step)
    return {one.label: one.code for one in node.outcomes} if node else {}


def _outcome(run: Run, item: WorkItem, said: str) -> str:
    """The code of an outcome; 通过 is the first favourable one where none is called so. Raises Invalid."""
    outcomes = _outcomes(run, item)
    if said in outcomes:
        return outcomes[said]
    if said == _PASSED:
        node = running_flow(run.version).step(item.step)
        favourable = [one.code for one in node.outcomes if one.is_favourable] if node else []
        if len(favourable) == 1 or not outcomes:
            return favourable[0] if favourable else ""
    message = (
        f"“{item.label}”没有“{said[:40]}”这种业务动作，可以写：{'、'.join([*outcomes] or [_PASSED])}、{_RETURNED}。"
    )
    raise Invalid.at("event_name", message)
