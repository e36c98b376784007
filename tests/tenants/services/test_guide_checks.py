"""What guides say against themselves and what they lack: warned of, refused, and found where it stands published."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.catalogue.models import HallItem, Item, ItemVersion
from province.catalogue.operations import publish_version, submit_version
from province.catalogue.operations.version_checks import check_versions
from province.catalogue.queries.contradictions import contradictions_in_halls, contradictory_items
from province.halls.models import Hall
from province.halls.queries import site_checks
from province.people.models import Account
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import stop_adoption
from tenants.services.operations.guide_checks import check_guides
from tenants.services.operations.versions import accept_version
from tenants.services.queries.shown import shown_items
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, submit
from tests.factories.catalogue import change_draft, make_approved, make_incomplete, make_item, make_published
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def client_of(username: str, host: str = "north.yizhan.localhost") -> Client:
    client = Client(headers={"host": host})
    client.force_login(Account.objects.get(username=username))
    return client


def services_of(hall: Hall) -> tuple[str, str]:
    [found] = [check for check in site_checks(hall) if check.key == "services"]
    return found.light, found.detail


def made_to_oppose(hall: Hall, adoption: Adoption, **values: Any) -> None:
    """As if it had been published before anybody looked for contradictions."""
    with inside(hall):
        adoption.refresh_from_db()
        guide = adoption.published
        assert guide
        guide.values |= values
        guide.save()
        adoption.values = guide.values
        adoption.save()


class TestContradictionInDraft:
    def test_of_a_hall_is_saved_with_a_warning_and_refused_at_submission(self, north: Hall) -> None:
        adoption = adopt(north)
        item = Item.objects.get(pk=adoption.item_id)
        saved = save(north, adoption, part=hall_guide_for(item, online_depth="4"))
        page = client_of("sun").get(f"/desk/items/{saved.pk}/").text
        for words in ("1 处自相矛盾", "「网上办理深度」是全程网办，「到办事现场次数」却是 1 次。", "到现场次数改为 0"):
            assert words in page
        assert "提交审核</button>" not in page
        edit = client_of("sun").get(f"/desk/items/{saved.pk}/edit/").text
        assert "全程网办，「到办事现场次数」却是" in edit
        with pytest.raises(Invalid) as refused:
            submit(north, saved)
        assert [fault.where for fault in refused.value.faults] == ["online_depth"]
        submit(north, save(north, saved, part=hall_guide_for(item, online_depth="3")))

    def test_of_the_province_is_saved_and_refused_at_submission(self) -> None:
        item = make_item(restrictions=["in-person"], visits=0)
        page = client_of("zhao", "yizhan.localhost").get(f"/console/items/{item.pk}/").text
        assert "「办理限制」是须本人到场，「到办事现场次数」却是 0。" in page
        with pytest.raises(Invalid) as refused:
            submit_version(by=person("zhao"), item=item)
        assert [fault.where for fault in refused.value.faults] == ["restrictions"]
        submit_version(by=person("zhao"), item=change_draft(item, visits=1))

    def test_with_a_new_version_keeps_the_hall_from_accepting_it(self, north: Hall) -> None:
        adoption = make_shown(north, online_depth="4", visits=0)
        item = Item.objects.get(pk=adoption.item_id)
        version = make_approved(item, restrictions=["in-person"])
        publish_version(by=person("zhao"), version=version, required_from=timezone.now().replace(year=2099))
        with inside(north), pytest.raises(Conflict) as refused:
            accept_version(by=person("li"), hall=north, adoption_id=adoption.pk, number=2)
        assert "须本人到场" in str(refused.value.faults)


class TestDailyCheck:
    def test_finds_what_stands_published_and_leads_to_where_it_is_mended(self, north: Hall) -> None:
        adoption = make_shown(north)
        assert services_of(north) == ("green", "抽查最常用的 1 个事项，要素齐全，说法一致。")
        made_to_oppose(north, adoption, online_depth="4")
        DueTime.objects.filter(kind="services.guides_checked").update(due_at=timezone.now())
        drain_events()
        assert HallItem.objects.get().contradictions == ["whole-online-with-visits"]
        assert [(one.label, one.halls) for one in contradictions_in_halls(person("sun"))] == [("全程网办却要到现场", 1)]
        # what stands in another hall is not theirs to see
        assert contradictions_in_halls(person("zhou")) == []
        light, detail = services_of(north)
        assert (light, "“食品经营许可”全程网办却要到现场" in detail) == ("yellow", True)
        desk = client_of("sun")
        assert "食品经营许可" in desk.get("/desk/items/?state=contradictory").text
        assert "网站上的办事指南有 1 处自相矛盾" in desk.get(f"/desk/items/{adoption.pk}/").text
        assert "全程网办却要到现场" in client_of("zhao", "yizhan.localhost").get("/console/items/contradictions/").text
        # the next look is set, and finds nothing new
        assert DueTime.objects.get(kind="services.guides_checked").due_at > timezone.now()
        with inside(north):
            assert check_guides(hall=north) == 0
        made_to_oppose(north, adoption, online_depth="3")
        with inside(north):
            assert check_guides(hall=north) == 1
        assert services_of(north)[0] == "green"

    def test_finds_versions_that_the_definition_asks_more_of_by_now(self, north: Hall) -> None:
        make_shown(north, version := make_published())
        ItemVersion.objects.filter(pk=version.pk).update(is_complete=False, contradictions=["free-with-fees"])
        with inside(north):
            assert not shown_items().guides
        assert [one.version.pk for one in contradictory_items()] == [version.pk]
        assert check_versions() == 1
        assert check_versions() == 0
        with inside(north):
            assert shown_items().guides == [version.pk]


class TestSiteCheck:
    def test_is_red_without_services_and_when_the_last_one_stops(self, north: Hall) -> None:
        assert services_of(north)[0] == "red"
        adoption = make_shown(north)
        assert services_of(north)[0] == "green"
        with inside(north):
            stop_adoption(by=person("li"), hall=north, adoption_id=adoption.pk, reason="窗口装修")
        assert services_of(north) == ("red", "没有公布办事服务；没有办事服务即不合格。")

    def test_names_what_the_most_used_guides_lack(self, north: Hall) -> None:
        make_shown(north, make_incomplete(make_item(1)))
        make_shown(north, make_published(make_item(2, name="开办药店")))
        light, detail = services_of(north)
        assert (light, "“食品经营许可”缺少申请条件" in detail) == ("yellow", True)
        assert "开办药店" not in detail
