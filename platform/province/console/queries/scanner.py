"""How the virus scanner fares, where one is set."""

from django.conf import settings

from foundation.files.scanning import scanner_fault
from province.console.slots import ServiceState


def scanner_name() -> str:
    return "ClamAV" if settings.CLAMAV_ADDRESS else ""


def scanner_state() -> ServiceState:
    if not settings.CLAMAV_ADDRESS:
        return ServiceState(None, "没有设置，文件不经扫描")
    if fault := scanner_fault():
        return ServiceState(is_reachable=False, words="没有应答，文件不能上传", failure=fault)
    return ServiceState(is_reachable=True, words="正常")
