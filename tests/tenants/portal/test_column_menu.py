import pytest

from foundation import schemas
from province.halls.models import Hall
from tenants.portal.models import Column
from tenants.portal.views.home import column_menu
from tenants.shell.slots import Once

pytestmark = pytest.mark.django_db


class TestColumnMenu:
    @pytest.mark.parametrize(
        ("room", "words"),
        [
            (5, ["甲", "乙", "丙"]),
            (3, ["甲", "乙", "丙"]),
            (2, ["甲", "全部栏目"]),
            (1, ["全部栏目"]),
            (0, ["全部栏目"]),
        ],
    )
    def test_fills_the_room_that_entrances_leave(self, north: Hall, room: int, words: list[str]) -> None:
        with schemas.enter(north.schema_name):
            Column.objects.all().delete()
            for order, name in enumerate("甲乙丙"):
                Column.objects.create(code=f"column-{order}", name=name, order=order)
            assert [link.word for link in column_menu(Once(), room)] == words

    def test_leads_to_the_map_where_columns_stand_below_others(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            Column.objects.all().delete()
            upper = Column.objects.create(code="upper", name="甲")
            Column.objects.create(code="lower", name="乙", parent=upper)
            assert [link.word for link in column_menu(Once(), 5)] == ["甲", "全部栏目"]
