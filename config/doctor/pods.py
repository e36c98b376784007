"""What cannot be seen from inside a container, and where else to look. "" where this process sees it."""

from django.conf import settings

from config.environment import is_in_image


def of_other_programs() -> str:
    """Each program has a pod of its own, and no supervisor knows them all."""
    return "别的程序各在自己的容器里：用 kubectl get pods 和 kubectl logs 查看。" if is_in_image() else ""


def of_the_worker() -> str:
    """The audit's witness is a volume that the worker alone has."""
    if not is_in_image() or settings.AUDIT_WITNESS.parent.is_mount():
        return ""
    return "见证文件只挂载在后台任务的容器里：在那里运行 yizhan doctor。"


def of_the_database() -> str:
    """In a cluster the database is backed up by its own operator."""
    if not is_in_image() or settings.BACKUP_FOLDER:
        return ""
    return "数据库由它自己的程序备份，对象存储由它的管理员备份：见 docs/guides/kubernetes.md。"


def of_developers() -> str:
    return "容器里不运行测试。" if is_in_image() else ""
