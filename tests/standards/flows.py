"""Flows as people write them, and as nobody should."""

from typing import Any

from hypothesis import strategies as st

from standards.items.codelists import CaseType, DayUnit, ExcludedStep, ItemType, LimitUnit

ACTS = ("受理", "审查", "现场核实和公示", "决定", "审批和发证", "制证和送达", "报送上级", "联审比对", "归档", "收件")
POSITIONS = ("申请人", "窗口工作人员", "承办股室", "分管负责人", "农业农村、自然资源、林业、水利站所", "县残联")
WORDS = (
    "材料齐全、符合法定形式",
    "申请审查到场、批准后丈量到场、建成后核查到场（“三到场”），20 个工作日内办结。",
    "https://www.example.gov.cn/a/very/long/address/that/has/no/blank.html",
    "Ⅳ级 ①②③ ﷽ 👨‍👩‍👧 ก็ Ж ﾊﾝｶｸ",
    "<script>alert(1)</script>&amp;\"'",
    "。，、；：？！",
)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(WORDS), st.text(max_size=most), st.just(""))


STEPS = st.fixed_dictionaries(
    {
        "act": st.one_of(st.sampled_from(ACTS), texts(60)),
        "position": st.one_of(st.sampled_from(POSITIONS), texts(60)),
        "days": st.integers(0, 3650),
        "unit": st.sampled_from(LimitUnit.values),
    },
    optional={"material": texts(500), "standard": texts(500)},
)
EXCLUDED = st.fixed_dictionaries(
    {
        "step": st.sampled_from(ExcludedStep.values),
        "days": st.integers(1, 3650),
        "unit": st.sampled_from(DayUnit.values),
    },
    optional={"basis": texts(80), "note": texts(80), "is_charged": st.booleans()},
)
FLOWS = st.lists(STEPS, min_size=1, max_size=12)
CASES = st.fixed_dictionaries(
    {
        "case_type": st.sampled_from(["", *CaseType.values]),
        "item_type": st.sampled_from(["", *ItemType.values]),
        "excluded": st.lists(EXCLUDED, max_size=6),
        "limits": st.fixed_dictionaries({}, optional={"correct_days": st.integers(0, 5)}),
    }
)


def flow_of(*acts: str, position: str = "承办股室") -> list[dict[str, Any]]:
    """A step for each act, a working day each."""
    return [{"act": act, "position": position, "days": 1, "unit": "1"} for act in acts]
