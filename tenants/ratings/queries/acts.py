"""What the audit calls the acts on ratings."""

from typing import Final

from province.audit.queries.acts import ActNames
from standards.ratings import RatingGrade
from tenants.ratings.states import LowRatingState, RatingFinding, RatingState

LOW_ACTS: Final = {
    "contact": "联系评价人",
    "find": "核实",
    "mend": "整改",
    "tell": "反馈评价人",
    "close": "差评办结",
    "late": "期限已过",
}

ACT_NAMES: Final = (
    ActNames(
        "好差评",
        {
            **{f"ratings.{act}": label for act, label in LOW_ACTS.items()},
            "ratings.open": "邀请评价",
            "ratings.open_visit": "邀请来访者评价",
            "ratings.give": "群众评价",
            "ratings.default": "记为默认好评",
            "ratings.set_up": "修改好差评设置",
        },
        objects={"rating": "好差评"},
        fields={
            "grade": "评价",
            "finding": "核实结果",
            "default_days": "默认好评（日）",
            "contact_days": "联系时限（工作日）",
            "mending_days": "整改时限（工作日）",
        },
        choices={
            ("rating", "state"): [*RatingState.choices, *LowRatingState.choices],
            ("rating", "grade"): [(str(key), label) for key, label in RatingGrade.choices],
            ("rating", "finding"): RatingFinding.choices,
        },
    ),
)
