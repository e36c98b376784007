import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from province.halls.models import Division, DivisionPlan, Hall, HallFigures, HallKind
from province.halls.states import HallState
from tests.factories.files import picture
from tests.factories.people import client_of
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db

NORTH = "420582000000"
PAGES = (
    "/console/divisions/",
    "/console/divisions/?q=当阳",
    "/console/halls/",
    f"/console/halls/{NORTH}/",
    f"/console/halls/{NORTH}/edit/",
    "/console/settings/",
    "/console/rollouts/",
    "/console/rollouts/new/",
    "/console/rollouts/new/?under=4205",
)


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


@pytest.mark.parametrize("path", PAGES)
class TestConsolePage:
    def test_sends_strangers_to_sign_in_and_back(self, path: str) -> None:
        answer = client_of().get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?next=%2Fconsole%2F")

    @pytest.mark.parametrize("username", ["sun", "wu"])
    def test_is_the_provinces_alone(self, path: str, username: str) -> None:
        assert client_of(username).get(path).status_code == 403

    def test_opens_for_the_province(self, path: str, zhao: Client) -> None:
        assert zhao.get(path).status_code == 200


class TestHallsTable:
    def test_keeps_its_filters_in_the_address(self, zhao: Client) -> None:
        page = zhao.get("/console/halls/?kind=village").content.decode()
        assert "红联村" in page
        assert f"/console/halls/{NORTH}/" not in page

    def test_reads_past_a_nonsense_filter(self, zhao: Client) -> None:
        assert "红联村" in zhao.get("/console/halls/?kind=castle&under=x&page=z").content.decode()

    def test_goes_out_as_csv_that_excel_reads(self, zhao: Client) -> None:
        Hall.objects.filter(division__code=NORTH).update(name="=HYPERLINK(1)")
        answer = zhao.get("/console/halls/?format=csv&search=4205820000")
        rows = b"".join(answer).decode()
        assert rows.startswith("\ufeff区划代码,名称")
        assert "'=HYPERLINK(1)" in rows
        assert "枝江市" not in rows

    def test_goes_out_whole_and_in_order_however_long_it_is(self, zhao: Client) -> None:
        register_halls((f"43{number:010d}", HallKind.VILLAGE) for number in range(1_100))
        HallFigures.objects.bulk_create(HallFigures(hall=hall) for hall in Hall.objects.filter(figures=None))
        with CaptureQueriesContext(connection) as queries:
            lines = b"".join(zhao.get("/console/halls/?format=csv")).decode().splitlines()[1:]
        codes = [line.partition(",")[0] for line in lines]
        assert len(codes) == Hall.objects.count()
        assert codes == sorted(set(codes))
        assert len(queries) <= 10

    def test_goes_out_as_excel(self, zhao: Client) -> None:
        assert zhao.get("/console/halls/?format=xlsx").content.startswith(b"PK")

    def test_suspends_all_that_are_ticked_and_names_the_refused(self, zhao: Client, north: Hall, south: Hall) -> None:
        Hall.objects.filter(pk=south.pk).update(state=HallState.PLANNED)
        codes = [NORTH, "420583000000"]
        answer = zhao.post("/console/halls/bulk/", {"hall": codes, "act": "suspend", "reason": "检修"}, follow=True)
        north.refresh_from_db()
        assert north.state == HallState.SUSPENDED
        assert "已处理 1 个服务厅" in answer.content.decode()
        assert "枝江市" in answer.content.decode()

    def test_returns_to_no_other_site(self, zhao: Client) -> None:
        answer = zhao.post("/console/halls/bulk/", {"act": "open", "back": "https://evil.example/"})
        assert answer["Location"] == "/console/halls/"


