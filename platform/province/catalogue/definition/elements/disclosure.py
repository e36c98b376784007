"""What is made public, after the standard directories of 国办发〔2019〕54号: no national table has these."""

from province.catalogue.definition.codelists import DISCLOSED, DisclosureAudience, DisclosureChannel, DisclosureManner
from province.catalogue.definition.elements.grounds import LAW_CELLS
from province.catalogue.definition.kinds import Bound, Element, Filler, Kind, Section

_SOURCE = "国办发〔2019〕54号"
_S = Section.DISCLOSURE

DISCLOSURE = (
    Element(
        name="disclosed",
        label="公开内容(要素)",
        kind=Kind.TEXT,
        applies=DISCLOSED,
        needed=DISCLOSED,
        most=4000,
        section=_S,
        plain="公开哪些内容",
        source=_SOURCE,
    ),
    Element(
        name="disclosure_laws",
        label="公开依据",
        kind=Kind.ROWS,
        cells=LAW_CELLS,
        applies=DISCLOSED,
        needed=DISCLOSED,
        most=40,
        section=Section.GROUNDS,
        source=_SOURCE,
    ),
    Element(
        name="disclosure_limit",
        label="公开时限",
        applies=DISCLOSED,
        needed=DISCLOSED,
        most=400,
        section=_S,
        plain="什么时候公开",
        source=_SOURCE,
    ),
    Element(
        name="disclosure_manner",
        label="公开方式",
        kind=Kind.CHOICE,
        codes=DisclosureManner,
        applies=DISCLOSED,
        needed=DISCLOSED,
        section=_S,
        source=_SOURCE,
    ),
    Element(
        name="disclosure_audience",
        label="公开对象",
        kind=Kind.CHOICE,
        codes=DisclosureAudience,
        applies=DISCLOSED,
        needed=DISCLOSED,
        section=_S,
        plain="谁可以看",
        source=_SOURCE,
    ),
    Element(
        name="disclosure_channels",
        label="公开渠道和载体",
        kind=Kind.CHOICES,
        codes=DisclosureChannel,
        by=Filler.BOTH,
        bound=Bound.MAY_ADD,
        applies=DISCLOSED,
        needed=DISCLOSED,
        section=_S,
        plain="在哪里可以看到",
        source=_SOURCE,
    ),
    Element(
        name="disclosing_body",
        label="公开主体",
        by=Filler.HALL,
        applies=DISCLOSED,
        needed=DISCLOSED,
        most=100,
        section=_S,
        plain="由谁公开",
        source=_SOURCE,
    ),
    Element(
        name="disclosure_link",
        label="公开网址",
        kind=Kind.LINK,
        by=Filler.HALL,
        applies=DISCLOSED,
        most=500,
        section=_S,
        plain="到哪里看",
        source="本平台",
    ),
)
