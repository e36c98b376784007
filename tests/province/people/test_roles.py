"""Roles that halls and the province put together for themselves."""

from functools import partial

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import OwnRole, Position
from province.people.operations.positions import give_position, take_position
from province.people.operations.roles import change_role, create_role, retire_role
from province.people.queries.roles import permissions_of
from province.rights.permissions import PERMISSIONS, declare
from province.rights.queries import may, require
from province.rights.roles import HALL_EDITORS, Reach, Role
from tests.conftest import person
from tests.factories.people import account, make_role
from tests.races import at_once

PUSHERS = HALL_EDITORS | {Role.PROVINCE_OPERATOR}


class TestDeclare:
    def test_refuses_two_meanings_of_one_name(self) -> None:
        with pytest.raises(RuntimeError, match="two permissions"):
            declare("content.push", "别的", reach=Reach.HALL, roles=PUSHERS)
        assert PERMISSIONS["content.push"].label == "推稿与撤稿"

    def test_refuses_to_give_one_permission_to_other_roles(self) -> None:
        with pytest.raises(RuntimeError, match="two permissions"):
            declare("content.push", "推稿与撤稿", reach=Reach.HALL, roles=PUSHERS | {Role.AUDITOR})
        assert "content.push" not in permissions_of(Role.AUDITOR)

    def test_of_a_name_twice_alike_is_as_once(self) -> None:
        assert declare("content.push", "推稿与撤稿", reach=Reach.HALL, roles=PUSHERS) == "content.push"

    def test_refuses_a_role_that_there_is_not(self) -> None:
        with pytest.raises(LookupError, match="caretaker"):
            declare("notes.read", "查看便签", reach=Reach.HALL, roles=["caretaker"])  # type: ignore[list-item]
        assert "notes.read" not in PERMISSIONS

    def test_refuses_to_give_what_is_the_provinces_to_a_role_of_halls(self) -> None:
        with pytest.raises(RuntimeError, match="hall_editor"):
            declare("notes.read", "查看便签", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR, Role.HALL_EDITOR})
        assert "notes.read" not in PERMISSIONS


@pytest.mark.django_db
class TestRequire:
    def test_knows_no_undeclared_name(self) -> None:
        with pytest.raises(LookupError, match=r"content\.burn"):
            require(person("zhao"), "content.burn")

    def test_names_the_permission_in_chinese(self) -> None:
        with pytest.raises(NotAllowed, match="推稿与撤稿"):
            require(person("wu"), "content.push")


@pytest.mark.django_db
class TestCreateRole:
    def test_gives_what_it_says_where_it_is(self, north: Hall, south: Hall) -> None:
        role = make_role(permissions=["content.read", "content.write"], hall=north)
        position = give_position(
            by=person("he"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix="420582"
        )
        assert position.reach == Reach.HALL
        wu = person("wu")
        assert may(wu, "content.write", hall_id=north.pk)
        assert may(wu, "content.write", prefix="420582")
        assert not may(wu, "content.write", prefix="420582103")
        assert not may(wu, "content.push", hall_id=north.pk)
        assert not may(wu, "content.write", hall_id=south.pk)

    def test_is_open_to_a_halls_administrator_at_home_alone(self, north: Hall, south: Hall) -> None:
        he = person("he")
        create_role(by=he, name="秘书", permissions=["content.read"], hall_id=north.pk, prefix="420582")
        for hall_id, prefix in ((south.pk, "420583"), (None, "")):
            with pytest.raises(NotAllowed):
                create_role(by=he, name="秘书", permissions=["content.read"], hall_id=hall_id, prefix=prefix)

    def test_holds_nothing_that_its_maker_does_not(self, north: Hall) -> None:
        role = make_role("任命员", ["rights.appoint", "content.read"], hall=north)
        give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix="420582")
        create_role(by=person("wu"), name="读者", permissions=["content.read"], hall_id=north.pk, prefix="420582")
        with pytest.raises(NotAllowed, match="推稿与撤稿"):
            create_role(by=person("wu"), name="推手", permissions=["content.push"], hall_id=north.pk, prefix="420582")

    @pytest.mark.parametrize("permission", ["halls.manage", "rights.grant", "tokens.manage"])
    def test_refuses_what_is_the_provinces(self, permission: str, north: Hall) -> None:
        with pytest.raises(Invalid, match="只属于省级"):
            make_role(permissions=[permission], hall=north)

    @pytest.mark.parametrize(
        ("name", "permissions", "message"),
        [
            ("", ["content.read"], "请填写角色名称"),
            ("安全管理员", ["content.read"], "系统自带"),
            ("秘书", [], "至少选择一项"),
            ("秘书", ["content.burn"], "没有这些权限"),
        ],
    )
    def test_says_what_is_wrong(self, name: str, permissions: list[str], message: str) -> None:
        with pytest.raises(Invalid, match=message):
            make_role(name, permissions)

    def test_refuses_a_second_of_the_name(self, north: Hall) -> None:
        make_role(hall=north)
        with pytest.raises(Invalid, match="已有叫"):
            make_role(hall=north)

    def test_of_the_province_can_be_had_in_every_hall(self, south: Hall) -> None:
        role = make_role()
        give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=south.pk, reach_prefix="420583")
        assert may(person("wu"), "content.write", hall_id=south.pk)

    def test_of_one_hall_cannot_be_had_in_another(self, north: Hall, south: Hall) -> None:
        role = make_role(hall=north)
        with pytest.raises(Invalid, match="服务厅"):
            give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=south.pk, reach_prefix="420583")


