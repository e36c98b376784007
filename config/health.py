"""What monitors ask, on any host name: is the process alive, can it work, what do its figures say."""

from collections.abc import Callable
from functools import cache, wraps
from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import path

from config.metrics import render_metrics
from foundation.crypto.versions import key_faults
from foundation.errors import Unavailable
from foundation.files.store import has_bucket


def healthz(_: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of other parts: a restart would not heal those."""
    return JsonResponse({"status": "ok"})


def _for_monitors(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nowhere for anybody but ``MONITOR_ADDRESSES``: it costs work, and says what attackers like to know. What comes
    through a proxy that nobody told us of counts as a reader's."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        is_relayed = "HTTP_X_RELAYED" in request.META and not settings.PROXY_ADDRESSES
        address = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - nobody's
        if is_relayed or not any(address in network for network in settings.MONITOR_ADDRESSES):
            return HttpResponseNotFound()
        return view(request)

    return guarded


@_for_monitors
def readyz(_: HttpRequest) -> HttpResponse:
    faults = ready_faults()
    return JsonResponse({"status": "unready" if faults else "ok", "faults": faults}, status=503 if faults else 200)


@_for_monitors
def metrics(_: HttpRequest) -> HttpResponse:
    body, content_type = render_metrics()
    return HttpResponse(body, content_type=content_type)


def ready_faults() -> dict[str, str]:
    """Part -> what is wrong with it, in plain Chinese; empty where the program can do all its work."""
    checks = {"broker": _broker_fault, "store": _store_fault}
    return rows_faults() | {name: fault for name, check in checks.items() if (fault := check())}


def rows_faults() -> dict[str, str]:
    """Likewise of the database alone: it answers, is as this code wants it, and was written with these keys."""
    checks = {"database": _database_fault, "keys": _keys_fault}
    return {name: fault for name, check in checks.items() if (fault := check())}


def pending_migrations() -> list[str]:
    """What the code brings and the public schema lacks."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _migrations_of_the_code() if (app, name) not in applied)


def unknown_migrations() -> list[str]:
    """What the public schema has and the code does not know: a newer release made it."""
    applied = MigrationRecorder(connection).applied_migrations()
    known = _migrations_of_the_code()
    apps = {app for app, _ in known}
    return sorted(f"{app}.{name}" for app, name in applied if app in apps and (app, name) not in known)


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _database_fault() -> str:
    try:
        waiting = pending_migrations()
    except DatabaseError:
        connection.close()
        return "数据库连接不上"
    return f"有 {len(waiting)} 项数据库升级没有执行" if waiting else ""


def _keys_fault() -> str:
    try:
        return "；".join(key_faults())
    except DatabaseError:
        # said already
        return ""


def _broker_fault() -> str:
    try:
        with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            broker.ping()
    except redis.RedisError:
        return "消息队列连接不上"
    return ""


def _store_fault() -> str:
    try:
        return "" if has_bucket() else "对象存储里没有存储桶"
    except Unavailable:
        return "对象存储连接不上"


urlpatterns = [path("healthz", healthz), path("readyz", readyz), path("metrics", metrics)]
