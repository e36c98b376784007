"""Actions of systems outside that the settings declare (``FLOW_SYSTEMS``), as actions that flows may use: asked over
HTTP as bridges are, under signatures both ways (docs/guides/flow-systems.md)."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from pydantic import AfterValidator, BaseModel, create_model

from foundation.bridges import Bridge, Unbelieved, post_signed
from foundation.circuits import LeftAlone, circuit_of
from foundation.events.outgoing import LONGEST_WAIT, Deferred, Failed, Refused
from foundation.rows import draw_id
from foundation.safe_http import Answer, Forbidden, Unreachable
from province.console.slots import OutsideService, ServiceState
from standards.flows.plugins import ContentRight
from standards.flows.systems import OutsideSystem, SystemAction, SystemInput, SystemPort
from standards.forms.fields.base import readable
from tenants.workflow.slots import EffectPer, FlowPlugin, OutsideStep, plugin_port

# where the other side has taken it on and does not say when to ask again; and where it is left alone
_LATER: Final = timedelta(minutes=10)
_REST: Final = timedelta(seconds=30)
_SOONEST: Final = timedelta(seconds=15)
_PROBE_SECONDS: Final = 5.0
# as many as expressions keep exactly
_DIGITS: Final = 15
_FIRST_SERVICE: Final = 200


def _clean(value: str | None) -> str | None:
    return value and readable(value)


_TYPES: Final[dict[str, Any]] = {
    "text": Annotated[str, AfterValidator(_clean)],
    "number": Decimal,
    "whole": int,
    "yes_no": bool,
    "date": date,
}
_OPTIONAL_TYPES: Final[dict[str, Any]] = {
    "text": Annotated[str | None, AfterValidator(_clean)],
    "number": Decimal | None,
    "whole": int | None,
    "yes_no": bool | None,
    "date": date | None,
}


def system_plugins() -> list[FlowPlugin[Any, Any]]:
    """All that the settings declare."""
    return [plugin_of(system, key, action) for system, key in settings.FLOW_SYSTEMS for action in system.actions]


def plugin_of(system: OutsideSystem, key: bytes, action: SystemAction) -> FlowPlugin[Any, Any]:
    """One action of a system that shares the key with us."""
    code = system.plugin_code(action)
    answered = _model(f"{code}_answered", action.answered)

    def call(step: OutsideStep, given: BaseModel) -> BaseModel:
        said = _asked(system, key, action, step, given)
        return answered.model_validate(said)

    return FlowPlugin(
        code=code,
        label=f"{system.label}：{action.label}",
        given=_model(f"{code}_given", action.given),
        answered=answered,
        call=call,
        attempts=action.attempts,
        one_effect=EffectPer(action.one_effect),
        within=system.within,
    )


def _model(name: str, ports: Iterable[SystemPort]) -> type[BaseModel]:
    fields: dict[str, Any] = {port.name: (_type_of(port), _stated(port)) for port in ports}
    made: type[BaseModel] = create_model(name, **fields)
    return made


def _type_of(port: SystemPort) -> Any:
    if port.type != "choice":
        return (_TYPES if port.required else _OPTIONAL_TYPES)[port.type]
    codes: Any = Literal[tuple(port.words)]
    return codes if port.required else codes | None


def _stated(port: SystemPort) -> Any:
    limits: dict[str, Any] = {}
    if port.type == "text":
        limits = {"max_length": port.longest} | ({"min_length": 1} if port.required else {})
    elif port.type in {"number", "whole"}:
        exact = Decimal if port.type == "number" else int
        least, most = (exact(str(one)) if one is not None else None for one in (port.least, port.most))
        limits = {"ge": least if least is not None else -(10**_DIGITS), "le": most if most is not None else 10**_DIGITS}
        if port.type == "number":
            limits["max_digits"] = _DIGITS
    if not port.required:
        limits["default"] = None
    right = port.right if isinstance(port, SystemInput) else ContentRight.PLAIN
    return plugin_port(port.label, right=right, words=port.words, **limits)


def _asked(
    system: OutsideSystem, key: bytes, action: SystemAction, step: OutsideStep, given: BaseModel
) -> dict[str, Any]:
    """What it answers, as JSON that nobody has judged yet. Raises Failed, Refused, Deferred."""
    # the same to the byte at every attempt
    content = {
        "id": str(step.key),
        "kind": action.code,
        "hall": step.hall.division.code,
        "run": step.run_number,
        "given": given.model_dump(mode="json", exclude_none=True),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    bridge = Bridge(system.address_of(action.code), key, settings.BRIDGE_SIGNATURE)
    try:
        with circuit_of(system.address).passage(Failed):
            answer, said = _sent(bridge, str(step.key), body, action.seconds)
    except LeftAlone as error:
        message = f"“{system.label}”近来连续没有答复，暂停一会儿再试。"
        raise Deferred(message, wait=_REST) from error
    match said["result"]:
        case "done":
            found: dict[str, Any] = said.get("answer", {})
            return found
        case "later":
            wait = min(max(answer.retry_after or _LATER, _SOONEST), LONGEST_WAIT)
            raise Deferred("对方已经收到，还在办理。", wait=wait)
        case "refused":
            raise Refused(_refusal(action, said.get("code")))
    raise Failed("答复不合约定。")


def _sent(bridge: Bridge, request_id: str, body: bytes, seconds: float) -> tuple[Answer, dict[str, Any]]:
    try:
        answer, said = post_signed(bridge, request_id=request_id, body=body, seconds=seconds)
    except Forbidden as error:
        message = f"不允许发送：{error}。"
        raise Refused(message) from error
    except (Unreachable, Unbelieved) as error:
        message = f"{error}。"
        raise Failed(message) from error
    if answer.status == HTTPStatus.OK:
        return answer, said
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        message = f"对方不认可我们的签名（答复 {answer.status}）：请平台管理员核对两边的密钥、算法和时钟。"
        raise Failed(message)
    if answer.is_passing:
        message = f"对方答复 {answer.status}。"
        raise Failed(message, retry_after=answer.retry_after and min(answer.retry_after, LONGEST_WAIT))
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        message = f"对方要转到别的地址（答复 {answer.status}），没有跟着去。"
        raise Refused(message)
    message = f"对方答复 {answer.status}。"
    raise Refused(message)


def _refusal(action: SystemAction, code: object) -> str:
    """In the declaration's own words: what the other side writes might quote what it was given."""
    known = action.refusals.get(code) if isinstance(code, str) else None
    return f"对方没有办理：{known}。" if known else "对方没有办理，也没有说明约定的原因。"


def probe_system(system: OutsideSystem, key: bytes) -> str:
    """Why the system would not do its work now, "" where it would: it is asked whether it is ready, and nothing
    else."""
    request_id = str(draw_id())
    body = json.dumps({"id": request_id, "kind": "ping"}).encode()
    bridge = Bridge(system.address_of("ping"), key, settings.BRIDGE_SIGNATURE)
    try:
        _, said = _sent(bridge, request_id, body, _PROBE_SECONDS)
    except (Failed, Refused) as failure:
        return failure.message.removesuffix("。")
    return "" if said["result"] == "ready" else "它说自己现在办不了"


def system_services() -> list[OutsideService]:
    """For the console's page of services outside."""
    return [
        OutsideService(
            _FIRST_SERVICE + at,
            system.label,
            f"流程的外部动作：{'、'.join(one.label for one in system.actions)}",
            lambda: "签名接口",
            partial(_state, system, key),
        )
        for at, (system, key) in enumerate(settings.FLOW_SYSTEMS)
    ]


def _state(system: OutsideSystem, key: bytes) -> ServiceState:
    fault = probe_system(system, key)
    return ServiceState(not fault, "没有按约定答复" if fault else "正常", fault)
