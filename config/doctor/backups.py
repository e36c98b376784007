"""Backups, and what a restore must have brought back."""

import random

from django.conf import settings
from django.db import connection

from config.doctor.findings import DoctorFault, DoctorNote
from foundation.files.store import is_there
from provisioning.backup_lights import backup_state, drill_state, files_state
from provisioning.named_files import files_named

# halls that are drawn by lot, and files of theirs that are looked for
_HALLS, _FILES = 40, 200


def files_there() -> DoctorFault | DoctorNote:
    """Files that rows name lie in the store."""
    with connection.cursor() as cursor:
        named = files_named(cursor, halls=_HALLS)
    looked_for = random.sample(sorted(named), min(_FILES, len(named)))
    missing = [key for key in looked_for if not is_there(key)]
    if not missing:
        return DoctorNote(f"抽查的 {len(looked_for)} 个文件都在。")
    return DoctorFault(
        f"抽查的 {len(looked_for)} 个文件中，有 {len(missing)} 个不在对象存储里，例如 {missing[0]}。",
        "从备份恢复文件，做法见 docs/runbooks/backup.md。",
    )


def backups_kept() -> DoctorFault | None:
    """What was written more than five minutes ago would not be lost, and this was tried out."""
    for state, what in ((backup_state(), "备份"), (drill_state(), "恢复演练"), (files_state(), "文件核对")):
        if state.is_reachable is False:
            return DoctorFault(f"{what}：{state.words}。{state.failure}", "按 docs/runbooks/backup.md 处理。")
    return None


def backup_folder_set() -> DoctorFault | None:
    if settings.BACKUP_FOLDER:
        return None
    return DoctorFault(
        "没有设置备份目录，这台机器坏了，数据就没有了。",
        "用 yizhan backup key 生成证书，设置 BACKUP_FOLDER 和 BACKUP_RECIPIENT，再运行 make up。",
    )
