"""The tables of a case: each column with its Chinese name and what its text looks like.

Names of tables and columns are the national exchange's (``up_pro_*``), times as GB/T 39046-2020 writes them. Not from a
standard, but chosen here, since the text of the exchange's code lists was not at hand: codes of certificates, of
results and of how a material came; how wide columns are where GB/T 39046 does not say; the columns ``contact_*``,
``order_num`` of materials and ``process_state``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

FORMAT: Final = "up-pro"
VERSION: Final = 1
NAMESPACE: Final = f"urn:yizhan:{FORMAT}:{VERSION}"
SCHEMAS: Final = Path(__file__).with_name("schemas")
JSON_SCHEMA: Final = SCHEMAS / "up-pro.schema.json"
XSD: Final = SCHEMAS / "up-pro.xsd"

# XML 1.0 has no place for other control characters
TEXT: Final = r"[^\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]*"
_MONTH_AND_DAY: Final = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
DAY: Final = f"[0-9]{{4}}{_MONTH_AND_DAY}"
MOMENT: Final = f"{DAY}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
NUMBER: Final = "0|[1-9][0-9]{0,5}"


class CaseTable(StrEnum):
    """A table of the exchange, in the order in which a record holds them."""

    ACCEPT = "up_pro_accept"
    MATERIAL = "up_pro_material"
    PROCESS = "up_pro_process"
    SPECIAL = "up_pro_special_procedure"
    RESULT = "up_pro_result"


# of one case: for each table its rows, of each row the text of each column that is not empty
type Rows = Mapping[CaseTable, Sequence[Mapping[str, str]]]

LABELS: Final[Mapping[CaseTable, str]] = {
    CaseTable.ACCEPT: "办件申请与受理",
    CaseTable.MATERIAL: "申请材料",
    CaseTable.PROCESS: "办理过程",
    CaseTable.SPECIAL: "特别程序",
    CaseTable.RESULT: "办结",
}
# of one case there is one row at most
SINGLE: Final = frozenset({CaseTable.ACCEPT, CaseTable.RESULT})


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """``most``: how many characters at most; ``pattern``: what its text looks like, "" for any; ``codes``: code →
    Chinese, where there is a list; ``kind``: as people are told what is expected."""

    name: str
    label: str
    most: int = 0
    pattern: str = ""
    kind: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False

    @property
    def expected(self) -> str:
        """What should stand there, in Chinese."""
        if self.codes:
            return f"应为 {'、'.join(f'{code}（{label}）' for code, label in self.codes.items())}之一"
        return self.kind or f"不能超过 {self.most} 个字，不能有控制字符"

    @property
    def whole_pattern(self) -> str:
        """A pattern for the whole of its text."""
        return f"({'|'.join(self.codes)})" if self.codes else f"({self.pattern})" if self.pattern else TEXT


def _text(name: str, label: str, most: int, *, is_needed: bool = False) -> CaseColumn:
    return CaseColumn(name, label, most, is_needed=is_needed)


def _day(name: str, label: str, *, is_needed: bool = False) -> CaseColumn:
    return CaseColumn(name, label, 8, DAY, "应为八位日期，如 20260928", is_needed=is_needed)


def _moment(name: str, label: str, *, is_needed: bool = False) -> CaseColumn:
    return CaseColumn(name, label, 14, MOMENT, "应为十四位时间，如 20260928093000", is_needed=is_needed)


def _number(name: str, label: str) -> CaseColumn:
    return CaseColumn(name, label, 6, NUMBER, "应为整数")


def _coded(name: str, label: str, codes: Mapping[str, str], *, is_needed: bool = False) -> CaseColumn:
    return CaseColumn(name, label, max(map(len, codes)), codes=codes, is_needed=is_needed)


# A.4, A.5, A.6 and A.7 of GB/T 39046-2020
APPLICANT_TYPES: Final = {
    "1": "自然人",
    "2": "企业法人",
    "3": "事业法人",
    "4": "社会组织法人",
    "5": "行政机关",
    "6": "其他组织",
}
APPLY_TYPES: Final = {"1": "窗口", "2": "电脑端", "3": "移动端", "4": "快递", "9": "其他"}
PROJECT_TYPES: Final = {"1": "即办件", "2": "承诺件", "9": "其他"}
SPECIAL_TYPES: Final = {"1": "延长审批", "2": "除延长审批之外的特别程序"}
SATISFACTIONS: Final = {"1": "非常满意", "2": "满意", "3": "基本满意", "4": "不满意", "5": "非常不满意"}
PROCESS_STATES: Final = {"1": "待办", "2": "已办"}
FLAGS: Final = {"0": "否", "1": "是"}
CERTIFICATES: Final = {"111": "居民身份证", "001": "统一社会信用代码"}
RESULTS: Final = {"1": "准予", "2": "不予", "3": "不予受理", "4": "申请人撤回", "5": "终止办理", "6": "移送"}
MATERIAL_WAYS: Final = {"1": "已提交", "2": "未提交", "3": "容缺后补", "4": "不需提交"}

TABLES: Final[Mapping[CaseTable, tuple[CaseColumn, ...]]] = {
    CaseTable.ACCEPT: (
        _text("project_no", "办件编号", 50, is_needed=True),
        _text("task_code", "实施编码", 36, is_needed=True),
        _text("task_handle_item", "业务办理项编码", 50),
        _number("task_version", "实施清单版本"),
        _text("task_name", "事项名称", 200, is_needed=True),
        _coded("project_type", "办件类型", PROJECT_TYPES, is_needed=True),
        _text("applyer_name", "申请人名称", 200, is_needed=True),
        _coded("applyer_type", "申请人类型", APPLICANT_TYPES, is_needed=True),
        _coded("applyer_page_type", "申请人证件类型", CERTIFICATES),
        _text("applyer_page_code", "申请人证件号码", 50),
        _text("contact_name", "联系人", 100),
        _text("contact_code", "联系人证件号码", 50),
        _text("contact_mobile", "联系人手机号码", 50),
        _moment("apply_date", "申请时间", is_needed=True),
        _coded("apply_type", "申请方式", APPLY_TYPES, is_needed=True),
        _moment("accept_date", "受理时间"),
        _text("accept_doc_no", "受理文书编号", 60),
        _text("org_code", "受理部门编码", 18),
        _text("org_name", "受理部门名称", 100, is_needed=True),
        _text("handle_user_name", "受理人", 100),
        _day("promise_date", "承诺办结日期"),
    ),
    CaseTable.MATERIAL: (
        _number("order_num", "序号"),
        _text("material_name", "材料名称", 200, is_needed=True),
        _coded("get_type", "收取情况", MATERIAL_WAYS, is_needed=True),
    ),
    CaseTable.PROCESS: (
        _text("process_name", "环节名称", 100, is_needed=True),
        _text("event_name", "业务动作", 100, is_needed=True),
        _moment("event_start_time", "开始时间", is_needed=True),
        _moment("event_end_time", "结束时间"),
        _coded("process_state", "环节办理状态", PROCESS_STATES, is_needed=True),
        _text("handle_explain", "办理意见", 2_000),
        _text("handle_user_name", "办理人", 100),
    ),
    CaseTable.SPECIAL: (
        _coded("special_type", "特别程序种类", SPECIAL_TYPES, is_needed=True),
        _text("special_name", "特别程序名称", 100, is_needed=True),
        _day("special_time", "开始日期", is_needed=True),
        _day("end_time", "结束日期"),
        _text("special_reason", "依据或理由", 2_000),
        _text("result", "结果", 2_000),
        _text("special_explain", "说明", 2_000),
        _text("applyer_user_name", "批准人", 100),
    ),
    CaseTable.RESULT: (
        _moment("result_date", "办结时间", is_needed=True),
        _coded("result_type", "办结结果", RESULTS, is_needed=True),
        _text("result_explain", "结果说明", 2_000),
        _text("result_cetr_name", "结果文书名称", 200),
        _text("result_cetr_no", "结果文书编号", 60),
        _coded("is_delivery_results", "是否送达", FLAGS),
        _coded("satisfaction", "满意度", SATISFACTIONS),
    ),
}
BY_NAME: Final[Mapping[CaseTable, Mapping[str, CaseColumn]]] = {
    table: {one.name: one for one in columns} for table, columns in TABLES.items()
}
