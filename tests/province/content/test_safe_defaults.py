"""What goes out begins with nobody; what waits for somebody is theirs to do; who is missing is said before writing."""

import pytest
from django.utils import timezone

from province.content.models import Push
from province.content.operations import create_manuscript, pass_review, submit_manuscript
from province.content.operations.pushes import push_version
from province.content.queries.overview import texts_overview, texts_waiting
from province.content.queries.reviews import review_shortage
from province.halls.models import Hall, HallKind
from province.people.models import Account
from tests.conftest import person
from tests.factories.manuscripts import BODY, PROVINCE, make_approved_version
from tests.factories.people import client_of
from tests.factories.pushes import EVERYBODY
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db


def _counts(username: str) -> dict[str, int]:
    return {one.label: one.number for one in texts_waiting(person(username))}


class TestPushDialog:
    def test_begins_with_nobody_and_sends_to_nobody(self) -> None:
        zhao, version = client_of("zhao"), make_approved_version()
        address = f"/console/versions/{version.pk}/push/"
        page = zhao.get(address).content.decode()
        assert "还没有选择范围" in page
        filled = {"column": "news", "mode": "direct", "to": "", "excluded": ""}
        assert zhao.post(address, filled).status_code == 422
        everything = zhao.post(address, filled | {"act": "all"}).content.decode()
        assert "将在 3 个服务厅显示" in everything
        assert not Push.objects.exists()

    def test_lists_its_audience_to_the_end_and_takes_times_year_first(self) -> None:
        register_halls([(f"420583{place:06d}", HallKind.VILLAGE) for place in range(100_001, 100_251)])
        zhao, version = client_of("zhao"), make_approved_version()
        asked = {"column": "news", "mode": "direct", "to": "420000000000", "excluded": ""}
        address = f"/console/versions/{version.pk}/audience/list/"
        first, last = (zhao.post(address, asked | {"page": page}).content.decode() for page in ("1", "2"))
        total = Hall.objects.count()
        assert (first.count("<tr>") - 1, last.count("<tr>") - 1) == (200, total - 200)
        assert zhao.post(address, asked | {"format": "csv"}).content.decode().count("\r\n") == total + 1
        assert zhao.post(address, asked | {"format": "xlsx"}).content.startswith(b"PK")
        assert zhao.post(address, asked | {"to": ""}).status_code == 422
        push_address = f"/console/versions/{version.pk}/push/"
        assert "datetime-local" not in zhao.get(push_address).content.decode()
        assert zhao.post(push_address, asked | {"starts_at": "11/30/2099 8:30"}).status_code == 422
        zhao.post(push_address, asked | {"starts_at": "2099年11月30日 08:30"})
        push = Push.objects.get()
        assert (timezone.localtime(push.starts_at).isoformat()[:16], push.sends_message) == ("2099-11-30T08:30", False)


class TestWaiting:
    def test_lists_others_texts_to_review_and_ones_own_once_they_have_passed(self) -> None:
        zhao = person("zhao")
        manuscript = create_manuscript(by=zhao, desk_prefix=PROVINCE, title="通知", body=BODY, source="省政府")
        version = submit_manuscript(by=zhao, manuscript=manuscript)
        assert texts_overview(zhao).waiting == []
        assert _counts("zhao")["待我审核的稿件"] == 0
        assert _counts("qian")["待我审核的稿件"] == 1
        for reviewer in ("lu", "ma", "fang"):
            version = pass_review(by=person(reviewer), version=version)
        assert (_counts("zhao")["我的稿件已通过，待推送"], _counts("qian")["我的稿件已通过，待推送"]) == (1, 0)
        page = client_of("zhao").get("/console/manuscripts/?view=passed").content.decode()
        assert f"/console/versions/{version.pk}/push/" in page
        push_version(by=zhao, version=version, audience=EVERYBODY, column="news")
        assert _counts("zhao")["我的稿件已通过，待推送"] == 0


class TestReviewShortage:
    def test_is_said_where_one_writes(self) -> None:
        zhao = person("zhao")
        assert review_shortage(zhao, PROVINCE) == ""
        # a first reviewer and the operators alone: the author gives one review, and two others are needed
        Account.objects.exclude(username__in=("zhao", "qian", "lu")).update(is_active=False)
        assert review_shortage(zhao, PROVINCE) == ""
        Account.objects.filter(username="qian").update(is_active=False)
        said = "本单位除您以外有 1 人可审，三审需要 2 位其他人"
        assert said in review_shortage(zhao, PROVINCE)
        assert said in client_of("zhao").get("/console/manuscripts/new/").content.decode()
