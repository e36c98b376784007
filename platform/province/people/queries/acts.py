"""What the audit calls the acts on accounts, positions, departments and roles."""

from collections.abc import Collection, Mapping

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.people.models import Account, OwnRole, Unit
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Reach


def _people(usernames: Collection[str]) -> Mapping[str, str]:
    return dict(Account.objects.filter(username__in=usernames).values_list("username", "name"))


def _permissions(names: Collection[str]) -> Mapping[str, str]:
    return {name: PERMISSIONS[name].label for name in names if name in PERMISSIONS}


_ACCOUNTS = ActNames(
    "账号",
    {
        "people.create_account": "新建账号",
        "people.issue_activation": "发放激活链接",
        "people.write_card": "修改名片",
        "people.close_account": "停用账号",
        "people.reopen_account": "启用账号",
        "people.import_people": "导入人员",
        "people.rotate_keys": "更换加密密钥",
        "people.drop_key": "停用旧密钥",
    },
    objects={
        "account": "账号",
        "people_import": "人员表",
        "personal_key": "个人信息密钥",
    },
    fields={
        "is_active": "启用",
        "office_phone": "办公电话",
        "room": "办公地点",
        "mobile": "手机号",
        "shows_mobile": "同事可见手机号",
        "created": "新增",
        "updated": "更新",
        "unchanged": "未变",
        "faults": "有误",
        "values": "数量",
        "is_dropped": "已停用",
        "usernames": "人员",
        "accounts": "新增账号数",
        "units": "新增部门数",
    },
    names={"account": named_by(Account)},
    codes={"usernames": _people, "successor": _people},
)
_RIGHTS = ActNames(
    "岗位与权限",
    {
        "people.give_position": "给予岗位",
        "people.take_position": "收回岗位",
        "people.name_substitute": "指定代理人",
        "people.end_substitution": "结束代理",
        "people.hand_over": "离岗移交",
        "people.create_unit": "新建部门",
        "people.rename_unit": "部门改名",
        "people.move_unit": "调整部门隶属",
        "people.order_unit": "调整部门次序",
        "people.retire_unit": "撤销部门",
        "people.create_role": "新建角色",
        "people.change_role": "修改角色",
        "people.retire_role": "停用角色",
        "people.start_preview": "开始以他人身份预览",
        "people.end_preview": "结束预览",
    },
    objects={
        "position": "岗位",
        "substitution": "代理",
        "unit": "部门",
        "role": "角色",
    },
    fields={
        "role": "角色",
        "reach": "范围",
        "parent": "上级",
        "order": "次序",
        "permissions": "权限",
        "successor": "接手人",
        "positions": "岗位数",
        "substitute": "代理人",
        "from_on": "开始日期",
        "to_on": "结束日期",
        "days": "代理日期",
    },
    names={"unit": named_by(Unit), "role": named_by(OwnRole)},
    refers={"parent": "unit", "unit": "unit", "substitute": "account"},
    codes={"permissions": _permissions, "scopes": _permissions},
    choices={("account", "reach"): Reach.choices, ("position", "reach"): Reach.choices},
)

ACT_NAMES = (_ACCOUNTS, _RIGHTS)
