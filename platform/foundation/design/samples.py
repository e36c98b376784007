"""One of each kind of input, for the page that shows the components."""

from foundation.design.inputs import Beside, Input, InputRow, Option, Rows

_FAULT = "「份数」应为整数。"


def sample_parts() -> list[Input | Rows]:
    return [
        Input(name="item", label="事项名称", widget="line", is_missing=True, is_needed=True, is_long=True),
        Input(
            name="days",
            label="承诺办结时限",
            widget="number",
            value="10",
            begins_line=True,
            optional_words="",
            beside=Beside("不得超过省里规定的 20 个工作日", (), "不填就照省里的"),
        ),
        Input(
            name="unit",
            label="单位",
            widget="choice",
            is_needed=True,
            options=(Option("", "请选择"), Option("1", "个工作日", is_chosen=True)),
        ),
        Input(name="fee", label="是否收费", widget="flag", options=_either(), optional_words="收费时必填"),
        Input(
            name="themes",
            label="主题",
            widget="choices",
            options=tuple(Option(str(number), f"主题 {number}", is_chosen=not number) for number in range(20)),
        ),
        Rows(
            name="materials",
            label="申请材料",
            rows=[_row("materials", 1, "申请书", "两份"), _row("materials", 2, "身份证", "1")],
            prototype=_row("materials", 0, "", ""),
            most=3,
            is_folding=True,
            is_needed=True,
        ),
    ]


def _row(name: str, number: int, title: str, copies: str) -> InputRow:
    place = f"{name}.{number}"
    is_wrong = not copies.isdigit() and number > 0
    return InputRow(
        name=place,
        number=number,
        title=title,
        is_open=is_wrong,
        lacking=0 if title else 1,
        cells=[
            Input(name=f"{place}.name", label="材料名称", widget="line", value=title, is_needed=True),
            Input(name=f"{place}.copies", label="份数", widget="number", value=copies, errors=[_FAULT] * is_wrong),
            Input(name=f"{place}.blank", label="空白表格", widget="file", is_long=True),
            Rows(
                name=f"{place}.laws",
                label="依据",
                rows=[_law(f"{place}.laws", 1)] if number == 1 else [],
                prototype=_law(f"{place}.laws", 0),
                most=10,
            ),
        ],
    )


def _law(name: str, number: int) -> InputRow:
    cells: list[Input | Rows] = [
        Input(name=f"{name}.{number}.law", label="法规名称", widget="line", is_needed=True, is_long=True),
        Input(name=f"{name}.{number}.article", label="条款", widget="line"),
        Input(name=f"{name}.{number}.text", label="条文", widget="text"),
    ]
    return InputRow(name=f"{name}.{number}", number=number, title="", cells=cells)


def _either() -> tuple[Option, ...]:
    return Option("true", "是"), Option("false", "否", is_chosen=True), Option("", "未填")


def sample_contents() -> dict[str, object]:
    return {
        "score": 86,
        "parts": [
            {"anchor": "basics", "label": "基本信息"},
            {
                "anchor": "what",
                "label": "要带什么",
                "problems": [{"message": _FAULT, "href": "#id_materials.1.copies"}],
            },
            {
                "anchor": "when",
                "label": "要多久",
                "lacking": [{"message": "缺少「承诺办结时限」。", "href": "#id_days"}],
            },
        ],
    }
