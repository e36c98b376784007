"""The tree of a hall's departments."""

from functools import partial

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Position, Unit
from province.people.operations.positions import give_position
from province.people.operations.units import (
    MOST_LEVELS,
    create_unit,
    move_unit,
    order_unit,
    rename_unit,
    retire_unit,
)
from province.people.queries.units import unit_paths, unit_tree
from province.rights.queries import may
from province.rights.roles import Reach, Role
from tests.conftest import person
from tests.factories.people import account, make_role, make_unit
from tests.races import at_once

PREFIX = "420582"


def names(hall: Hall) -> list[tuple[str, int]]:
    return [(row.unit.name, row.depth) for row in unit_tree(hall.pk)]


@pytest.mark.django_db
class TestUnit:
    def test_stands_in_its_place_in_the_tree(self, north: Hall, south: Hall) -> None:
        office = make_unit("政务科", hall=north)
        make_unit("受理组", hall=north, parent=office)
        make_unit("办公室", hall=north)
        make_unit("别的厅", hall=south)
        assert names(north) == [("政务科", 0), ("受理组", 1), ("办公室", 0)]
        assert "政务科/受理组" in unit_paths(north.pk).values()

    def test_is_ordered_among_its_neighbours(self, north: Hall) -> None:
        for name in ("甲", "乙", "丙"):
            unit = make_unit(name, hall=north)
        order_unit(by=person("he"), unit=unit, is_up=True, prefix=PREFIX)
        order_unit(by=person("he"), unit=unit, is_up=True, prefix=PREFIX)
        order_unit(by=person("he"), unit=unit, is_up=True, prefix=PREFIX)
        assert names(north) == [("丙", 0), ("甲", 0), ("乙", 0)]

    def test_bears_a_name_of_its_own_among_its_neighbours(self, north: Hall) -> None:
        office = make_unit("政务科", hall=north)
        with pytest.raises(Invalid, match="这里已有"):
            make_unit("政务科", hall=north)
        below = make_unit("政务科", hall=north, parent=office)
        with pytest.raises(Invalid, match="这里已有"):
            move_unit(by=person("he"), unit=below, parent=None, prefix=PREFIX)
        rename_unit(by=person("he"), unit=below, name="窗口组", prefix=PREFIX)
        move_unit(by=person("he"), unit=below, parent=None, prefix=PREFIX)
        assert names(north) == [("政务科", 0), ("窗口组", 0)]

    @pytest.mark.parametrize("name", ["", "甲/乙", "名" * 41, "两\n行"])
    def test_refuses_a_wrong_name(self, name: str, north: Hall) -> None:
        with pytest.raises(Invalid, match="部门名称"):
            make_unit(name, hall=north)

    def test_grows_no_deeper_than_it_may(self, north: Hall) -> None:
        above = None
        for level in range(MOST_LEVELS):
            above = make_unit(f"第{level}层", hall=north, parent=above)
        with pytest.raises(Invalid, match="最多"):
            make_unit("再下", hall=north, parent=above)

    def test_moves_no_deeper_with_all_below_it(self, north: Hall) -> None:
        top = make_unit("顶", hall=north)
        make_unit("底", hall=north, parent=top)
        above = None
        for level in range(MOST_LEVELS - 1):
            above = make_unit(f"第{level}层", hall=north, parent=above)
        with pytest.raises(Invalid, match="最多"):
            move_unit(by=person("he"), unit=top, parent=above, prefix=PREFIX)

    def test_is_its_own_halls(self, north: Hall, south: Hall) -> None:
        mine, theirs = make_unit("政务科", hall=north), make_unit("政务科", hall=south)
        for who in ("sun", "zhou", "wu"):
            with pytest.raises(NotAllowed):
                create_unit(by=person(who), name="科", hall_id=north.pk, prefix=PREFIX)
        with pytest.raises(NotAllowed):
            rename_unit(by=person("he"), unit=theirs, name="x", prefix="420583")
        with pytest.raises(Conflict, match="其他服务厅"):
            move_unit(by=person("zhao"), unit=mine, parent=theirs, prefix=PREFIX)

    def test_leaves_an_entry_for_every_change(self, north: Hall) -> None:
        unit = make_unit("政务科", hall=north)
        rename_unit(by=person("he"), unit=unit, name="审批科", prefix=PREFIX)
        retire_unit(by=person("he"), unit=unit, prefix=PREFIX)
        acts = AuditEntry.objects.filter(object_id=unit.pk).order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["people.create_unit", "people.rename_unit", "people.retire_unit"]


