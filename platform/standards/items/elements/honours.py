"""Awards that an authority gives of its own motion (依职权行政奖励): what is given, by what measure, who proposes,
how it is made known, and when it is taken back. The national tables have no column for any of it."""

from standards.items.codelists import HONOURED
from standards.items.kinds import Element, Kind, Section
from standards.items.power_codes import AwardKind

_AWARDS = "评比达标表彰活动管理办法"

HONOUR_ELEMENTS = (
    Element(
        name="award_kinds",
        label="奖励种类",
        kind=Kind.CHOICES,
        codes=AwardKind,
        applies=HONOURED,
        needed=HONOURED,
        section=Section.SCOPE,
        plain="给什么奖励",
        source=_AWARDS,
    ),
    Element(
        name="award_conditions",
        label="评选条件和标准",
        kind=Kind.TEXT,
        applies=HONOURED,
        needed=HONOURED,
        most=4000,
        section=Section.SCOPE,
        plain="什么样的单位和个人可以得奖",
        source=_AWARDS,
    ),
    Element(
        name="award_cycle",
        label="评选周期和名额",
        applies=HONOURED,
        needed=HONOURED,
        most=200,
        section=Section.SCOPE,
        plain="多久评一次、评多少",
        source=_AWARDS,
    ),
    Element(
        name="nomination",
        label="推荐方式",
        kind=Kind.TEXT,
        applies=HONOURED,
        needed=HONOURED,
        most=1000,
        section=Section.SCOPE,
        plain="由谁推荐",
        source=_AWARDS,
    ),
    Element(
        name="award_notice_days",
        label="拟奖励名单公示期限",
        kind=Kind.NUMBER,
        applies=HONOURED,
        most=90,
        unit="个工作日",
        section=Section.PROCEEDING,
        plain="名单公示多久",
        source=_AWARDS,
    ),
    Element(
        name="award_notice_note",
        label="不公示或者缩短公示的理由",
        kind=Kind.TEXT,
        applies=HONOURED,
        most=400,
        section=Section.PROCEEDING,
        plain="为什么不公示",
        source=_AWARDS,
    ),
    Element(
        name="award_withdrawal",
        label="撤销奖励的情形",
        kind=Kind.TEXT,
        applies=HONOURED,
        needed=HONOURED,
        most=1000,
        section=Section.DUTIES,
        plain="什么情况下撤销奖励",
        source=_AWARDS,
    ),
)
