"""Bring this machine up: idempotent, whole or not at all, and at every moment one can see which step it is at."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command
from django.db import connection
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config import environment
from config.health import pending_migrations, ready_faults
from config.machine.parts import BACKUP, DEMO, PROGRAMS, WORKER, Part, parts_here, source_stamp, worker_answers
from config.machine.ports import listener_at, listenings
from config.machine.progress import Progress, Step
from config.machine.status import LABELS
from foundation.crypto.versions import key_faults
from foundation.embedded_services import postgres, seaweed
from foundation.embedded_services.secrets import KeeperSecrets, PartSecrets, make_keeper_secrets, make_secrets
from foundation.embedded_services.supervision import Supervisor
from foundation.errors import Conflict, Unavailable
from foundation.files.credentials import prepare_store
from foundation.files.locked import make_locked_bucket
from province.halls.models import HallKind
from province.rights.queries import system_actor
from provisioning.grants import grant_to_application
from provisioning.states import StepState
from provisioning.templates import build_template
from provisioning.upgrade import upgrade_halls

UP_STEPS = 9
# seconds; a busy machine may need many times the usual three
_PATIENCE = 120
# bytes of a path in sun_path, its closing NUL apart (unix(7))
_LONGEST_SOCKET = 107


class Machine:
    """This machine's parts under their supervisor, one step a method."""

    def __init__(self, secrets: PartSecrets, keeper: KeeperSecrets, *, is_demo: bool = False) -> None:
        self._secrets, self._keeper, self._is_demo = secrets, keeper, is_demo
        self.supervisor = Supervisor(settings.VAR)
        self._parts: dict[str, Part] = {}

    def prepare(self, step: Step) -> None:
        """Make data folders and definitions, start the supervisor, and then the store, which takes longest.

        Raises Conflict where somebody else listens at the port of a part that does not run yet, or the folder's path is
        too long for a socket.
        """
        if len(bytes(settings.WEB_SOCKET)) > _LONGEST_SOCKET:
            message = f"数据目录 {settings.VAR} 的路径太长，无法建立套接字。请用环境变量 YIZHAN_VAR 换一个较短的路径。"
            raise Conflict(message)
        if not environment.is_set("DATABASE_URL"):
            data = postgres.data_folder(settings.VAR)
            if settings.VAR.resolve() not in data.parents:
                step.note = f"项目目录对 PostgreSQL 的系统用户不开放，数据库放在 {data}"
        self._parts = {part.name: part for part in parts_here(self._secrets, self._keeper, is_demo=self._is_demo)}
        self.supervisor.define([part.program for part in self._parts.values()])
        running = {one.name for one in self.supervisor.states() if one.is_running}
        if "postgres" in self._parts.keys() - running:
            _await_end_of_old_server()
        for name in self._parts.keys() - running:
            refuse_taken_ports(name)
        for name in seaweed.commands(settings.VAR / "s3", port=settings.S3_PORT):
            self._start(name)

    def start_database(self, step: Step) -> None:
        if "postgres" not in self._parts:
            step.note = "使用 DATABASE_URL 指定的服务器"
            return
        self._start("postgres")
        self._wait("postgres")
        postgres.make_roles_and_database(
            port=settings.POSTGRES_PORT,
            superuser=self._keeper.superuser_password,
            owner=self._keeper.owner_password,
            application=self._secrets.database_password,
            backup=self._keeper.backup_password,
            former_superuser=self._secrets.database_password,
        )

    def start_broker(self, step: Step) -> None:
        if "valkey" not in self._parts:
            step.note = "使用 BROKER_URL 指定的服务器"
            return
        self._start("valkey")
        self._wait("valkey")

    def await_store(self, step: Step) -> None:
        if "s3" in self._parts:
            self._wait("s3")
        else:
            step.note = "使用 S3_ENDPOINT 指定的服务器"
        prepare_store()
        try:
            make_locked_bucket(settings.AUDIT_BUCKET)
        except Unavailable:
            # a store of somebody else's: the doctor says what is missing
            step.note = f"{step.note}；审计的存储桶没有锁，请运行 yizhan doctor".removeprefix("；")

    def start_programs(self, _: Step) -> None:
        self._start(PROGRAMS)
        self._start("proxy")
        self._wait(PROGRAMS)
        self._wait("proxy")
        self._start(BACKUP)
        wait_until(
            worker_answers, seconds=_PATIENCE, what=f"{LABELS[WORKER]}没有启动成功，请运行 yizhan doctor 查看原因。"
        )
        wait_until(
            lambda: not ready_faults(), seconds=_PATIENCE, what="各程序没有全部就绪，请运行 yizhan doctor 查看原因。"
        )

    def live_demo(self) -> None:
        """Begin to live the demo's month in the background, or go on with it; returns at once."""
        parts = parts_here(self._secrets, self._keeper, is_demo=True, lives_demo=True)
        self.supervisor.define([part.program for part in parts])
        self.supervisor.start(DEMO)

    def _start(self, name: str) -> None:
        if name in self._parts:
            self.supervisor.start(name)

    def _wait(self, name: str) -> None:
        part = self._parts[name]
        if part.answers:
            log = settings.VAR / "log" / f"{name}.log"
            wait_until(part.answers, seconds=_PATIENCE, what=f"{LABELS[name]}没有启动成功，请查看日志 {log}。")


