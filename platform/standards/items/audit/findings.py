"""What an audit reads, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices


class AuditKind(TextChoices):
    """What is found, the gravest first."""

    REPEALED = "repealed", "依据已经废止"
    RENAMED = "renamed", "依据已经改名"
    # 四级四同
    UNLIKE_CODE = "unlike-code", "各级编码不同"
    UNLIKE_NAME = "unlike-name", "各级名称不同"
    UNLIKE_BASIS = "unlike-basis", "各级依据不同"
    UNLIKE_TYPE = "unlike-type", "各级类型不同"
    LEVEL = "level", "层级不符"
    TYPE = "type", "类型不符"
    REMEDY = "remedy", "复议机关不符"
    ARTICLE = "article", "缺少条款"
    TITLE = "title", "法规名称写法"
    REPEATED = "repeated", "多个事项文字雷同"
    CHANGED = "changed", "条文可能已变"


@dataclass(frozen=True, slots=True)
class Audited:
    """An item as an audit reads it; ``key`` is what the caller knows it by, ``values`` are the province's by the names
    of elements."""

    key: str
    name: str
    item_type: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """``where`` is the element's path (``laws.2``), ``message`` says it to people. ``is_hint``: to be looked at, not
    sure to be wrong."""

    item: Audited
    kind: AuditKind
    where: str
    message: str
    is_hint: bool = False