@pytest.mark.django_db
class TestMoveUnit:
    def test_takes_all_below_along(self, north: Hall) -> None:
        a, b = make_unit("甲", hall=north), make_unit("乙", hall=north)
        below = make_unit("丙", hall=north, parent=a)
        last = make_unit("丁", hall=north, parent=below)
        move_unit(by=person("he"), unit=below, parent=b, prefix=PREFIX)
        last.refresh_from_db()
        assert last.ancestors == [b.pk, below.pk]
        assert names(north) == [("甲", 0), ("乙", 0), ("丙", 1), ("丁", 2)]

    def test_closes_no_ring(self, north: Hall) -> None:
        above = make_unit("甲", hall=north)
        below = make_unit("乙", hall=north, parent=above)
        for place in (above, below):
            with pytest.raises(Conflict, match=r"之下|上级"):
                move_unit(by=person("he"), unit=above, parent=place, prefix=PREFIX)


@pytest.mark.django_db
class TestRetireUnit:
    def test_waits_until_it_is_empty(self, north: Hall) -> None:
        above = make_unit("甲", hall=north)
        below = make_unit("乙", hall=north, parent=above)
        give_position(
            by=person("he"),
            account=account("wu"),
            role=Role.EDITOR,
            hall_id=north.pk,
            reach_prefix=PREFIX,
            unit=below,
        )
        with pytest.raises(Conflict, match="下面还有部门"):
            retire_unit(by=person("he"), unit=above, prefix=PREFIX)
        with pytest.raises(Conflict, match="1 个岗位"):
            retire_unit(by=person("he"), unit=below, prefix=PREFIX)
        Position.objects.filter(unit=below).delete()
        retire_unit(by=person("he"), unit=below, prefix=PREFIX)
        retire_unit(by=person("he"), unit=above, prefix=PREFIX)
        assert unit_tree(north.pk) == []
        with pytest.raises(Conflict, match="已撤销"):
            rename_unit(by=person("he"), unit=above, name="x", prefix=PREFIX)


@pytest.mark.django_db
class TestReachOfAUnit:
    def test_is_the_unit_and_what_lies_below_it(self, north: Hall) -> None:
        top = make_unit("政务科", hall=north)
        below = make_unit("受理组", hall=north, parent=top)
        beside = make_unit("办公室", hall=north)
        role = make_role("科长", ["people.manage", "people.read"], hall=north)
        give_position(
            by=person("he"),
            account=account("wu"),
            role=role,
            hall_id=north.pk,
            reach_prefix=PREFIX,
            unit=top,
            reach=Reach.UNIT,
        )
        rename_unit(by=person("wu"), unit=below, name="窗口组", prefix=PREFIX)
        create_unit(by=person("wu"), name="新组", hall_id=north.pk, prefix=PREFIX, parent=top)
        for act in (
            partial(rename_unit, unit=beside, name="x", prefix=PREFIX),
            partial(move_unit, unit=below, parent=beside, prefix=PREFIX),
            partial(move_unit, unit=below, parent=None, prefix=PREFIX),
            partial(create_unit, name="x", hall_id=north.pk, prefix=PREFIX),
        ):
            with pytest.raises(NotAllowed):
                act(by=person("wu"))
        move_unit(by=person("he"), unit=below, parent=beside, prefix=PREFIX)
        assert not may(person("wu"), "people.manage", hall_id=north.pk, unit_id=below.pk)


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_moves_close_no_ring(self) -> None:
        north = Hall.objects.get(slug="north")
        a, b = make_unit("甲", hall=north), make_unit("乙", hall=north)
        at_once(
            partial(move_unit, by=person("he"), unit=a, parent=b, prefix=PREFIX),
            partial(move_unit, by=person("zhao"), unit=b, parent=a, prefix=PREFIX),
        )
        assert len(unit_tree(north.pk)) == 2
        assert sorted(len(unit.ancestors) for unit in Unit.objects.all()) == [0, 1]

    def test_leave_nobody_in_a_retired_one(self) -> None:
        north = Hall.objects.get(slug="north")
        unit = make_unit("甲", hall=north)
        at_once(
            partial(retire_unit, by=person("he"), unit=unit, prefix=PREFIX),
            partial(
                give_position,
                by=person("zhao"),
                account=account("wu"),
                role=Role.EDITOR,
                hall_id=north.pk,
                reach_prefix=PREFIX,
                unit=unit,
            ),
        )
        unit.refresh_from_db()
        assert bool(unit.retired_at) != Position.objects.filter(unit=unit).exists()
