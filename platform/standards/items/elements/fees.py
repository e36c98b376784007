"""What it costs."""

from standards.items.codelists import APPLIED, DONE, LEVIED
from standards.items.elements.grounds import LAW_CELLS
from standards.items.kinds import Element, Filler, Kind, NationalColumn, Section, Table, When

_CHARGED = When("has_fee", value=True, words="收费时")

FEE_CELLS = (
    Element(
        name="name",
        label="收费项目名称",
        needed=DONE,
        most=200,
        column=NationalColumn(Table.FEE, "fee_name"),
        section=Section.FEES,
    ),
    Element(
        name="standard",
        label="收费标准",
        kind=Kind.TEXT,
        needed=DONE,
        most=1000,
        column=NationalColumn(Table.FEE, "fee_stand"),
        section=Section.FEES,
        plain="多少钱",
        help="写成“每本 120 元；加注每项 20 元”“每件 50 元至 200 元”，窗口才能按它开缴费单。",
    ),
    Element(
        name="laws",
        label="收费依据",
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        needed=DONE,
        least=1,
        most=10,
        column=NationalColumn(Table.FEE, "by_law"),
        section=Section.FEES,
    ),
    Element(
        name="is_reducible",
        label="是否允许减免",
        kind=Kind.FLAG,
        needed=DONE,
        column=NationalColumn(Table.FEE, "is_desc"),
        section=Section.FEES,
        plain="能不能减免",
    ),
    Element(
        name="reductions",
        label="允许减免说明",
        kind=Kind.TEXT,
        needed=DONE,
        when=When("is_reducible", value=True, words="允许减免时"),
        most=1000,
        column=NationalColumn(Table.FEE, "desc_explain"),
        section=Section.FEES,
        plain="哪些人可以减免",
    ),
)

FEES = (
    Element(
        name="has_fee",
        label="是否收费",
        kind=Kind.FLAG,
        applies=APPLIED | LEVIED,
        needed=APPLIED | LEVIED,
        column=NationalColumn(Table.BASIC, "is_fee"),
        section=Section.FEES,
        plain="收不收费",
    ),
    Element(
        name="fee_basis",
        label="收费依据",
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        applies=APPLIED | LEVIED,
        needed=APPLIED | LEVIED,
        when=_CHARGED,
        most=10,
        column=NationalColumn(Table.BASIC, "fee_basis"),
        section=Section.FEES,
    ),
    Element(
        name="fees",
        label="收费项目",
        kind=Kind.ROWS,
        cells=FEE_CELLS,
        applies=APPLIED | LEVIED,
        needed=APPLIED | LEVIED,
        when=_CHARGED,
        most=30,
        section=Section.FEES,
    ),
    Element(
        name="is_paid_online",
        label="是否支持网上支付",
        kind=Kind.FLAG,
        by=Filler.HALL,
        is_hall_default=True,
        applies=APPLIED,
        needed=APPLIED,
        when=_CHARGED,
        column=NationalColumn(Table.EXTEND, "is_pay_online"),
        section=Section.FEES,
        plain="能不能网上付款",
    ),
)