def _await_end_of_old_server() -> None:
    """One that a killed supervisor left writes its last things before it ends."""
    data = postgres.data_folder(settings.VAR)
    wait_until(
        lambda: postgres.running_server(data) is None,
        seconds=_PATIENCE,
        what=f"数据目录 {data} 正被另一个 PostgreSQL 使用，请先停止它。",
    )
    postgres.forget_dead_server(data)


def migrate_public(step: Step) -> None:
    waiting = pending_migrations()
    if waiting:
        step.say(f"{len(waiting)} 项")
        call_command("migrate_schemas", "--shared", interactive=False, verbosity=0)
    else:
        step.note = "已是最新"
    grant_to_application()
    if faults := key_faults():
        raise Conflict(f"{'；'.join(faults)}。请把原来的密钥加回来再启动，做法见 docs/runbooks/keys.md。")


def build_templates(step: Step) -> None:
    for kind in HallKind:
        step.say(kind.label)
        build_template(kind)


def upgrade(step: Step) -> None:
    """Bring the schemas of all halls up to this code; one query where there is nothing to do."""
    rollout = upgrade_halls(by=system_actor("启动"), report=lambda done: step.say(f"{done.done}/{done.total}"))
    if rollout is None:
        step.note = "已是最新"
    elif failed := rollout.steps.filter(state=StepState.FAILED).count():
        step.note = f"{failed} 个服务厅没有升级成功，原因见 yizhan halls upgrade"


def collect_static(step: Step) -> None:
    """Collect the files for browsers; nothing is done where those of this very code were collected to the end."""
    stamp, collected = source_stamp(), settings.VAR / "run" / "collected"
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and _text_of(collected) == stamp:
        step.note = "已是最新"
        return
    collected.unlink(missing_ok=True)
    command = CollectStatic()
    # the settings choose this storage only once there is something collected
    command.storage = CompressedManifestStaticFilesStorage(location=settings.STATIC_ROOT, base_url=settings.STATIC_URL)
    call_command(command, interactive=False, verbosity=0)
    collected.parent.mkdir(parents=True, exist_ok=True)
    collected.write_text(stamp, encoding="utf-8")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def bring_up(progress: Progress, *, is_demo: bool = False) -> Machine:
    """Start all parts of this machine, bring the database up to this code, and return once all of them answer. Raises
    Conflict or Unavailable, saying what stands in the way. ``is_demo``: no province will be made on it."""
    with _alone():
        machine = Machine(make_secrets(settings.VAR), make_keeper_secrets(settings.VAR), is_demo=is_demo)
        for label, act in (
            ("准备数据目录，启动进程守护和对象存储", machine.prepare),
            ("启动数据库", machine.start_database),
            ("启动消息队列", machine.start_broker),
            ("升级公共库表", migrate_public),
            ("准备各类服务厅的模板", build_templates),
            ("升级各服务厅", upgrade),
            ("收集静态文件", collect_static),
            ("等待对象存储，准备存储桶", machine.await_store),
            ("启动网站、入口代理、后台任务、定时任务和事件中继", machine.start_programs),
        ):
            with progress.step(label) as step:
                act(step)
        connection.close()
    return machine


def refuse_taken_ports(name: str) -> None:
    """Raises Conflict where somebody else listens at one of the part's ports."""
    listening = listenings().get(name)
    if listening is None:
        return
    for port in listening.ports:
        if holder := listener_at(port):
            raise Conflict(
                f"端口 {port}（{LABELS[name]}）已被{holder}占用。"
                f"请停止它，或用环境变量 {listening.variable} 换一个端口后重试。"
            )


@contextmanager
def _alone() -> Iterator[None]:
    """Only one `up` at a time; the lock ends with its process, however that ends."""
    path = settings.VAR / "run" / "up.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("另一个 make up 正在进行，请等它结束。") from error
        yield


def wait_until(is_true: Callable[[], bool], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise Unavailable(what)
        time.sleep(0.1)