class TestHallPage:
    def test_is_found_by_no_unknown_code(self, zhao: Client) -> None:
        assert zhao.get("/console/halls/999999999999/").status_code == 404

    def test_saves_facts_and_hours(self, zhao: Client, north: Hall) -> None:
        facts = {"name": north.name, "short_name": "当阳", "accent_colour": "#1257a8", "phone": "0717-3222222"}
        hours = {f"hours_{day}_0_{edge}": time for day in (1, 2) for edge, time in (("from", "08:30"), ("to", "12:00"))}
        assert zhao.post(f"/console/halls/{NORTH}/edit/", facts | hours).status_code == 302
        north.refresh_from_db()
        assert north.phone == "0717-3222222"
        assert north.opening_hours == [{"days": [1, 2], "from": "08:30", "to": "12:00"}]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"accent_colour": "#ffff00"}, "对比度"),
            ({"hours_1_0_from": "12:00", "hours_1_0_to": "08:00"}, "先后颠倒"),
            ({"site_code": "12"}, "10 位数字"),
        ],
    )
    def test_says_what_is_wrong(self, zhao: Client, north: Hall, wrong: dict[str, str], message: str) -> None:
        facts = {"name": north.name, "short_name": "当阳", "accent_colour": "#1257a8"}
        answer = zhao.post(f"/console/halls/{NORTH}/edit/", facts | wrong)
        assert answer.status_code == 422
        assert message in answer.content.decode()

    def test_takes_an_emblem(self, zhao: Client, north: Hall, object_store: None) -> None:
        address = f"/console/halls/{NORTH}/emblem/"
        small = SimpleUploadedFile("徽标.png", picture("PNG", size=(64, 64)).read())
        refused = zhao.post(address, {"emblem": small})
        assert refused.status_code == 422
        assert "不小于 128 像素" in refused.content.decode()
        good = SimpleUploadedFile("徽标.png", picture("PNG", size=(256, 256)).read())
        page = zhao.post(address, {"emblem": good}, follow=True).content.decode()
        assert "徽标已更换" in page
        assert "现在的徽标" in page
        assert Hall.objects.get(pk=north.pk).emblem_key.startswith(f"halls/{north.pk}/")

    def test_suspends_only_with_a_reason_and_resumes(self, zhao: Client, north: Hall) -> None:
        address = f"/console/halls/{NORTH}/state/"
        refused = zhao.post(address, {"act": "suspend", "reason": ""})
        assert refused.status_code == 422
        assert "请写明原因" in refused.content.decode()
        zhao.post(address, {"act": "suspend", "reason": "设备检修"})
        north.refresh_from_db()
        assert (north.state, north.state_reason) == (HallState.SUSPENDED, "设备检修")
        assert "设备检修" in zhao.get(f"/console/halls/{NORTH}/").content.decode()
        zhao.post(address, {"act": "resume"})
        north.refresh_from_db()
        assert north.state == HallState.LIVE

    def test_names_what_keeps_a_trial_hall_from_going_live(self, zhao: Client, north: Hall) -> None:
        Hall.objects.filter(pk=north.pk).update(state=HallState.TRIAL)
        answer = zhao.post(f"/console/halls/{NORTH}/state/", {"act": "golive"})
        assert answer.status_code == 422
        assert "还不能正式运行" in answer.content.decode()

    def test_adds_and_removes_a_domain(self, zhao: Client) -> None:
        address = f"/console/halls/{NORTH}/domains/"
        assert zhao.post(address, {"domain": "zwfw.dangyang.example"}).status_code == 302
        assert zhao.post(address, {"domain": "south.yizhan.localhost"}).status_code == 422
        assert zhao.post(address, {"remove": "south.yizhan.localhost"}).status_code == 404
        assert zhao.post(address, {"remove": "zwfw.dangyang.example"}).status_code == 302


class TestDivisionsPage:
    def test_loads_one_level_at_a_time(self, zhao: Client) -> None:
        branch = zhao.get("/console/divisions/children/?under=420500000000").content.decode()
        assert "当阳市" in branch
        assert "河溶镇" not in branch
        assert "<html" not in branch

    def test_loads_a_file_and_reviews_the_next(self, zhao: Client) -> None:
        first = SimpleUploadedFile("64.csv", "640000000000,宁夏回族自治区\n640100000000,银川市\n".encode())
        assert zhao.post("/console/divisions/load/", {"file": first, "effective_on": "2023-06-30"}).status_code == 302
        assert Division.objects.filter(code="640100000000").exists()
        second = SimpleUploadedFile("64.csv", "640000000000,宁夏回族自治区\n640100000000,新银川市\n".encode())
        page = zhao.post("/console/divisions/load/", {"file": second, "effective_on": "2024-06-30"}, follow=True)
        assert "新银川市" in page.content.decode()
        plan = DivisionPlan.objects.get()
        for act in ("accept-all", "apply"):
            zhao.post(f"/console/divisions/plans/{plan.pk}/", {"act": act})
        assert Division.objects.get(code="640100000000", valid_to=None).name == "新银川市"

    def test_names_the_wrong_lines_and_loads_nothing(self, zhao: Client) -> None:
        file = SimpleUploadedFile("64.csv", "640000000000,宁夏回族自治区\n64x,坏行\n".encode())
        answer = zhao.post("/console/divisions/load/", {"file": file, "effective_on": "2023-06-30"})
        assert answer.status_code == 422
        assert "没有载入任何内容" in answer.content.decode()
        assert not Division.objects.filter(code="640000000000").exists()
