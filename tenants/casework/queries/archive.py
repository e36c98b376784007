"""What a closed case holds, for its list of contents."""

import json
from collections.abc import Sequence
from typing import Any

from foundation.crypto.sm3 import sm3
from province.halls.models import Hall
from tenants.casework.models import Case, content_line
from tenants.casework.queries.special_procedures import special_procedures_of
from tenants.workflow.queries.filled import filled_form, moments_of


def other_archive_lines(hall: Hall, case: Case) -> list[dict[str, Any]]:
    """All but the acts, a line each: ``kind``, ``name``, ``digest``. First the form at each moment, then the files of
    the application, then what departments said (联办), then the documents of special procedures."""
    filled = filled_form(hall, case.filled_id)
    lines = [
        content_line(
            "表单",
            f"{one.moment.label}（{one.moment.number}）",
            json.dumps(one.values, ensure_ascii=False, sort_keys=True),
        )
        for one in moments_of(hall, filled)
    ]
    lines += [{"kind": "材料", "name": one.name, "digest": one.sha256} for one in filled.uploads.order_by("pk")]
    for one in case.joint_opinions.select_related("paper").exclude(given_at=None).order_by("position"):
        said = f"{one.state} {one.by_name} {one.reasons}"
        lines.append(content_line("联办意见", f"{one.body}：{one.get_state_display()}", said))
        if one.paper:
            lines.append({"kind": "联办意见的文件", "name": one.paper.name, "digest": one.paper.sha256})
    papers = [paper for line in special_procedures_of(case) for paper in line.papers]
    lines += [{"kind": "特别程序的文件", "name": one.name, "digest": one.sha256} for one in papers]
    return lines


def digest_of_contents(lines: Sequence[dict[str, Any]]) -> str:
    """SM3 over such a list."""
    return sm3("\n".join(f"{one['digest']} {one['name']}" for one in lines).encode()).hex()
