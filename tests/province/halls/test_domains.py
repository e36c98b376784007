from datetime import UTC, timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.halls.models import Hall, HallDomain, HallGeneration
from province.halls.operations import add_domain, check_domains, check_stalest_domains, domains, remove_domain
from province.halls.queries import domains_of, hall_at_host
from tests.conftest import person
from tests.factories.people import client_of
from tests.province.halls.conftest import SiteServer
from tests.races import at_once


def names(hall: Hall) -> list[str]:
    return [str(one.domain) for one in domains_of(hall)]


@pytest.mark.django_db
class TestAddDomain:
    def test_makes_the_hall_answer_there_in_any_spelling(self, north: Hall) -> None:
        generation = HallGeneration.objects.get(hall=north).generation
        add_domain(by=person("zhao"), hall=north, domain=" DangYang.Gov.cn. ")
        assert hall_at_host("dangyang.gov.cn") == north
        assert names(north) == ["north.yizhan.localhost", "dangyang.gov.cn"]
        assert HallGeneration.objects.get(hall=north).generation == generation + 1

    @pytest.mark.parametrize(
        "domain",
        [
            "",
            "dangyang",
            "-a.cn",
            "a..cn",
            "当阳.cn",
            "a b.cn",
            "a.cn/x",
            "a.cn:80",
            "a" * 64 + ".cn",
            "a." * 130 + "cn",
        ],
    )
    def test_refuses_what_is_no_host_name(self, north: Hall, domain: str) -> None:
        with pytest.raises(Invalid):
            add_domain(by=person("zhao"), hall=north, domain=domain)

    def test_refuses_the_provinces_own(self, north: Hall) -> None:
        with pytest.raises(Invalid, match="省级平台"):
            add_domain(by=person("zhao"), hall=north, domain="yizhan.localhost")

    def test_refuses_another_halls(self, north: Hall) -> None:
        with pytest.raises(Conflict):
            add_domain(by=person("zhao"), hall=north, domain="SOUTH.yizhan.localhost")

    def test_is_the_province_operators_alone(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            add_domain(by=person("sun"), hall=north, domain="a.cn")


@pytest.mark.django_db
class TestRemoveDomain:
    def test_hands_the_first_place_to_another(self, north: Hall) -> None:
        add_domain(by=person("zhao"), hall=north, domain="dangyang.gov.cn")
        remove_domain(by=person("zhao"), hall=north, domain="north.yizhan.localhost")
        assert hall_at_host("north.yizhan.localhost") is None
        assert HallDomain.objects.get(tenant=north).is_primary

    def test_refuses_the_last_one(self, north: Hall) -> None:
        with pytest.raises(Conflict, match="唯一"):
            remove_domain(by=person("zhao"), hall=north, domain="north.yizhan.localhost")

    def test_does_not_know_another_halls(self, north: Hall) -> None:
        with pytest.raises(NotFound):
            remove_domain(by=person("zhao"), hall=north, domain="south.yizhan.localhost")


class TestTwoRemovalsAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_leave_one(self) -> None:
        hall = Hall.objects.get(slug="north")
        add_domain(by=person("zhao"), hall=hall, domain="dangyang.gov.cn")
        remove = partial(remove_domain, by=person("zhao"), hall=hall)
        at_once(partial(remove, domain="north.yizhan.localhost"), partial(remove, domain="dangyang.gov.cn"))
        assert len(names(hall)) == 1


@pytest.mark.django_db
class TestCheckDomains:
    def fault(self, hall: Hall) -> str:
        check_domains(by=person("sun"), hall=hall)
        row = HallDomain.objects.get(tenant=hall)
        assert row.checked_at
        return row.check_fault

    def test_finds_the_halls_own_site(self, north: Hall, sites: SiteServer) -> None:
        sites.show("north.yizhan.localhost", f"<title>{north.name}</title>")
        assert self.fault(north) == ""

    def test_finds_an_error(self, north: Hall, sites: SiteServer) -> None:
        sites.show("north.yizhan.localhost", north.name, status=503)
        assert "503" in self.fault(north)

    def test_finds_somebody_elses_site(self, north: Hall, sites: SiteServer) -> None:
        sites.show("north.yizhan.localhost", "域名出售")
        assert "不是本厅" in self.fault(north)

    def test_finds_a_name_that_no_dns_knows_though_the_machine_itself_answers_for_it(
        self, north: Hall, sites: SiteServer
    ) -> None:
        """``.invalid`` is no name anywhere (RFC 6761); proofs and checks ask the machine itself, past all DNS."""
        HallDomain.objects.filter(tenant=north).update(domain="dangyang.invalid")
        sites.show("dangyang.invalid", f"<title>{north.name}</title>")
        assert "域名解析不到" in self.fault(north)
        assert "检查正常" not in client_of("zhao").get(f"/console/halls/{north.division.code}/").content.decode()

    def test_finds_nobody(self, north: Hall, sites: SiteServer, settings: Settings) -> None:
        settings.SITE_FETCH_ADDRESS = "127.0.0.1:9"
        assert "没有答复" in self.fault(north)


@pytest.mark.django_db
class TestCheckStalestDomains:
    def test_looks_at_what_nobody_has_seen_for_longest(self, north: Hall, south: Hall, sites: SiteServer) -> None:
        now = timezone.now()
        HallDomain.objects.filter(tenant=north).update(checked_at=now - timedelta(days=3))
        HallDomain.objects.filter(tenant=south).update(checked_at=now - timedelta(days=2))
        HallDomain.objects.filter(tenant__slug="village").update(checked_at=now)
        sites.show("north.yizhan.localhost", north.name)
        assert check_stalest_domains(most=1) == 1
        seen = HallDomain.objects.get(tenant=north)
        assert (seen.check_fault, seen.checked_at >= now) == ("", True)  # type: ignore[operator]
        assert check_stalest_domains() == 1
        assert "404" in HallDomain.objects.get(tenant=south).check_fault
        assert check_stalest_domains() == 0

    def test_visits_twenty_times_a_day_and_counts_for_a_week(self, north: Hall, sites: SiteServer) -> None:
        HallDomain.objects.exclude(tenant=north).update(checked_at=timezone.now() + timedelta(days=1))
        row, today = HallDomain.objects.filter(tenant=north), timezone.now().astimezone(UTC).date()
        day, week, older = ((today - timedelta(days=ago)).isoformat() for ago in (0, 5, 7))
        row.update(visits={older: [20, 9], week: [20, 0]})
        sites.show("north.yizhan.localhost", north.name)
        assert (check_stalest_domains(), check_stalest_domains()) == (1, 0)
        sites.pages.clear()
        row.update(checked_at=timezone.now() - timedelta(minutes=71))
        assert check_stalest_domains() == 0
        row.update(checked_at=timezone.now() - timedelta(minutes=73))
        assert check_stalest_domains() == 1
        found = row.get().visits
        assert found[week] == [20, 0]
        assert older not in found
        # a day may end meanwhile
        assert [sum(column) for column in zip(*(one for at, one in found.items() if at >= day), strict=True)] == [2, 1]
        # whoever asks for a look counts nothing
        check_domains(by=person("sun"), hall=north)
        assert row.get().visits == found
        assert "404" in row.get().check_fault

    def test_leaves_what_it_had_no_time_for_to_the_next_run(
        self, north: Hall, sites: SiteServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        long_ago = timezone.now() - timedelta(days=3)
        HallDomain.objects.update(checked_at=long_ago)
        monkeypatch.setattr(domains, "_LONGEST_RUN", -1)
        assert check_stalest_domains() == 0
        found = HallDomain.objects.get(tenant=north)
        assert (found.checked_at, found.visits) == (long_ago, {})
        monkeypatch.undo()
        assert check_stalest_domains() == HallDomain.objects.count()

    def test_leaves_closed_sites_alone(self, sites: SiteServer) -> None:
        Hall.objects.update(state="suspended")
        assert check_stalest_domains() == 0
