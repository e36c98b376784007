"""Broker, object store, and the work that passes through them."""

from datetime import timedelta

import redis
from django.conf import settings
from django.utils import timezone
from minio.error import S3Error

from config.doctor.findings import Fault
from config.machine.parts import worker_answers
from foundation.errors import Unavailable
from foundation.files.store import has_bucket
from foundation.outbox.models import DueTime, OutboxEvent

_LATE = timedelta(seconds=60)


def broker_reachable() -> Fault | None:
    try:
        with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=3, socket_connect_timeout=3) as broker:
            broker.ping()
    except redis.AuthenticationError:
        return Fault("消息队列不接受密码。", "核对 BROKER_URL 中的密码。")
    except redis.RedisError:
        return Fault("消息队列连接不上。", "运行 make up 启动内置队列；使用外部队列时核对 BROKER_URL 和网络。")
    return None


def store_reachable() -> Fault | None:
    try:
        has_bucket()
    except Unavailable as error:
        if isinstance(error.__cause__, S3Error):
            return Fault("对象存储不接受访问密钥。", "核对 S3_ACCESS_KEY 和 S3_SECRET_KEY。")
        return Fault(
            f"对象存储 {settings.S3_ENDPOINT} 连接不上。",
            "运行 make up 启动内置存储；使用外部存储时核对 S3_ENDPOINT 和网络。",
        )
    return None


def bucket_there() -> Fault | None:
    if has_bucket():
        return None
    return Fault(
        f"对象存储里没有存储桶“{settings.S3_BUCKET}”。", "运行 make up 创建，或把 S3_BUCKET 改为已有的存储桶。"
    )


def worker_runs() -> Fault | None:
    if any(worker_answers() for _ in range(10)):
        return None
    return Fault(
        "后台任务程序没有响应，开通、核验等工作不会进行。",
        f"运行 make up；仍不行时查看日志 {settings.VAR / 'log' / 'worker.log'}。",
    )


def events_handled() -> Fault | None:
    """The relay works: nothing has waited for more than a minute."""
    before = timezone.now() - _LATE
    waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.WAITING, available_at__lt=before).count()
    late = DueTime.objects.filter(due_at__lt=before).count()
    if not waiting and not late:
        return None
    return Fault(
        f"有 {waiting} 个事件、{late} 个到期事项超过一分钟没有处理。",
        f"确认事件中继在运行（yizhan status），并查看日志 {settings.VAR / 'log' / 'relay.log'}。",
    )


def no_dead_events() -> Fault | None:
    dead = OutboxEvent.objects.filter(state=OutboxEvent.State.DEAD).order_by("-finished_at")
    if not dead.exists():
        return None
    return Fault(
        f"有 {dead.count()} 个事件多次失败后被放弃，最近一个是“{dead[0].kind}”。",
        f"查看日志 {settings.VAR / 'log' / 'relay.log'} 中的原因，处理后按 docs/runbooks/outbox.md 重新排队。",
    )
