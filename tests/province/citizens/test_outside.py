"""Sign in by 微信, 支付宝 and the national account: against programs that answer as those do, well or badly."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from foundation import circuits
from province.audit.models import AuditEntry
from province.citizens.connectors import outside
from province.citizens.models import Citizen, CitizenSignIn, OutsideIdentity
from tests.factories.citizens import make_citizen, phone_of
from tests.factories.sign_in import NORTH, PROVINCE, Browser
from tests.province.citizens.platforms import OTHER, Platforms
from tests.province.citizens.test_citizens import last_code
from tests.tenants.citizen_pages.test_pages import wait_for_codes

pytestmark = pytest.mark.django_db
ALL = ("wechat", "alipay", "national")
each = pytest.mark.parametrize("provider", ALL)


@pytest.fixture
def platforms(settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    circuits.circuit_of.cache_clear()
    monkeypatch.setattr(outside, "SECONDS", 0.5)
    with Platforms().running() as made:
        settings.OUTSIDE = made.settings  # type: ignore[attr-defined]
        yield made


def consent(person: Browser, provider: str) -> str:
    """From a hall's page to the platform, where the person says yes; with which address the browser is sent back."""
    person.get(NORTH, "/me/")
    query = urlsplit(person.address).query
    sent = person.at(PROVINCE).get(f"/me/sign-in/with/{provider}/?{query}")["Location"]
    back = urlsplit(httpx.get(sent).headers["Location"])
    assert back.hostname == PROVINCE
    return f"{back.path}?{back.query}"


def come_back(person: Browser, provider: str) -> str:
    """The page on which the person ends."""
    return str(person.get(PROVINCE, consent(person, provider)).content.decode())


def link(person: Browser, provider: str, phone: str = phone_of()) -> None:
    assert "请用手机号确认一次" in come_back(person, provider)
    wait_for_codes()
    person.here({"step": "phone", "phone": phone})
    person.here({"step": "code", "phone": phone, "code": last_code(phone)})


@each
class TestPlatform:
    def test_is_linked_by_a_code_once_and_opens_the_account_from_then_on(
        self, platforms: Platforms, provider: str
    ) -> None:
        citizen, first, again = make_citizen(), Browser(), Browser()
        link(first, provider)
        assert first.at(NORTH).get("/me/").status_code == 200
        assert "138****0001" in come_back(again, provider)
        assert again.address == f"//{NORTH}/me/"
        assert Citizen.objects.get() == citizen
        identity = OutsideIdentity.objects.get()
        assert (identity.provider, platforms.who in identity.subject_hash) == (provider, False)
        assert CitizenSignIn.objects.latest("created_at").way == provider
        assert OutsideIdentity.Provider(provider).label in first.at(NORTH).get("/me/security/").content.decode()
        for _ in range(2):
            first.at(NORTH).post("/me/security/", {"act": "unlink", "provider": provider})
        assert "请用手机号确认一次" in come_back(Browser(), provider)
        acts = AuditEntry.objects.filter(act__endswith="link_outside").order_by("pk")
        assert [one.act for one in acts] == ["citizens.link_outside", "citizens.unlink_outside"]

    def test_is_one_citizens_alone(self, platforms: Platforms, provider: str) -> None:
        link(Browser(), provider)
        other = Browser()
        platforms.who = "user-2"
        consent_of_both = consent(other, provider)
        other.get(PROVINCE, consent_of_both)
        platforms.who = "user-1"
        # the second account at this platform for the same phone
        wait_for_codes()
        other.here({"step": "phone", "phone": phone_of()})
        other.here({"step": "code", "phone": phone_of(), "code": last_code(phone_of())})
        assert OutsideIdentity.objects.count() == 1
        assert other.at(NORTH).get("/me/").status_code == 200

    def test_answers_the_browser_that_asked_and_once(self, platforms: Platforms, provider: str) -> None:
        person, victim = Browser(), Browser()
        back = consent(person, provider)
        victim.get(NORTH, "/me/")
        assert "请再点一次" in victim.get(PROVINCE, back).content.decode()
        person.get(PROVINCE, back)
        assert "请再点一次" in person.get(PROVINCE, back).content.decode()
        forged = back.replace("state=", "state=x")
        again = Browser()
        consent(again, provider)
        assert "请再点一次" in again.get(PROVINCE, forged).content.decode()

    def test_whose_code_was_used_says_what_to_do(self, platforms: Platforms, provider: str) -> None:
        person = Browser()
        back = consent(person, provider)
        platforms.used |= set(platforms.codes)
        assert "授权已过期或用过了，请再点一次" in person.get(PROVINCE, back).content.decode()

    @pytest.mark.parametrize(
        ("mood", "words"),
        [("away", "暂时没有响应"), ("slow", "暂时没有响应"), ("busy", "暂时没有响应"), ("unknown", "工作人员会处理")],
    )
    def test_that_does_not_do_its_part_lets_nobody_in(
        self, platforms: Platforms, provider: str, mood: str, words: str
    ) -> None:
        person = Browser()
        back = consent(person, provider)
        platforms.mood = mood
        page = person.get(PROVINCE, back).content.decode()
        assert words in page
        assert "手机号登录" in page
        assert not CitizenSignIn.objects.exists()

    def test_that_was_refused_by_the_person_leads_back_to_the_phone(self, platforms: Platforms, provider: str) -> None:
        person = Browser()
        state = parse_qs(urlsplit(consent(person, provider)).query)["state"][0]
        page = person.get(PROVINCE, f"/me/sign-in/from/{provider}/?error=access_denied&state={state}")
        assert "您没有同意" in page.content.decode()

    def test_is_not_there_where_it_is_not_set(self, settings: pytest.FixtureRequest, provider: str) -> None:
        label = OutsideIdentity.Provider(provider).label
        assert f"{label}登录" not in Browser().get(NORTH, "/me/").content.decode()
        for way in ("with", "from"):
            assert Browser().at(PROVINCE).get(f"/me/sign-in/{way}/{provider}/").status_code in {302, 404}
        assert Browser().at(PROVINCE).get(f"/me/sign-in/with/{provider}/").status_code == 404


class TestSignature:
    @pytest.mark.parametrize("provider", ["alipay", "national"])
    def test_of_somebody_else_is_not_believed(self, platforms: Platforms, provider: str) -> None:
        person = Browser()
        back = consent(person, provider)
        platforms.mood = "forged"
        assert "暂时没有响应" in person.get(PROVINCE, back).content.decode()
        assert not person.at(PROVINCE).session.get("outside_pending")

    def test_is_checked_by_the_key_of_today(self, platforms: Platforms) -> None:
        link(Browser(), "national")
        platforms.key, platforms.kid = OTHER, "k2"
        assert "138****0001" in come_back(Browser(), "national")
