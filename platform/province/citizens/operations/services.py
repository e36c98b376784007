"""How the message gateway and the register that confirms identities fare, asked now."""

from django.conf import settings

from province.citizens.models import GatewayRecord
from province.citizens.operations.gateways import probe_gateway
from province.citizens.queries.gateways import gateway_record
from province.console.slots import ServiceState

_NAMES = {"local": "演示用（只在本机显示，不真正发送或核验）", "http": "本省的对接程序"}


def gateway_name() -> str:
    return _NAMES.get(settings.MESSAGE_GATEWAY, "")


def verifier_name() -> str:
    return _NAMES.get(settings.IDENTITY_VERIFIER, "")


def gateway_state() -> ServiceState:
    return _state(GatewayRecord.Name.MESSAGES, settings.MESSAGE_GATEWAY, "没有设置，验证码和提醒发不出去")


def verifier_state() -> ServiceState:
    return _state(GatewayRecord.Name.REGISTER, settings.IDENTITY_VERIFIER, "没有设置，群众不能在线实名认证")


def _state(name: GatewayRecord.Name, adapter: str, without: str) -> ServiceState:
    """The stand-in always answers, and is no service: yellow like one that is not set."""
    if adapter != "http":
        return ServiceState(None, "演示用" if adapter else without)
    fault = probe_gateway(name=name)
    record = gateway_record(name)
    return ServiceState(
        is_reachable=not fault,
        words="没有按约定答复" if fault else "正常",
        failure=fault or (record.failure if record else ""),
        failed_at=record.failed_at if record else None,
    )
