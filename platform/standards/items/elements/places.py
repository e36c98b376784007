"""Where and when one goes, and whom one asks."""

from standards.items.codelists import ALL_TYPES, APPLIED, DONE
from standards.items.kinds import Element, Filler, Kind, NationalColumn, Section, Table

WINDOW_CELLS = (
    Element(name="window", label="办理窗口", most=100, section=Section.PLACE, plain="窗口", source="浙江扩展"),
    Element(
        name="address",
        label="办理地点",
        needed=DONE,
        most=300,
        column=NationalColumn(Table.BASIC, "transact_addr"),
        section=Section.PLACE,
        plain="地址",
    ),
    Element(
        name="hours",
        label="办理时间",
        needed=DONE,
        most=300,
        column=NationalColumn(Table.BASIC, "transact_time"),
        section=Section.PLACE,
        plain="什么时候开门",
    ),
    Element(name="phone", label="窗口电话", most=50, section=Section.PLACE, plain="电话", source="本平台"),
)


def _places(word: str, label: str) -> Element:
    return Element(
        name=f"{word}s",
        label=f"可办理的{label}",
        kind=Kind.ROWS,
        cells=(
            Element(
                name="code",
                label=f"{label}代码",
                needed=DONE,
                most=12,
                column=NationalColumn(Table.EXTEND, f"{word}_code"),
            ),
            Element(
                name="name",
                label=f"{label}名称",
                needed=DONE,
                most=100,
                column=NationalColumn(Table.EXTEND, f"{word}_name"),
                section=Section.PLACE,
            ),
        ),
        by=Filler.HALL,
        applies=DONE,
        most=1000,
        section=Section.PLACE,
    )


PLACES = (
    Element(
        name="windows",
        label="办理窗口和时间",
        kind=Kind.ROWS,
        cells=WINDOW_CELLS,
        by=Filler.HALL,
        is_hall_default=True,
        applies=APPLIED,
        needed=APPLIED,
        most=40,
        section=Section.PLACE,
        plain="到哪个窗口",
    ),
    Element(
        name="consult",
        label="咨询方式",
        by=Filler.HALL,
        is_hall_default=True,
        needed=ALL_TYPES,
        most=300,
        column=NationalColumn(Table.BASIC, "link_way"),
        section=Section.QUESTIONS,
        plain="打哪个电话问",
    ),
    Element(
        name="consult_address",
        label="咨询地址",
        by=Filler.HALL,
        is_hall_default=True,
        applies=DONE,
        most=300,
        column=NationalColumn(Table.BASIC, "link_addr"),
        section=Section.QUESTIONS,
        plain="到哪里问",
    ),
    Element(
        name="complaints",
        label="监督投诉方式",
        by=Filler.HALL,
        is_hall_default=True,
        needed=ALL_TYPES,
        most=300,
        column=NationalColumn(Table.BASIC, "supervise_way"),
        section=Section.REMEDY,
        plain="向谁投诉",
    ),
    _places("town", "乡镇（街道）"),
    _places("village", "村（社区）"),
)
