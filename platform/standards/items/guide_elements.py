"""The groups of elements without which a site check calls a guide of no use (国办秘函〔2019〕19号, 服务不实用)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices

from standards.items.values import is_blank


class GuideElement(TextChoices):
    """办事指南重要要素类别."""

    NAME = "name", "事项名称"
    LAWS = "laws", "设定依据"
    CONDITIONS = "conditions", "申请条件"
    MATERIALS = "materials", "办理材料"
    PLACE = "place", "办理地点"
    HOURS = "hours", "办理时间"
    PHONE = "phone", "联系电话"
    FLOW = "flow", "办理流程"


def lacking_elements(values: Mapping[str, Any]) -> list[GuideElement]:
    """Return the groups of which these values, the province's and the hall's together, tell a reader nothing."""
    windows = [row for row in values.get("windows") or () if isinstance(row, Mapping)]
    told = {
        GuideElement.NAME: [values.get("name")],
        GuideElement.LAWS: [values.get("laws")],
        GuideElement.CONDITIONS: [values.get("conditions")],
        GuideElement.MATERIALS: [values.get("materials")],
        GuideElement.PLACE: [row.get("address") for row in windows],
        GuideElement.HOURS: [row.get("hours") for row in windows],
        GuideElement.PHONE: [values.get("consult"), *(row.get("phone") for row in windows)],
        GuideElement.FLOW: [values.get("flow")],
    }
    return [element for element, answers in told.items() if all(map(is_blank, answers))]
