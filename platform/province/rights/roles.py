"""How far permissions reach, and the ready-made roles that hold them."""

from dataclasses import dataclass

from django.db import models


class Reach(models.TextChoices):
    """How far a position's permissions go, the narrowest first."""

    OWN = "own", "本人的"
    UNIT = "unit", "本部门及下级部门"
    HALL = "hall", "本厅"
    SUBTREE = "subtree", "本厅及下级服务厅"
    PROVINCE = "province", "全省"

    @property
    def rank(self) -> int:
        return list(Reach).index(self)


class Role(models.TextChoices):
    """The ready-made roles; READY_ROLES says where each can be had."""

    PROVINCE_OPERATOR = "province_operator", "省级运营"
    HALL_ADMINISTRATOR = "hall_administrator", "服务厅管理员"
    HALL_EDITOR = "hall_editor", "服务厅编辑"
    EDITOR = "editor", "编辑"
    FIRST_REVIEWER = "first_reviewer", "初审"
    SECOND_REVIEWER = "second_reviewer", "复审"
    FINAL_REVIEWER = "final_reviewer", "终审"
    WINDOW_CLERK = "window_clerk", "窗口"
    HANDLER = "handler", "承办"
    APPROVING_LEADER = "approving_leader", "审批领导"
    VILLAGE_CLERK = "village_clerk", "村级代办"
    SUPERVISOR = "supervisor", "监察"
    AUDITOR = "auditor", "审计"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    AUDIT_ADMINISTRATOR = "audit_administrator", "审计管理员"


# 三员分立 (GB/T 22239-2019, 8.1.5): who is one of them has no other role
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})

# Whom declarations of permissions name again and again (``permissions.declare``).
HALL_EDITORS = frozenset({Role.HALL_ADMINISTRATOR, Role.HALL_EDITOR})
WRITERS = HALL_EDITORS | {Role.EDITOR}
# of a hall's people: whom steps of flows and rights to fields can name in every hall
ROLES_AT_WORK = (
    *(Role.HALL_ADMINISTRATOR, Role.HALL_EDITOR, Role.EDITOR, Role.FIRST_REVIEWER, Role.SECOND_REVIEWER),
    *(Role.FINAL_REVIEWER, Role.WINDOW_CLERK, Role.HANDLER, Role.APPROVING_LEADER, Role.VILLAGE_CLERK),
)
# who keeps the machine and who gives out rights see nothing of what is written
READERS = frozenset(Role) - {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class ReadyRole:
    """How far a ready-made role reaches in a hall, and whether it can be had there and in the province's own offices.

    What it may do, the apps say: each permission names the ready-made roles that hold it (``permissions.declare``).
    """

    reach: Reach = Reach.SUBTREE
    is_for_halls: bool = True
    is_for_province: bool = False


_OF_PROVINCE = ReadyRole(Reach.PROVINCE, is_for_halls=False, is_for_province=True)
_ANYWHERE = ReadyRole(is_for_province=True)
_OF_HALLS = ReadyRole()
# cases, and with them most of what these do, come with their own applications
_AT_HOME = ReadyRole(Reach.HALL)

READY_ROLES: dict[Role, ReadyRole] = {
    Role.PROVINCE_OPERATOR: _OF_PROVINCE,
    Role.HALL_ADMINISTRATOR: _OF_HALLS,
    Role.HALL_EDITOR: _OF_HALLS,
    Role.EDITOR: _ANYWHERE,
    Role.FIRST_REVIEWER: _ANYWHERE,
    Role.SECOND_REVIEWER: _ANYWHERE,
    Role.FINAL_REVIEWER: _ANYWHERE,
    Role.WINDOW_CLERK: _AT_HOME,
    Role.HANDLER: _AT_HOME,
    Role.APPROVING_LEADER: _AT_HOME,
    Role.VILLAGE_CLERK: _AT_HOME,
    Role.SUPERVISOR: _ANYWHERE,
    Role.AUDITOR: _ANYWHERE,
    Role.SYSTEM_ADMINISTRATOR: _OF_PROVINCE,
    Role.SECURITY_ADMINISTRATOR: _OF_PROVINCE,
    Role.AUDIT_ADMINISTRATOR: _OF_PROVINCE,
}
