"""The elder mode between the province's host and a hall with a domain of its own, which share no cookie."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from province.halls.models import Hall, HallDomain
from province.halls.queries.carried_modes import with_carried_mode
from tests.browsing import PageAt
from tests.factories.sites import make_columns

OWN, PROVINCE = "dangyang.localhost", "yizhan.localhost"


@pytest.fixture
def own_domain(north: Hall) -> None:
    make_columns(north)
    HallDomain.objects.filter(tenant=north, is_primary=True).update(is_primary=False)
    HallDomain.objects.create(tenant=north, domain=OWN, is_primary=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_domain")
class TestElderMode:
    def test_goes_along_to_sites_of_ours_and_to_no_other(self) -> None:
        html = (
            f'<a href="http://{OWN}:8000/services/?a=1&amp;b=2#top">当阳</a><a class="x" href="http://{OWN}">当阳</a>'
            f'<a href="https://www.gov.cn/">国务院</a><a href="http://south.{PROVINCE}/">枝江</a>'
            '<a href="/here/">这里</a>'
        )
        carried = with_carried_mode(html, mode="elder", host=PROVINCE)
        assert f'href="http://{OWN}:8000/mode/?to=elder&amp;back=/services/%3Fa%3D1%26b%3D2#top"' in carried
        assert f'class="x" href="http://{OWN}/mode/?to=elder&amp;back=/"' in carried
        for same in ("https://www.gov.cn/", f"http://south.{PROVINCE}/", "/here/"):
            assert f'href="{same}"' in carried
        assert f'href="http://south.{PROVINCE}/mode/' in with_carried_mode(html, mode="elder", host=OWN)
        assert with_carried_mode(html, mode="", host=PROVINCE) == html

    def test_is_in_no_page_of_the_usual_mode(self) -> None:
        site = Client(headers={"host": PROVINCE})
        plain = site.get("/search/", {"q": "当阳"}).text
        assert f"http://{OWN}" in plain
        assert f"http://{OWN}/mode/" not in plain


def test_is_kept_between_hosts_in_a_browser(live_site: str, north: Hall, page_at: PageAt) -> None:
    make_columns(north)
    HallDomain.objects.filter(tenant=north, is_primary=True).update(is_primary=False)
    HallDomain.objects.create(tenant=north, domain=OWN, is_primary=True)
    for begins, ends, link in ((PROVINCE, OWN, north.name), (OWN, PROVINCE, "湖北省政务服务")):
        page = page_at(begins, "/search/?q=当阳" if begins == PROVINCE else "/", 360, javascript=False)
        page.get_by_role("link", name="长者模式").click()
        expect(page.locator("html")).to_have_attribute("data-mode", "elder")
        if begins == PROVINCE:
            # the way back knows no words
            page.get_by_label("搜索全省").fill("当阳")
            page.get_by_role("button", name="搜索").click()
        page.get_by_role("link", name=link).first.click()
        expect(page.locator("html")).to_have_attribute("data-mode", "elder")
        assert f"//{ends}:" in page.url
        assert "elder" not in page.url
