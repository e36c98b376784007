"""A window is never called by the hall's place alone, whoever writes it: the form, a program, or the program itself."""

import pytest

from foundation import schemas
from foundation.errors import Invalid
from province.catalogue.models import HallItem, Item
from province.halls.models import Hall
from province.halls.queries import site_checks
from province.messaging.models import Notice
from tenants.services.models import Adoption
from tenants.services.operations.guide_checks import check_guides
from tenants.services.operations.hall_defaults import save_hall_defaults
from tenants.services.operations.hall_guides import submit_hall_guide
from tenants.services.queries.windows import WINDOW_ONLY_PLACE
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save
from tests.factories.people import account, client_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def rows(window: str) -> list[dict[str, str]]:
    return [{"window": window, "address": "长坂路 1 号", "hours": "工作日 9:00–17:00"}]


def item_of(adoption: Adoption) -> Item:
    return Item.objects.get(pk=adoption.item_id)


class TestWindows:
    @pytest.mark.parametrize("place", ["当阳市", " 当 阳 市 ", "宜昌市当阳市", "湖北省宜昌市当阳市", "湖北省"])
    def test_are_not_called_by_a_place_alone(self, north: Hall, place: str) -> None:
        adoption = adopt(north)
        with pytest.raises(Invalid) as refusal:
            save(north, adoption, part=hall_guide_for(item_of(adoption), windows=rows(place)))
        [fault] = refusal.value.faults
        assert fault.where == "windows.1.window"
        assert "不能只写地名" in fault.message
        assert f"例如“{north.name}综合窗口”" in fault.message
        with inside(north), pytest.raises(Invalid):
            save_hall_defaults(by=person("sun"), hall=north, department_id=None, values={"windows": rows(place)})

    def test_are_called_by_what_stands_there(self, north: Hall) -> None:
        adoption = adopt(north)
        for name in ("当阳市政务服务中心社保窗口", "A区 12 号", "二楼"):
            save(north, adoption, part=hall_guide_for(item_of(adoption), windows=rows(name)))

    def test_are_looked_at_before_they_are_submitted(self, north: Hall) -> None:
        adoption = adopt(north)
        save(north, adoption, part=hall_guide_for(item_of(adoption)))
        with inside(north):
            adoption.refresh_from_db()
            adoption.values |= {"windows": rows("当阳市")}
            adoption.save(update_fields=["values"])
        with schemas.enter(north.schema_name), pytest.raises(Invalid, match="不能只写地名"):
            submit_hall_guide(by=person("sun"), hall=north, adoption_id=adoption.pk)

    def test_that_citizens_read_already_are_found_by_the_daily_check_and_told_to_the_hall(self, north: Hall) -> None:
        adoption = make_shown(north)
        with inside(north):
            adoption.refresh_from_db()
            assert adoption.published
            # as it was published before anybody looked at the names of windows
            adoption.published.values |= {"windows": rows("当阳市")}
            adoption.published.save(update_fields=["values"])
            Notice.objects.all().delete()
            assert check_guides(hall=north) == 1
            # a look that finds nothing new tells nothing
            assert check_guides(hall=north) == 0
        assert HallItem.objects.get(hall_id=north.pk).contradictions == [WINDOW_ONLY_PLACE]
        [services] = [one for one in site_checks(north) if one.key == "services"]
        assert (services.light, "窗口只写了地名" in services.detail) == ("yellow", True)
        desk = client_of("sun", host="north.yizhan.localhost")
        page = desk.get(f"/desk/items/{adoption.pk}/").text
        assert "办理窗口不能只写地名“当阳市”" in page
        assert f'href="/desk/items/{adoption.pk}/edit/' in page
        told = Notice.objects.filter(kind="services.faults")
        assert account("sun").pk in set(told.values_list("account_id", flat=True))
        first = told.first()
        assert first
        assert first.title.startswith("网站上“食品经营许可”的办事指南查出问题")
        assert "食品经营许可" in desk.get(first.path).text

    def test_are_refused_on_the_page_at_their_place(self, north: Hall) -> None:
        adoption = adopt(north)
        sent = {f"windows.1.{name}": value for name, value in rows("当阳市")[0].items()}
        desk = client_of("sun", host="north.yizhan.localhost")
        page = desk.post(
            f"/desk/items/{adoption.pk}/edit/", {"revision": str(adoption.revision), **sent}
        ).content.decode()
        assert 'href="#id_windows.1.window"' in page
