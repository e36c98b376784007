"""Broker, object store, and the work that passes through them."""

from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone
from minio.error import S3Error

from config.doctor.findings import DoctorFault, DoctorNote
from config.machine.parts import WORKER, worker_answers
from foundation.embedded_services.supervision import Supervisor
from foundation.errors import Unavailable
from foundation.events.models import EventDelivery
from foundation.events.queries import (
    declared_due_times,
    gone_subscribers,
    undeclared_due_times,
    waiting_deliveries,
)
from foundation.files.clients import knows_reading_key, schemas_with_unknown_keys
from foundation.files.scanning import scanner_fault
from foundation.files.store import has_bucket
from foundation.full_text.status import engine_status
from province.console.queries.store import store_state
from province.halls.models import Hall
from provisioning.store_keys import halls_with_unknown_keys

_LATE = timedelta(seconds=60)
# halls at each end of the list; a look takes some milliseconds
_SAMPLE = 20


def broker_reachable() -> DoctorFault | None:
    try:
        with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=3, socket_connect_timeout=3) as broker:
            broker.ping()
    except redis.AuthenticationError:
        return DoctorFault("消息队列不接受密码。", "核对 BROKER_URL 中的密码。")
    except redis.RedisError:
        return DoctorFault("消息队列连接不上。", "运行 make up 启动内置队列；使用外部队列时核对 BROKER_URL 和网络。")
    return None


def store_reachable() -> DoctorFault | None:
    try:
        has_bucket()
    except Unavailable as error:
        if isinstance(error.__cause__, S3Error):
            return DoctorFault("对象存储不接受访问密钥。", "核对 S3_ACCESS_KEY 和 S3_SECRET_KEY。")
        return DoctorFault(
            f"对象存储 {settings.S3_ENDPOINT} 连接不上。",
            "运行 make up 启动内置存储；使用外部存储时核对 S3_ENDPOINT 和网络。",
        )
    return None


def store_quick() -> DoctorFault | None:
    """Pages wait for no picture, but readers do."""
    state = store_state()
    if state.is_reachable is not False:
        return None
    return DoctorFault(
        f"对象存储{state.words}。", "查看它的磁盘、网络和负载；网页照常打开，只是图片和附件来得慢或来不了。"
    )


def bucket_there() -> DoctorFault | None:
    if has_bucket():
        return None
    return DoctorFault(
        f"对象存储里没有存储桶“{settings.S3_BUCKET}”。", "运行 make up 创建，或把 S3_BUCKET 改为已有的存储桶。"
    )


def halls_have_their_keys() -> DoctorFault | None:
    """Of the oldest halls and the newest, and of all for which the store refused the key lately."""
    if not settings.S3_FILER_ENDPOINT:
        return None
    halls = Hall.objects.order_by("number").only("id", "name", "division").select_related("division")
    noted = halls.filter(schema_name__in=schemas_with_unknown_keys())
    looked_at = {hall.pk: hall for hall in [*noted, *halls[:_SAMPLE], *halls.reverse()[:_SAMPLE]]}
    unknown = halls_with_unknown_keys(list(looked_at.values()))
    if not knows_reading_key():
        return DoctorFault(
            "各厅读取省里文件和互相推荐的文件所用的密钥，存储不认识。", "运行 make up，让存储重新认识它。"
        )
    if not unknown:
        return None
    return DoctorFault(
        f"抽查的 {len(looked_at)} 个服务厅中，有 {len(unknown)} 个的文件存储密钥不被存储认识，"
        f"例如{unknown[0].name}：那里现在不能上传或读取文件。",
        "运行 yizhan halls keys tell，让存储重新认识各厅的密钥。",
    )


def scanner_answers() -> DoctorFault | None:
    """One that is away keeps every upload out."""
    if not scanner_fault():
        return None
    return DoctorFault(
        f"病毒扫描程序 {settings.CLAMAV_ADDRESS} 没有响应，现在谁都上传不了文件。",
        "启动 clamd，并核对 CLAMAV_ADDRESS；确实不用时取消这个变量。",
    )


def search_engine_right() -> DoctorFault | DoctorNote | None:
    """It answers in time, has its indexes, and what changed stands in them. While it is away, unbuilt or behind, the
    database answers."""
    status = engine_status()
    if not status.is_chosen:
        return DoctorNote("没有设置，由数据库搜索。")
    if not status.fault:
        return None
    cure = "按 docs/runbooks/search.md 处理；它没有应答、没有建好或落后时，读者的搜索由数据库代为回答。"
    return DoctorFault(f"搜索引擎{status.fault}。", cure)


def worker_runs() -> DoctorFault | None:
    """One that is being started answers within ten seconds; where the supervisor says that none runs, none is asked."""
    states = Supervisor(settings.VAR).states()
    is_stopped = bool(states) and not any(one.name == WORKER and one.is_up for one in states)
    if not is_stopped and any(worker_answers() for _ in range(10)):
        return None
    return DoctorFault(
        "后台任务程序没有响应，开通、核验等工作不会进行。",
        f"运行 make up；仍不行时查看日志 {settings.VAR / 'log' / 'programs.log'}。",
    )


def events_handled() -> DoctorFault | None:
    """The relay works: nothing has waited for more than a minute."""
    before = timezone.now() - _LATE
    waiting = waiting_deliveries().filter(available_at__lt=before).count()
    late = declared_due_times().filter(due_at__lt=before).count()
    if not waiting and not late:
        return None
    return DoctorFault(
        f"有 {waiting} 个事件、{late} 个到期事项超过一分钟没有处理。",
        f"确认事件中继在运行（yizhan status），并查看日志 {settings.VAR / 'log' / 'programs.log'}。",
    )


def no_dead_events() -> DoctorFault | None:
    dead = EventDelivery.objects.filter(state=EventDelivery.State.DEAD).select_related("event").order_by("-finished_at")
    if not dead.exists():
        return None
    return DoctorFault(
        f"有 {dead.count()} 个事件多次失败后被放弃，最近一个是“{dead[0].event.kind}”（处理方：{dead[0].subscriber}）。",
        f"查看日志 {settings.VAR / 'log' / 'programs.log'} 中的原因，处理后按 docs/runbooks/events.md 重新排队。",
    )


def subscribers_there() -> DoctorFault | None:
    """Everything that waits still has somebody who acts on it."""
    gone = [f"“{one.kind}”没有处理方 {one.subscriber}（{one.waiting} 个）" for one in gone_subscribers()]
    kinds = undeclared_due_times().order_by("kind").values_list("kind", flat=True).distinct()
    gone += [f"到期事项“{kind}”没有声明" for kind in kinds]
    if not gone:
        return None
    return DoctorFault(
        f"有事件在等待已经不存在的处理方：{'、'.join(gone)}。",
        "确认所有程序是同一版本；处理方确已取消时，按 docs/runbooks/events.md 结束这些事件。",
    )
