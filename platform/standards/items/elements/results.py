"""What an applicant gets."""

from standards.items.codelists import APPLIED, DONE, ResultKind
from standards.items.elements.licences import licence_code
from standards.items.kinds import Element, Filler, Kind, NationalColumn, Section, Table

RESULT_CELLS = (
    Element(
        name="name",
        label="结果名称",
        needed=DONE,
        most=200,
        column=NationalColumn(Table.EXTEND, "result_name"),
        section=Section.RESULT,
    ),
    Element(
        name="kind",
        label="结果类型",
        kind=Kind.CHOICE,
        codes=ResultKind,
        needed=DONE,
        column=NationalColumn(Table.EXTEND, "result_type"),
        section=Section.RESULT,
    ),
    licence_code("发哪一种电子证照", section=Section.RESULT),
    Element(
        name="valid_months",
        label="证照有效期",
        kind=Kind.NUMBER,
        least=1,
        most=1200,
        unit="个月",
        section=Section.RESULT,
        plain="管多久",
        help="从作出决定那天算起；长期有效的不填",
        source="本平台",
    ),
    Element(
        name="sample",
        label="结果样本",
        kind=Kind.FILE,
        column=NationalColumn(Table.EXTEND, "result_guid"),
        section=Section.RESULT,
    ),
)

RESULTS = (
    Element(
        name="results",
        label="审批结果",
        kind=Kind.ROWS,
        cells=RESULT_CELLS,
        applies=APPLIED,
        needed=APPLIED,
        most=10,
        section=Section.RESULT,
    ),
    Element(
        name="is_mailed",
        label="是否支持物流快递",
        kind=Kind.FLAG,
        by=Filler.HALL,
        is_hall_default=True,
        applies=APPLIED,
        needed=APPLIED,
        column=NationalColumn(Table.EXTEND, "is_express"),
        section=Section.RESULT,
        plain="结果能不能寄给我",
    ),
)
