"""How far permissions reach, and the ready-made sets of them."""

from collections.abc import Iterable
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
    """The ready-made roles; READY_ROLES says what each may do."""

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

_WRITING = frozenset({"content.read", "content.write", "portal.write", "catalogue.read", "services.adopt"})
_EDITING = _WRITING | {
    *("halls.edit", "content.review", "content.push", "accounts.manage"),
    *("portal.review", "portal.manage", "catalogue.propose", "services.review", "catalogue.assign"),
}
_READING = frozenset({"content.read", "catalogue.read"})


@dataclass(frozen=True, slots=True)
class ReadyRole:
    """A ready-made role: its permissions, how far they reach in a hall, and whether it can be had there and in the
    province's own offices."""

    permissions: frozenset[str]
    reach: Reach = Reach.SUBTREE
    is_for_halls: bool = True
    is_for_province: bool = False


def _province(*permissions: str) -> ReadyRole:
    return ReadyRole(frozenset(permissions), Reach.PROVINCE, is_for_halls=False, is_for_province=True)


def _everywhere(permissions: Iterable[str]) -> ReadyRole:
    return ReadyRole(frozenset(permissions), is_for_province=True)


READY_ROLES: dict[Role, ReadyRole] = {
    Role.PROVINCE_OPERATOR: _province(
        *("halls.manage", "halls.edit", "accounts.manage", "keys.manage", "audit.read"),
        *("content.read", "content.write", "content.review", "content.push"),
        *("catalogue.read", "catalogue.write", "catalogue.submit", "catalogue.review"),
        *("catalogue.publish", "catalogue.abolish"),
        *("people.read", "people.manage", "people.preview", "rights.appoint", "rights.grant", "tokens.manage"),
    ),
    Role.HALL_ADMINISTRATOR: ReadyRole(
        # who appoints clerks must hold what clerks hold
        _EDITING
        | {"people.read", "people.manage", "people.preview", "rights.appoint", "audit.read"}
        | {"citizens.check", "citizens.reveal", "citizens.act"}
    ),
    Role.HALL_EDITOR: ReadyRole(_EDITING),
    Role.EDITOR: _everywhere(_WRITING),
    Role.FIRST_REVIEWER: _everywhere(_READING | {"content.review.first"}),
    Role.SECOND_REVIEWER: _everywhere(_READING | {"content.review.second"}),
    Role.FINAL_REVIEWER: _everywhere(_READING | {"content.review.final"}),
    # cases, and with them most of what these do, come with their own applications
    Role.WINDOW_CLERK: ReadyRole(_READING | {"citizens.check", "citizens.reveal", "citizens.act"}, Reach.HALL),
    Role.HANDLER: ReadyRole(_READING | {"catalogue.propose"}, Reach.HALL),
    Role.APPROVING_LEADER: ReadyRole(_READING, Reach.HALL),
    Role.VILLAGE_CLERK: ReadyRole(_READING | {"citizens.check", "citizens.act"}, Reach.HALL),
    Role.SUPERVISOR: _everywhere(_READING | {"audit.read"}),
    # who follows an entry must be able to see what it is about
    Role.AUDITOR: _everywhere(_READING | {"audit.read", "people.read"}),
    Role.SYSTEM_ADMINISTRATOR: _province("halls.manage", "halls.edit", "accounts.manage", "keys.manage", "people.read"),
    Role.SECURITY_ADMINISTRATOR: _province(
        *("people.read", "people.manage", "people.preview", "rights.appoint", "rights.grant", "tokens.manage")
    ),
    Role.AUDIT_ADMINISTRATOR: _province("audit.read", "content.read", "catalogue.read", "people.read"),
}
# of these one must stay that can sign in
GRANTING_ROLES = frozenset(role for role, ready in READY_ROLES.items() if "rights.grant" in ready.permissions)
