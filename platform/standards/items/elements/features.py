"""What is particular about how an item is handled (办理特点), with the basis of each: without one no list names it."""

from standards.items.codelists import APPLIED, CrossProvinceWay, Payer
from standards.items.elements.grounds import LAW_CELLS
from standards.items.kinds import Bound, Element, Filler, Kind, Section

_S = "本平台"


def _basis(name: str, label: str, by: Filler = Filler.PROVINCE) -> Element:
    return Element(
        name=name,
        label=label,
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        by=by,
        bound=Bound.MAY_ADD if by is Filler.BOTH else None,
        applies=APPLIED,
        most=10,
        section=Section.GROUNDS,
        help="写明哪部法规、哪份文件允许这样办；没有依据的，事项不进清单",
        source=_S,
    )


INTERMEDIARY_CELLS = (
    Element(name="name", label="中介服务名称", needed=APPLIED, most=100, section=Section.STEPS, source=_S),
    Element(name="result", label="提交的成果", most=200, section=Section.STEPS, plain="要拿到什么", source=_S),
    Element(
        name="payer",
        label="中介服务由谁付费",
        kind=Kind.CHOICE,
        codes=Payer,
        needed=APPLIED,
        section=Section.STEPS,
        plain="由谁付费",
        source=_S,
    ),
    Element(
        name="note", label="中介服务说明", kind=Kind.TEXT, most=1000, section=Section.STEPS, plain="说明", source=_S
    ),
    Element(
        name="laws",
        label="中介服务的依据",
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        most=3,
        section=Section.STEPS,
        plain="为什么要找中介机构",
        source=_S,
    ),
)

FEATURES = (
    Element(
        name="promise_scope",
        label="告知承诺",
        kind=Kind.TEXT,
        applies=APPLIED,
        most=1000,
        section=Section.CONDITIONS,
        plain="哪些可以先承诺",
        help="整个事项可以凭承诺办理的，写明承诺什么、怎样核查、不实的后果；只是某样材料可以承诺的，在材料的「提交方式」里选",
        source=_S,
    ),
    _basis("promise_laws", "告知承诺的依据"),
    # which materials may come later is often settled by a county's own document
    _basis("later_laws", "容缺受理的依据", Filler.BOTH),
    Element(
        name="cross_province_ways",
        label="跨省通办方式",
        kind=Kind.CHOICES,
        codes=CrossProvinceWay,
        applies=APPLIED,
        section=Section.PLACE,
        plain="在外省怎样办",
        source="国办发〔2020〕35号",
    ),
    _basis("cross_province_laws", "跨省通办的依据"),
    Element(
        name="intermediaries",
        label="需要的中介服务",
        kind=Kind.ROWS,
        cells=INTERMEDIARY_CELLS,
        applies=APPLIED,
        most=20,
        section=Section.STEPS,
        plain="要请中介机构做什么",
        source=_S,
    ),
)
