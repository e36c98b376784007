"""What stays as it is although the rules say otherwise, each with its reason."""

from typing import Final

# names of files or folders
FILES: Final[dict[str, str]] = {
    "typography": "the rules themselves",
    "test_typography.py": "shows the rules wrong examples",
    "standards.md": "an English table written by a program from texts that are mended where they stand",
    "held.py": "an English table of standards that have Chinese names",
    "_synonyms.yaml": "what people type into the search, as they type it",
    "questions.yaml": "what people type into the search, as they type it",
    "development-questions.yaml": "what people type into the search, as they type it",
    "held-out-questions.yaml": "what people type into the search, as they type it",
}

_TABLE: Final = "a line of a file whose cells are separated by commas"
_TYPED: Final = "as people outside type it; half-width marks are what the test is about"
_CUT: Final = "“…” stands where the program cut the text"
_CARD: Final = "a business card as the standard writes it (RFC 2426)"

# texts of the source that stay wherever they occur; a test says which are no longer needed
TEXTS: Final[dict[str, str]] = {
    "代码,名称": _TABLE,
    "平台,名称": _TABLE,
    "姓名,电话": _TABLE,
    "基本编码,事项名称": _TABLE,
    "事项名称,建议,服务厅": _TABLE,
    "已公布,不在本级办理": _TABLE,
    "食品经营许可,行政职权,行政许可,市场监督管理局": _TABLE,
    ",无码村": _TABLE,
    "一,当阳": _TABLE,
    "二,枝江": _TABLE,
    "三,㐂村": _TABLE,
    "便民,延时;社保": _TYPED,
    "甲,乙": _TYPED,
    "自然人,企业法人": _TYPED,
    "* 事项名称:": _TYPED,
    "承诺办结时限(本厅)": _TYPED,
    "设定依据(必填)": _TYPED,
    "填表单位:": _TYPED,
    "填表日期:": _TYPED,
    "县级、镇(乡、街道)级": _TYPED,
    "请问我想办低保需要什么材料?": _TYPED,
    "C:图.jpg": _TYPED,
    "联系13812341234或": _TYPED,
    "证件42058219900101123X": _TYPED,
    "联系138****1234或138****1234": _TYPED,
    "证件420***********123X": _TYPED,
    "合法定形式…": _CUT,
    "N:华窗;;;;": _CARD,
    "FN:华窗": _CARD,
    "ORG:当阳市;政务科": _CARD,
    "末尾加上 ,{version}": "a comma to be typed into a setting",
}
