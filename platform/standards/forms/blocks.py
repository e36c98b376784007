"""常用组件: fields that forms ask for again and again, ready to be put in."""

from collections.abc import Mapping
from typing import Any, Final

_NATURES: Final = [{"code": "person", "label": "个人"}, {"code": "body", "label": "单位"}]
_PAPERS: Final = [
    {"code": "resident", "label": "居民身份证"},
    {"code": "passport", "label": "护照"},
    {"code": "hk_macao", "label": "港澳居民来往内地通行证"},
    {"code": "taiwan", "label": "台湾居民来往大陆通行证"},
]
_PROMISE: Final = (
    "本人（本单位）承诺：所填内容和提交的材料真实、完整、有效；知晓并愿意遵守告知的条件和要求；"
    "承诺不实的，愿意承担相应的法律责任。"
)

# name → label and fields; a block's fields begin with its name, so that several stand in one form
BLOCKS: Final[Mapping[str, tuple[str, tuple[Mapping[str, Any], ...]]]] = {
    "applicant": (
        "申请人",
        (
            {"type": "heading", "name": "applicant_heading", "label": "申请人"},
            {
                "type": "choice",
                "name": "applicant_nature",
                "label": "申请人类型",
                "required": True,
                "options": _NATURES,
            },
            {
                "type": "person_name",
                "name": "applicant_name",
                "label": "姓名",
                "required": True,
                "visible_when": 'applicant_nature == "person"',
            },
            {
                "type": "resident_number",
                "name": "applicant_number",
                "label": "身份证号",
                "required": True,
                "together": True,
                "visible_when": 'applicant_nature == "person"',
            },
            {
                "type": "short_text",
                "name": "applicant_body",
                "label": "单位名称",
                "required": True,
                "visible_when": 'applicant_nature == "body"',
            },
            {
                "type": "credit_code",
                "name": "applicant_credit_code",
                "label": "统一社会信用代码",
                "required": True,
                "together": True,
                "visible_when": 'applicant_nature == "body"',
            },
            {"type": "mobile", "name": "applicant_mobile", "label": "联系手机", "required": True},
            {"type": "address", "name": "applicant_address", "label": "联系地址"},
        ),
    ),
    "legal_person": (
        "法定代表人",
        (
            {"type": "heading", "name": "legal_person_heading", "label": "法定代表人"},
            {"type": "person_name", "name": "legal_person_name", "label": "法定代表人姓名", "required": True},
            {
                "type": "licence",
                "name": "legal_person_paper",
                "label": "法定代表人证件",
                "required": True,
                "together": True,
                "licences": _PAPERS,
            },
            {"type": "mobile", "name": "legal_person_mobile", "label": "法定代表人手机", "together": True},
        ),
    ),
    "agent": (
        "代办人",
        (
            {"type": "heading", "name": "agent_heading", "label": "代办人"},
            {"type": "yes_no", "name": "agent_is_there", "label": "是否由他人代办", "required": True},
            {
                "type": "person_name",
                "name": "agent_name",
                "label": "代办人姓名",
                "required": True,
                "visible_when": "agent_is_there",
            },
            {
                "type": "resident_number",
                "name": "agent_number",
                "label": "代办人身份证号",
                "required": True,
                "together": True,
                "visible_when": "agent_is_there",
            },
            {
                "type": "mobile",
                "name": "agent_mobile",
                "label": "代办人手机",
                "required": True,
                "together": True,
                "visible_when": "agent_is_there",
            },
            {
                "type": "picture",
                "name": "agent_authority",
                "label": "授权委托书",
                "required": True,
                "hint": "请拍清楚签字和日期。",
                "visible_when": "agent_is_there",
            },
        ),
    ),
    "bank": (
        "银行账户",
        (
            {"type": "heading", "name": "bank_heading", "label": "收款账户"},
            {"type": "short_text", "name": "bank_holder", "label": "户名", "required": True, "personal": True},
            {
                "type": "short_text",
                "name": "bank_name",
                "label": "开户银行",
                "required": True,
                "together": True,
                "hint": "写到支行，例如：中国农业银行当阳市支行。",
            },
            {"type": "bank_account", "name": "bank_account", "label": "账号", "required": True, "together": True},
        ),
    ),
    "visit": (
        "预约时间",
        (
            {
                "type": "date",
                "name": "visit_on",
                "label": "预约日期",
                "required": True,
                "earliest": {"days": 1},
                "workdays_only": True,
            },
            {
                "type": "time",
                "name": "visit_at",
                "label": "预约时间",
                "required": True,
                "together": True,
                "office_hours_only": True,
                "day_field": "visit_on",
            },
        ),
    ),
    "promise": (
        "承诺书",
        (
            {
                "type": "declaration",
                "name": "promise_agreed",
                "label": "我已阅读并承诺",
                "required": True,
                "words": _PROMISE,
            },
            {
                "type": "signature",
                "name": "promise_signature",
                "label": "承诺人签名",
                "required": True,
                "together": True,
            },
        ),
    ),
}


def block_fields(block: str, prefix: str = "") -> list[dict[str, Any]]:
    """The fields of a ready block as they stand in a definition. ``prefix`` is put before every name, in conditions
    too, so that a form may have a block twice. Raises KeyError for a block that there is not."""
    fields = [dict(field) for field in BLOCKS[block][1]]
    names = {field["name"] for field in fields}
    for field in fields:
        field["name"] = f"{prefix}{field['name']}"
        if day := field.get("day_field"):
            field["day_field"] = f"{prefix}{day}"
        if condition := field.get("visible_when"):
            for name in names:
                condition = condition.replace(name, f"{prefix}{name}") if prefix else condition
            field["visible_when"] = condition
    return fields
