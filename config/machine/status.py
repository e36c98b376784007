"""What runs on this machine and where it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil
from django.conf import settings
from django.utils.timezone import localtime

from foundation.embedded_services.forking import family_of
from foundation.embedded_services.supervision import Supervisor

LABELS: Mapping[str, str] = {
    "postgres": "数据库 PostgreSQL",
    "valkey": "消息队列 Valkey",
    "s3-volume": "对象存储的数据卷",
    "s3-filer": "对象存储的目录",
    "s3": "对象存储 SeaweedFS",
    "proxy": "入口代理 Caddy",
    "programs": "总程序",
    "web": "网站",
    "worker": "后台任务",
    "builder": "开通服务厅",
    "beat": "定时任务",
    "relay": "事件中继",
    "backup": "持续备份",
    "demo": "演示的一个月办件",
}
_WORDS = {
    "RUNNING": "运行中",
    "STARTING": "启动中",
    "BACKOFF": "反复退出，正在重试",
    "STOPPING": "停止中",
    "STOPPED": "已停止",
    "EXITED": "已退出",
    "FATAL": "启动失败",
}


@dataclass(frozen=True, slots=True)
class PartState:
    """What people are told of one program: its state in words, since when (local time), process id, memory in MB (its
    children's included), and where it listens."""

    name: str
    label: str
    state: str
    since: str
    pid: int | None
    memory_mb: int | None
    address: str


def part_states() -> list[PartState]:
    """Return the state of every program of this machine, in the order of LABELS; empty where nothing was started."""
    return [
        PartState(
            one.name,
            LABELS[one.name],
            _WORDS.get(one.state, "未知"),
            f"{localtime(one.since):%m-%d %H:%M:%S}" if one.since else "",
            one.pid,
            _memory_mb(one.pid),
            _ADDRESSES.get(one.name, lambda: "")(),
        )
        for one in sorted(Supervisor(settings.VAR).states(), key=lambda one: list(LABELS).index(one.name))
    ]


def site_address(host: str) -> str:
    """Return the address at which readers reach a host of ours, with scheme, the port where it is not the usual one,
    and a slash at its end."""
    default = {"http": 80, "https": 443}[settings.PUBLIC_SCHEME]
    port = "" if default == settings.PUBLIC_PORT else f":{settings.PUBLIC_PORT}"
    return f"{settings.PUBLIC_SCHEME}://{host}{port}/"


def addresses() -> dict[str, str]:
    """Return what people open and where logs are, by label, for the table at the end of `yizhan up`."""
    return {
        "省级平台": site_address(settings.BASE_DOMAIN),
        "省级工作台": f"{site_address(settings.BASE_DOMAIN)}console/",
        "数据与日志": str(settings.VAR),
    }


_ADDRESSES = {
    "postgres": lambda: f"127.0.0.1:{settings.POSTGRES_PORT}",
    "valkey": lambda: f"127.0.0.1:{settings.VALKEY_PORT}",
    "s3": lambda: f"http://127.0.0.1:{settings.S3_PORT}",
    "proxy": lambda: site_address(settings.BASE_DOMAIN),
}


def _memory_mb(pid: int | None) -> int | None:
    """Of the program and its children; pages that they share count once for each, and for each of its forks."""
    if pid is None:
        return None
    try:
        resident: int = sum(one.memory_info().rss for one in family_of(psutil.Process(pid)))
    except psutil.NoSuchProcess:
        return None
    return resident // 2**20