@pytest.mark.django_db
class TestChangeRole:
    def test_changes_what_its_holders_may_at_once(self, north: Hall) -> None:
        role = make_role(hall=north)
        give_position(by=person("he"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix="420582")
        change_role(by=person("he"), role=role, name="推稿员", permissions=["content.push"], prefix="420582")
        assert may(person("wu"), "content.push", hall_id=north.pk)
        assert not may(person("wu"), "content.write", hall_id=north.pk)
        entry = AuditEntry.objects.get(act="people.change_role")
        assert entry.changes["permissions"] == [["content.read", "content.write"], ["content.push"]]

    def test_reaches_no_farther_than_whoever_changes_it(self, north: Hall) -> None:
        """A holder who reaches the halls below would gain what an administrator of the one hall could not give."""
        appoint = make_role("任命员", ["rights.appoint", "content.push", "content.read", "content.write"], hall=north)
        give_position(by=person("zhao"), account=account("hua"), role=appoint, hall_id=north.pk, reach_prefix="420582")
        role = make_role(hall=north)
        give_position(
            by=person("he"),
            account=account("wu"),
            role=role,
            hall_id=north.pk,
            reach_prefix="420582",
            reach=Reach.SUBTREE,
        )
        with pytest.raises(NotAllowed, match="范围不够大"):
            change_role(by=person("hua"), role=role, name="x", permissions=["content.push"], prefix="420582")

    def test_is_the_halls_own(self, north: Hall) -> None:
        role = make_role(hall=north)
        for who in ("zhou", "sun", "wu"):
            with pytest.raises(NotAllowed):
                change_role(by=person(who), role=role, name="x", permissions=["content.read"], prefix="420582")


@pytest.mark.django_db
class TestRetireRole:
    def test_waits_until_nobody_has_it(self, north: Hall) -> None:
        role = make_role(hall=north)
        position = give_position(
            by=person("he"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix="420582"
        )
        with pytest.raises(Conflict, match="1 个岗位"):
            retire_role(by=person("he"), role=role, prefix="420582")
        take_position(by=person("he"), position=position)
        retire_role(by=person("he"), role=role, prefix="420582")
        with pytest.raises(Conflict, match="已停用"):
            give_position(by=person("he"), account=account("wu"), role=role, hall_id=north.pk, reach_prefix="420582")
        make_role(hall=north)


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_make_one_role_of_a_name(self) -> None:
        north = Hall.objects.get(slug="north")
        make = partial(create_role, name="秘书", permissions=["content.read"], hall_id=north.pk, prefix="420582")
        at_once(partial(make, by=person("he")), partial(make, by=person("zhao")))
        assert OwnRole.objects.count() == 1

    def test_leave_no_retired_role_given(self) -> None:
        north = Hall.objects.get(slug="north")
        role = make_role(hall=north)
        at_once(
            partial(retire_role, by=person("he"), role=role, prefix="420582"),
            partial(
                give_position,
                by=person("zhao"),
                account=account("wu"),
                role=role,
                hall_id=north.pk,
                reach_prefix="420582",
            ),
        )
        role.refresh_from_db()
        assert bool(role.retired_at) != Position.objects.filter(own_role=role).exists()
