"""好差评: the five grades and what people can say beside them.

The grades are table A.8 of GB/T 39046-2020; 4 and 5 are 差评 (国办发〔2019〕51号). The reasons follow the indicators of
local rules: online efficiency, guide, convenience and platform; at a window efficiency, skill and manner. The texts of
GB/T 39734-2020 and GB/T 39735-2020 were not at hand: words and codes of the reasons are this platform's own, not those
of the national exchange.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import IntegerChoices, TextChoices


class RatingGrade(IntegerChoices):
    """A.8 of GB/T 39046-2020: 1 is the best."""

    VERY_GOOD = 1, "非常满意"
    GOOD = 2, "满意"
    FAIR = 3, "基本满意"
    BAD = 4, "不满意"
    VERY_BAD = 5, "非常不满意"

    @property
    def is_low(self) -> bool:
        """Whether it is a 差评, which has to be answered."""
        return self in LOW

    @property
    def points(self) -> int:
        """5 for the best, 1 for the worst: what averages are made of."""
        return 6 - self.value


LOW: Final = frozenset({RatingGrade.BAD, RatingGrade.VERY_BAD})
# 好评 are the three others
GOOD: Final = frozenset(RatingGrade) - LOW


class RatedPlace(TextChoices):
    """Where the service was had, by which the indicators differ."""

    ONLINE = "online", "网上"
    WINDOW = "window", "窗口"


@dataclass(frozen=True, slots=True)
class RatingReason:
    """``code``: kept with the rating; ``is_low``: whether it goes with a 差评 or with the other grades."""

    code: str
    words: str
    place: RatedPlace
    is_low: bool


def _reasons(place: RatedPlace, letter: str, good: tuple[str, ...], low: tuple[str, ...]) -> tuple[RatingReason, ...]:
    return tuple(
        RatingReason(f"{letter}{sign}{number}", words, place, is_low)
        for sign, is_low, given in (("g", False, good), ("b", True, low))
        for number, words in enumerate(given, start=1)
    )


REASONS: Final = (
    *_reasons(
        RatedPlace.ONLINE,
        "o",
        ("办理速度快", "办事指南写得准确", "办起来方便", "平台好操作"),
        ("办理太慢", "办事指南不准确", "办起来不方便", "平台不好操作", "要了清单以外的材料", "办理结果没有说清"),
    ),
    *_reasons(
        RatedPlace.WINDOW,
        "w",
        ("办理速度快", "工作人员业务熟练", "服务态度好", "一次说清要什么材料"),
        ("等候、办理太久", "工作人员业务不熟", "服务态度不好", "没有一次说清材料", "要了清单以外的材料", "让人来回跑"),
    ),
)
_BY_CODE: Final = {one.code: one for one in REASONS}


def reasons_for(place: str, grade: int) -> tuple[RatingReason, ...]:
    """What can be said beside this grade of a service that was had there."""
    is_low = RatingGrade(grade).is_low
    return tuple(one for one in REASONS if one.place == place and one.is_low is is_low)


def words_of_reasons(codes: list[str]) -> list[str]:
    """In words, without those that nobody knows any more."""
    return [_BY_CODE[code].words for code in codes if code in _BY_CODE]
