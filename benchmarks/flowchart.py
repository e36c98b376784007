"""How long the two parts of an item's page take to draw: its flow chart, of which none need be kept, and its guide."""

from typing import Any

from django.template.loader import render_to_string

from benchmarks.measuring import line, median_seconds, milliseconds
from benchmarks.world import Profile
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.queries.guide import guide_of
from standards.items.flowchart import Layout, draw

_STEPS = 12
_BOUND = 0.005
_GUIDE_BOUND = 0.05
_FLOW = [
    {
        "act": f"第 {number} 次审查和现场核实",
        "position": f"岗位{number % 5}",
        "days": number,
        "unit": "1",
        "material": "申请书、身份证明和全部申请材料",
        "standard": "材料真实，符合规定条件，需要时到现场核实，结论明确",
    }
    for number in range(1, _STEPS + 1)
]
_EXCLUDED = [
    {"step": step, "days": 20, "unit": "1", "basis": "行政许可法第四十五条"} for step in ("hearing", "experts")
]


def run(profile: Profile) -> list[dict[str, Any]]:
    times = 400 if profile.is_full else 100
    taken = {layout: median_seconds(lambda layout=layout: _drawn(layout), times=times) for layout in Layout}
    return [
        line(
            f"a flow chart of {_STEPS} steps, the slowest of {len(Layout)} layouts (ms)",
            measured=milliseconds(max(taken.values())),
            bound=f"<= {milliseconds(_BOUND)} ms",
            holds=max(taken.values()) <= _BOUND,
            **{layout.value: milliseconds(seconds) for layout, seconds in taken.items()},
            bytes=len(_drawn(Layout.WIDE).encode()),
        ),
        _guide(times),
    ]


def _guide(times: int) -> dict[str, Any]:
    item = next(one for one in read_base_list() if one.name == "食品经营许可")

    def made() -> str:
        return render_to_string(
            "catalogue/guide.html", {"guide": guide_of(item.item_type, item.values, item.hall_values)}
        )

    seconds = median_seconds(made, times=times)
    return line(
        f"the guide of {item.name} made and drawn (ms)",
        measured=milliseconds(seconds),
        bound=f"<= {milliseconds(_GUIDE_BOUND)} ms",
        holds=seconds <= _GUIDE_BOUND,
        bytes=len(made().encode()),
    )


def _drawn(layout: Layout) -> str:
    return draw(_FLOW, case_type="promised", item_type="01", excluded_steps=_EXCLUDED, title="取水许可", layout=layout)
