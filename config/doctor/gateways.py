"""What citizens' sign-in, fees and flows stand on outside: the carrier of messages, the register of people, the payment
interface, and the systems that flows ask."""

from django.conf import settings
from django.utils.timezone import localtime

from config.doctor.findings import DoctorFault, DoctorNote
from province.citizens.models import GatewayRecord
from province.citizens.operations.gateways import probe_gateway
from province.citizens.queries.gateways import gateway_record
from tenants.workflow.operations.system_plugins import probe_system
from tenants.workflow.queries.call_lights import failed_calls

_LOCAL = "local：只在本机演示用，不连外面。"


def messages_go_out() -> DoctorFault | DoctorNote | None:
    return _answers(GatewayRecord.Name.MESSAGES, settings.MESSAGE_GATEWAY, "MESSAGE_GATEWAY")


def register_answers() -> DoctorFault | DoctorNote | None:
    return _answers(GatewayRecord.Name.REGISTER, settings.IDENTITY_VERIFIER, "IDENTITY_VERIFIER")


def payments_answer() -> DoctorFault | DoctorNote | None:
    return _answers(GatewayRecord.Name.PAYMENTS, settings.PAYMENTS, "PAYMENTS")


def flow_systems_answer() -> DoctorFault | DoctorNote | None:
    """Each is asked, and steps that wait for a person because one failed are counted."""
    faults = [f"{one.label}：{fault}" for one, key in settings.FLOW_SYSTEMS if (fault := probe_system(one, key))]
    if failed := failed_calls():
        faults.append(f"有 {failed} 个流程环节的外部动作没有成功，等人处理")
    if not faults:
        return DoctorNote(f"{len(settings.FLOW_SYSTEMS)} 个都有答复。") if settings.FLOW_SYSTEMS else None
    return DoctorFault(
        f"{'；'.join(faults)}。",
        "确认对方在运行，核对 FLOW_SYSTEMS、FLOW_SYSTEM_KEYS 和两边的时钟，约定见 docs/guides/flow-systems.md；"
        "修好以后，请各厅在“我的待办”里点“再试一次”，或者手工填写结果。",
    )


def both_are_set() -> DoctorFault | None:
    """A province may begin without them; then its citizens come to the window."""
    missing = [
        f"没有设置{word}（{variable}），群众{lack}"
        for word, variable, lack in (
            ("短信网关", "MESSAGE_GATEWAY", "收不到验证码，不能登录、注册"),
            ("实名核验接口", "IDENTITY_VERIFIER", "不能在网上实名"),
        )
        if not getattr(settings, variable)
    ]
    return DoctorFault(f"{'；'.join(missing)}。", "按 docs/guides/bridges.md 接好后设置。") if missing else None


def _answers(name: GatewayRecord.Name, chosen: str, variable: str) -> DoctorFault | DoctorNote | None:
    if chosen != "http":
        return DoctorNote(_LOCAL) if chosen else None
    before = _last_success(name)
    fault = probe_gateway(name=name)
    if not fault:
        return DoctorNote(f"现在有答复。此前{before}。")
    return DoctorFault(
        f"{name.label}没有按约定答复：{fault}。{before}。",
        f"确认对接程序在运行，核对 {variable}_URL、{variable}_KEY 和两边的时钟；约定见 docs/guides/bridges.md。",
    )


def _last_success(name: GatewayRecord.Name) -> str:
    record = gateway_record(name)
    if record is None or record.succeeded_at is None:
        return "还没有成功过"
    return f"最近一次成功是 {localtime(record.succeeded_at):%Y-%m-%d %H:%M}"
