"""What an applicant brings."""

from dataclasses import replace

from standards.items.codelists import (
    APPLIED,
    DONE,
    Carrier,
    Exemption,
    MaterialKind,
    MaterialNeed,
    MaterialSource,
    Submission,
)
from standards.items.elements.grounds import LAW_CELLS
from standards.items.elements.licences import licence_code
from standards.items.kinds import Element, Filler, Kind, NationalColumn, Section, Table, When

_S = Section.MATERIALS

MATERIAL_CELLS = (
    Element(
        name="name",
        label="材料名称",
        needed=DONE,
        most=200,
        column=NationalColumn(Table.MATERIAL, "material_name"),
        section=_S,
    ),
    Element(
        name="need",
        label="材料必要性",
        kind=Kind.CHOICE,
        codes=MaterialNeed,
        needed=DONE,
        column=NationalColumn(Table.MATERIAL, "is_need"),
        section=_S,
        plain="必须带吗",
    ),
    Element(
        name="kind",
        label="材料类型",
        kind=Kind.CHOICE,
        codes=MaterialKind,
        needed=DONE,
        column=NationalColumn(Table.MATERIAL, "material_type"),
        section=_S,
        plain="原件还是复印件",
    ),
    Element(
        name="carrier",
        label="材料形式",
        kind=Kind.CHOICE,
        codes=Carrier,
        needed=DONE,
        column=NationalColumn(Table.MATERIAL, "material_format"),
        section=_S,
        plain="纸质还是电子",
    ),
    Element(
        name="copies",
        label="份数",
        kind=Kind.NUMBER,
        needed=DONE,
        least=0,
        most=99,
        unit="份",
        column=NationalColumn(Table.MATERIAL, "page_num"),
        section=_S,
        plain="几份",
    ),
    Element(
        name="page_format",
        label="纸质材料规格",
        most=50,
        column=NationalColumn(Table.MATERIAL, "page_format"),
        section=_S,
        plain="规格",
    ),
    Element(
        name="submission",
        label="提交方式",
        kind=Kind.CHOICES,
        codes=Submission,
        needed=DONE,
        section=_S,
        plain="怎样提交",
        source="本平台",
    ),
    Element(
        name="exemption",
        label="免提交",
        kind=Kind.CHOICE,
        codes=Exemption,
        section=_S,
        plain="要不要交",
        source="本平台",
    ),
    Element(
        name="exempt_source",
        label="免提交的数据来源",
        most=200,
        section=_S,
        plain="窗口从哪里查",
        source="本平台",
    ),
    licence_code("出示哪一种电子证照"),
    Element(
        name="later_days",
        label="容缺补交期限",
        kind=Kind.NUMBER,
        when=When("need", value=MaterialNeed.LATER.value, words="可以容缺后补时"),
        least=1,
        most=365,
        unit="个工作日内补交",
        section=_S,
        plain="最晚什么时候补",
        source="本平台",
    ),
    Element(
        name="source",
        label="来源渠道",
        kind=Kind.CHOICE,
        codes=MaterialSource,
        needed=DONE,
        column=NationalColumn(Table.MATERIAL, "source_type"),
        section=_S,
        plain="从哪里来",
    ),
    Element(
        name="source_note",
        label="来源渠道说明",
        most=400,
        column=NationalColumn(Table.MATERIAL, "source_explain"),
        section=_S,
        plain="到哪里开",
    ),
    Element(
        name="blank_form",
        label="空白表格",
        kind=Kind.FILE,
        column=NationalColumn(Table.MATERIAL, "form_guid"),
        section=_S,
    ),
    Element(
        name="filled_sample",
        label="示例样表",
        kind=Kind.FILE,
        column=NationalColumn(Table.MATERIAL, "example_guid"),
        section=_S,
    ),
    Element(
        name="fill_note",
        label="填报须知",
        kind=Kind.TEXT,
        most=1000,
        column=NationalColumn(Table.MATERIAL, "fill_explain"),
        section=_S,
        plain="填写时注意",
    ),
    Element(
        name="checked",
        label="受理标准",
        kind=Kind.TEXT,
        needed=DONE,
        most=1000,
        column=NationalColumn(Table.MATERIAL, "accept_stand"),
        section=_S,
        plain="窗口会核对什么",
    ),
    Element(
        name="laws",
        label="要求提供材料的依据",
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        most=10,
        column=NationalColumn(Table.MATERIAL, "by_law"),
        section=_S,
        plain="为什么要这份材料",
    ),
)

# what a guide offers of a form: a hall has no place for files of its own, but forms are made of its materials, too
FORM_CELLS = tuple(cell for cell in MATERIAL_CELLS if cell.kind is Kind.FILE)

MATERIALS = (
    Element(
        name="materials",
        label="申请材料",
        kind=Kind.ROWS,
        cells=MATERIAL_CELLS,
        applies=APPLIED,
        needed=APPLIED,
        most=60,
        section=_S,
    ),
    Element(
        name="has_local_materials",
        label="可否增加本地材料",
        kind=Kind.FLAG,
        applies=APPLIED,
        source="本平台",
    ),
    Element(
        name="local_materials",
        label="本地增加的材料",
        kind=Kind.ROWS,
        # the nation's table has no place for them, nor a hall for files of the province
        cells=tuple(
            replace(cell, column=None, source="本平台") for cell in MATERIAL_CELLS if cell.kind is not Kind.FILE
        ),
        by=Filler.HALL,
        applies=APPLIED,
        most=10,
        section=_S,
        plain="在本地还要带什么",
        source="本平台",
    ),
)
