import io
from datetime import timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from province.content.models import ChannelDelivery, LibraryOffer, Manuscript, MediaAccount
from province.content.queries.account_facts import HEADINGS
from province.content.states import AccountState, DeliveryState, OfferState
from province.halls.models import Hall
from tests.factories.pushes import make_push
from tests.province.content.test_views import client_of

pytestmark = pytest.mark.django_db

PAGES = (
    "/console/accounts/",
    "/console/accounts/?format=csv",
    "/console/accounts/new/",
    "/console/accounts/import/",
    "/console/accounts/template/",
    "/console/deliveries/",
)
FACTS = {
    "platform": "wechat",
    "external_id": "dangyang-fabu",
    "name": "当阳发布",
    "owner": "当阳市人民政府办公室",
    "code": "420582000000",
}


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


def make_account(**fields: str) -> MediaAccount:
    facts = {"platform": "wechat", "external_id": "x", "name": "当阳发布", "owner": "政府办", "prefix": "420582"}
    return MediaAccount.objects.create(**facts | fields)


def make_dead_letter() -> ChannelDelivery:
    push = make_push()
    return ChannelDelivery.objects.create(
        push=push,
        account=make_account(),
        act=ChannelDelivery.Act.PUSH,
        turn=push.turn,
        state=DeliveryState.DEAD,
        attempts=12,
        next_attempt_at=timezone.now() - timedelta(minutes=1),
        last_error="对方答复 500。",
    )


def table(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(HEADINGS))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("备案.xlsx", file.getvalue())


@pytest.mark.parametrize("path", PAGES)
class TestAccountPages:
    def test_send_strangers_to_sign_in(self, path: str) -> None:
        assert client_of().get(path).status_code == 302

    def test_are_closed_to_somebody_without_a_post(self, path: str) -> None:
        assert client_of("wu").get(path).status_code == 403

    def test_open_for_the_province(self, path: str, zhao: Client) -> None:
        assert zhao.get(path).status_code == 200


class TestAccount:
    def test_is_filed_changed_confirmed_and_closed(self, zhao: Client) -> None:
        assert zhao.post("/console/accounts/new/", FACTS).status_code == 302
        account = MediaAccount.objects.get()
        address = f"/console/accounts/{account.pk}/"
        changed = {"act": "change", "name": "当阳发布厅", "owner": account.owner}
        for filled, state in (
            (changed, AccountState.CHANGED),
            ({"act": "confirm"}, AccountState.FILED),
            ({"act": "close", "reason": "停办"}, AccountState.CLOSED),
        ):
            assert zhao.post(address, filled).status_code == 302
            account.refresh_from_db()
            assert account.state == state
        assert "保存变更" not in zhao.get(address).content.decode()

    def test_is_filed_once(self, zhao: Client) -> None:
        zhao.post("/console/accounts/new/", FACTS)
        again = zhao.post("/console/accounts/new/", FACTS)
        assert again.status_code == 422
        assert "已经备案" in again.content.decode()

    def test_of_another_hall_is_hidden(self) -> None:
        account = make_account()
        assert client_of("zhou").get(f"/console/accounts/{account.pk}/").status_code == 404
        assert "当阳发布" not in client_of("zhou").get("/console/accounts/").content.decode()


class TestImport:
    def test_reports_every_bad_row_and_takes_the_good_ones(self, zhao: Client) -> None:
        good = ("微信公众号", "当阳发布", "dangyang-fabu", "政府办", "420582000000")
        bad = ("没有的平台", "枝江发布", "zhijiang-fabu", "政府办", "420583000000")
        page = zhao.post("/console/accounts/import/", {"file": table(good, bad)}).content.decode()
        assert "新登记 1 个" in page
        assert "没有的平台" in page
        assert MediaAccount.objects.get().name == "当阳发布"

    def test_refuses_what_is_no_workbook(self, zhao: Client) -> None:
        answer = zhao.post("/console/accounts/import/", {"file": SimpleUploadedFile("备案.xlsx", b"PK nonsense")})
        assert answer.status_code == 422
        assert "不是 Excel 工作簿" in answer.content.decode()


class TestDeadLetters:
    def test_are_counted_on_the_overview_and_tried_again(self, zhao: Client) -> None:
        letter = make_dead_letter()
        assert "未送达的新媒体" in zhao.get("/console/").content.decode()
        page = zhao.get("/console/deliveries/?state=dead").content.decode()
        assert "对方答复 500。" in page
        zhao.post("/console/deliveries/retry/", {"delivery": str(letter.pk)})
        letter.refresh_from_db()
        assert letter.state == DeliveryState.WAITING

    @pytest.mark.parametrize("key", ["x", "01a20fa1-f4e6-7703-abaa-adaa61ddee5c"])
    def test_that_are_not_there_are_said_to_be_missing(self, zhao: Client, key: str) -> None:
        page = zhao.post("/console/deliveries/retry/", {"delivery": key}, follow=True).content.decode()
        assert "没有这次投递。" in page

    def test_of_another_county_are_not_to_be_retried(self) -> None:
        letter = make_dead_letter()
        client_of("zhou").post("/console/deliveries/retry/", {"delivery": str(letter.pk)})
        letter.refresh_from_db()
        assert letter.state == DeliveryState.DEAD


class TestLibrary:
    def _offer(self, north: Hall) -> LibraryOffer:
        return LibraryOffer.objects.create(
            hall_id=north.pk,
            article_id=north.pk,
            title="北厅的好经验",
            body="<p>一窗受理。</p>",
            offered_by_name="孙北",
            search_words="北厅 经验",
        )

    def test_takes_an_offer_as_a_manuscript(self, zhao: Client, north: Hall) -> None:
        offer = self._offer(north)
        assert "北厅的好经验" in zhao.get("/console/library/").content.decode()
        answer = zhao.post(f"/console/library/{offer.pk}/", {"act": "take"})
        assert answer["Location"] == f"/console/manuscripts/{Manuscript.objects.get().pk}/"
        again = zhao.post(f"/console/library/{offer.pk}/", {"act": "take"})
        assert again.status_code == 422
        assert "湖北省" in zhao.get(f"/console/library/{offer.pk}/").content.decode()

    def test_declines_only_with_a_reason(self, zhao: Client, north: Hall) -> None:
        offer = self._offer(north)
        assert zhao.post(f"/console/library/{offer.pk}/", {"act": "decline", "reason": ""}).status_code == 422
        zhao.post(f"/console/library/{offer.pk}/", {"act": "decline", "reason": "已有同类稿件"})
        offer.refresh_from_db()
        assert (offer.state, offer.decline_reason) == (OfferState.DECLINED, "已有同类稿件")

    def test_has_no_page_for_an_unknown_offer(self, zhao: Client, north: Hall) -> None:
        assert zhao.get(f"/console/library/{north.pk}/").status_code == 404
