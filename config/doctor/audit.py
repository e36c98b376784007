"""The audit chain: its guards, its key, and whether it keeps up."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.doctor.findings import DoctorFault
from foundation.errors import NotFound, Unavailable
from foundation.files.locked import keeps_its_lock
from province.audit.models import AuditDay, AuditHead, AuditPending, facts_of
from province.audit.models.chain import HEAD_FIELDS, head_mac
from province.audit.queries.keys import audit_keys
from province.audit.queries.witness import stored_seals, witnessed_seals

_LATE = timedelta(minutes=1)
_WITNESS_LATE = timedelta(hours=1)
# a table each, and another for links, which go when they are packed
_GUARDED = 6


def audit_guarded() -> DoctorFault | None:
    """The database itself refuses every change of what was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'A'"
            " AND tgname IN ('audit_is_only_added', 'audit_link_is_packed')"
        )
        guards = cursor.fetchone()[0]
    if guards == _GUARDED:
        return None
    return DoctorFault(
        f"审计表的保护缺了 {_GUARDED - guards} 处：有人停用或删除了数据库的触发器。",
        "立即运行 yizhan audit verify，并按 docs/runbooks/audit.md 处理。",
    )


def audit_key_right() -> DoctorFault | None:
    head = AuditHead.objects.order_by("id").first()
    if head is None or head_mac(audit_keys().heads, facts_of(head, HEAD_FIELDS)) == head.mac:
        return None
    return DoctorFault(
        "审计链不是用现在的密钥写的，或链的末端被改写。",
        "如果更换过 SECRET_KEY，把原来的值设为 AUDIT_KEY 并重启；否则按 docs/runbooks/audit.md 处理。",
    )


def audit_witnessed() -> DoctorFault | None:
    """What was told outside the database is still there, and the last sealing was told."""
    witnessed = witnessed_seals()
    last = AuditDay.objects.order_by("-number").values_list("number", "hash", "created_at").first()
    if last is None and not witnessed:
        return None
    if witnessed is None:
        return DoctorFault(
            f"审计没有见证：文件 {settings.AUDIT_WITNESS} 不存在。",
            "确认后台任务在运行、AUDIT_WITNESS 指向数据库之外的位置；文件是被删除的，按 docs/runbooks/audit.md 处理。",
        )
    number, seen = max(witnessed.items(), default=(0, ""))
    if number and AuditDay.objects.filter(number=number, hash=seen).first() is None:
        return DoctorFault(
            f"审计与见证不符：见证过的第 {number} 次封存在数据库里没有，或被换过。",
            "立即运行 yizhan audit verify，并按 docs/runbooks/audit.md 处理。",
        )
    if last and last[0] > number and last[2] < timezone.now() - _WITNESS_LATE:
        return DoctorFault(
            f"最近的封存没有写进见证文件 {settings.AUDIT_WITNESS}。", "确认后台任务在运行，并且可以写这个文件。"
        )
    return None


def audit_locked() -> DoctorFault | None:
    """The store keeps what was told to it, tried out; and the last sealing was told."""
    cure = (
        "运行 make up 创建。使用外部存储时，由存储的管理员新建启用对象锁（Object Lock）的存储桶"
        f"“{settings.AUDIT_BUCKET}”，默认保留方式为 COMPLIANCE，并允许本平台的密钥读、写、列出；"
        "已有的存储桶不能补上锁，请用 AUDIT_BUCKET 指定新的。"
    )
    try:
        if not keeps_its_lock(settings.AUDIT_BUCKET):
            return DoctorFault(
                f"存储桶“{settings.AUDIT_BUCKET}”不锁住写入的内容：有存储权限的人可以删改审计的见证。", cure
            )
        stored = stored_seals()
    except (NotFound, Unavailable):
        return DoctorFault(f"存放审计见证的存储桶“{settings.AUDIT_BUCKET}”不存在，或者不接受本平台的密钥。", cure)
    late = timezone.now() - _WITNESS_LATE
    untold = AuditDay.objects.filter(created_at__lt=late).exclude(number__in=(stored or {}).keys()).count()
    if not untold:
        return None
    return DoctorFault(
        f"有 {untold} 次封存没有写进存储桶“{settings.AUDIT_BUCKET}”。",
        "确认后台任务在运行，并且对象存储连接得上；每小时会补写一次。",
    )


def audit_linked() -> DoctorFault | None:
    """The relay links what is written: nothing has waited for more than a minute."""
    late = AuditPending.objects.filter(created_at__lt=timezone.now() - _LATE).count()
    if not late:
        return None
    return DoctorFault(
        f"有 {late} 条审计记录超过一分钟没有上链。",
        f"确认事件中继在运行（yizhan status），并查看日志 {settings.VAR / 'log' / 'programs.log'}；"
        "仍不减少时运行 yizhan audit verify。",
    )
