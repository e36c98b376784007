"""Disk, folders, ports and programs of this machine."""

import os
import shutil
import stat
import tempfile

from django.conf import settings

from config import environment
from config.doctor.findings import DoctorFault, DoctorNote
from config.machine import parts
from config.machine.ports import listener_at, listenings
from config.machine.status import LABELS
from foundation.embedded_services import postgres
from foundation.embedded_services.supervision import Supervisor
from province.halls.queries.certificates import certificates_state

_LOW = 2 * 2**30
_FULL = 200 * 2**20


def disk_space() -> DoctorFault | None:
    here = next(one for one in (settings.VAR, *settings.VAR.parents) if one.exists())
    free = shutil.disk_usage(here).free
    if free >= _LOW:
        return None
    word = "已满" if free < _FULL else "空间不足"
    return DoctorFault(
        f"{here} 所在磁盘{word}，只剩 {free // 2**20} MB。",
        "清理该磁盘，或停止后用环境变量 YIZHAN_VAR 把数据目录放到更大的磁盘上；至少需要 2 GB。",
    )


def data_folder_writable() -> DoctorFault | None:
    # of a container's root, which is read only, some folders are mounted
    folder = settings.VAR / "log" if environment.is_in_image() else settings.VAR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"0")
            probe.flush()
    except OSError as error:
        return DoctorFault(
            f"数据目录 {folder} 不能写入（{os.strerror(error.errno or 0)}）。",
            f"把目录交给当前用户：chown -R {os.geteuid()} {folder}；或用 YIZHAN_VAR 另选目录。",
        )
    return None


def postgres_reaches_its_data() -> DoctorFault | None:
    """PostgreSQL never runs as root, and its own user must be able to walk down to its data."""
    data = (settings.VAR / "postgres").resolve()
    if environment.is_set("DATABASE_URL") or os.geteuid() != 0 or not data.exists():
        return None
    closed = [one for one in data.parents if not stat.S_IMODE(one.stat().st_mode) & stat.S_IXOTH]
    if closed:
        return DoctorFault(
            f"数据库的系统用户 {postgres.OS_USER} 进不了目录 {closed[-1]}，数据库无法启动。",
            f"开放进入权限：chmod o+x {' '.join(str(one) for one in reversed(closed))}。",
        )
    if data.owner() != postgres.OS_USER:
        return DoctorFault(
            f"数据库目录 {data} 不属于系统用户 {postgres.OS_USER}。",
            f"改回所属：chown -R {postgres.OS_USER} {data}。",
        )
    return None


def secrets_closed() -> DoctorFault | None:
    for path in (settings.VAR / "secrets.json", settings.VAR / "keeper.json"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            return DoctorFault(f"密钥文件 {path} 可被其他用户读取。", f"收回权限：chmod 600 {path}。")
    return None


def ports_free() -> DoctorFault | None:
    """Ports of parts that do not run: a program that listens there keeps them from starting."""
    running = {one.name for one in Supervisor(settings.VAR).states() if one.is_running}
    for name, listening in listenings().items():
        if name in running or not listening.is_here:
            continue
        for port in listening.ports:
            if holder := listener_at(port):
                return DoctorFault(
                    f"{LABELS[name]}要用的端口 {port} 已被{holder}占用。",
                    f"停止占用者，或用环境变量 {listening.variable} 换一个端口，再运行 make up。",
                )
    return None


def web_answers() -> DoctorFault | None:
    if parts.web_answers():
        return None
    return DoctorFault(
        "网站没有响应。",
        f"运行 make up；仍不行时查看日志 {settings.VAR / 'log' / 'programs.log'}。",
    )


def proxy_answers() -> DoctorFault | None:
    """Readers come through the proxy, which waits for slow clients in the web server's place."""
    if parts.proxy_answers():
        return None
    return DoctorFault(
        f"端口 {settings.WEB_PORT} 上没有入口代理，或它连不上网站：读者打不开网页，慢连接也没有人挡住。",
        f"运行 make up；仍不行时查看日志 {settings.VAR / 'log' / 'proxy.log'}。",
    )


def readers_encrypted() -> DoctorFault | None:
    """Outside this machine nobody signs in over a line that others can read."""
    if settings.PUBLIC_SCHEME == "https" or settings.IS_FOR_THIS_MACHINE:
        return None
    return DoctorFault(
        "网站对外使用 http，密码和个人信息会被沿途读到。",
        "在前面的代理上启用 TLS（docs/guides/operator.md），再设 PUBLIC_SCHEME=https。",
    )


def certificates_hold() -> DoctorFault | DoctorNote | None:
    """Browsers let readers in, today and in two weeks."""
    state = certificates_state()
    cure = "更换证书，做法见 docs/runbooks/certificates.md。"
    if state.is_reachable is False:
        return DoctorFault(f"{state.words}：{state.failure}。", cure)
    if state.is_reachable is None and settings.PUBLIC_SCHEME == "https":
        return DoctorNote(f"{state.words}。")
    return None


def beat_runs() -> DoctorFault | None:
    return _program_runs(parts.BEAT)


def relay_runs() -> DoctorFault | None:
    return _program_runs(parts.RELAY)


def builder_runs() -> DoctorFault | None:
    return _program_runs(parts.BUILDER)


def _program_runs(name: str) -> DoctorFault | None:
    states = {one.name: one for one in Supervisor(settings.VAR).states()}
    if name in states and states[name].state == "RUNNING":
        return None
    return DoctorFault(
        f"{LABELS[name]}没有运行。",
        f"运行 make up；反复退出时查看日志 {settings.VAR / 'log' / 'programs.log'}。",
    )


def static_collected() -> DoctorFault | None:
    if (settings.STATIC_ROOT / "staticfiles.json").exists():
        return None
    return DoctorFault("静态文件（样式、脚本）没有收集，页面可能没有样式。", "运行 make up，它会收集静态文件。")
