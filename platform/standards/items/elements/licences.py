"""Which kind of electronic licence a material or a result is (电子证照类型代码)."""

from standards.items.kinds import Element, Section
from standards.numbers.licences import LICENCE_CODE_LENGTH


def licence_code(plain: str, *, section: Section = Section.MATERIALS) -> Element:
    """Make the cell for a row of this section; ``plain``: what citizens read in its place."""
    return Element(
        name="licence_code",
        label="电子证照类型代码",
        most=LICENCE_CODE_LENGTH,
        section=section,
        plain=plain,
        help="证照定义机构的统一社会信用代码加 3 位顺序号，以国家电子证照标准公布的为准，没有公布的不填",
        source="GB/T 36904",
    )
