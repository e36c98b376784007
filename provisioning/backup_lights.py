"""How far behind the backup is, when it was last brought back for trial, and whether it has every file: lights on the
operator's page."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from province.console.slots import OutsideService, ServiceState
from provisioning.models import BackupState

# what may be lost at most: older, the light is red
LOSS: Final = timedelta(minutes=5)
# a drill a week; one that was missed is yellow, two are red
DRILL_DUE, DRILL_LATE = timedelta(days=8), timedelta(days=15)
# the files are compared every hour
FILES_LATE: Final = timedelta(hours=6)
_Kind = BackupState.Kind


def backup_state() -> ServiceState:
    """Red where what was written more than five minutes ago would be lost, whatever the reason."""
    state = BackupState.objects.filter(kind=_Kind.MOMENT).first()
    if state is None or (state.moment is None and not state.fault):
        return ServiceState(None, "没有备份")
    age = timezone.now() - state.moment if state.moment else None
    is_behind = age is None or age > LOSS
    words = f"落后 {_words(age)}，超过 5 分钟" if is_behind and age else "从未成功" if is_behind else "正常"
    return ServiceState(not is_behind, words, state.fault, state.begun_at if state.fault else None)


def drill_state() -> ServiceState:
    """Red where the last one failed or is two weeks old, yellow where it is due."""
    state = BackupState.objects.filter(kind=_Kind.DRILL).first()
    if state and state.fault:
        return ServiceState(is_reachable=False, words="上次演练没有成功", failure=state.fault, failed_at=state.begun_at)
    if state is None or state.done_at is None:
        return ServiceState(None, "从未演练")
    age = timezone.now() - state.done_at
    words = f"{_words(age)}前恢复成功，用时 {state.seconds:.0f} 秒"
    return ServiceState(False if age > DRILL_LATE else None if age > DRILL_DUE else True, words)


def files_state() -> ServiceState:
    """Red where files lay in the store of which the backup had not been told, or nobody has looked for hours."""
    state = BackupState.objects.filter(kind=_Kind.FILES).first()
    if state and state.fault:
        words = "有文件没有及时备份"
        return ServiceState(is_reachable=False, words=words, failure=state.fault, failed_at=state.begun_at)
    if state is None or state.done_at is None:
        return ServiceState(None, "还没有核对")
    age = timezone.now() - state.done_at
    return ServiceState(age <= FILES_LATE, f"{_words(age)}前核对，没有遗漏")


def _place() -> str:
    return "备份目录" if settings.BACKUP_FOLDER else ""


def _words(age: timedelta) -> str:
    seconds = age.total_seconds()
    if seconds < 120:  # noqa: PLR2004 - said in seconds up to two minutes
        return f"{seconds:.0f} 秒"
    if age < timedelta(hours=2):
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.0f} 小时" if age < timedelta(days=2) else f"{age.days} 天"


BACKUP_SERVICES = (
    OutsideService(70, "备份", "数据库、文件和密钥，持续备到另一处", _place, backup_state),
    OutsideService(71, "恢复演练", "把备份恢复出来核对", _place, drill_state),
    OutsideService(72, "文件核对", "把对象存储的全部文件和备份比对，每小时一次", _place, files_state),
)
