"""The audit's pages: who may see what, and what can be asked for."""

import io
import re
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from foundation.errors import Invalid
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.audit.queries import EntryFilter
from province.console.operations import audit as audit_operations
from province.console.operations.audit import export_entries
from province.console.queries.audit import entries_in_reach, entry_lines
from province.content.models import Push
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import audience_of_codes
from province.content.states import WithdrawalKind
from province.halls.models import Hall
from province.rights.actors import Actor, Grant
from province.rights.roles import Reach
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version
from tests.factories.people import client_of, make_unit

pytestmark = pytest.mark.django_db
AUDIT = "/console/audit/"


@pytest.fixture
def withdrawn() -> Push:
    push = push_version(
        by=person("zhao"),
        version=make_approved_version(title="便民服务公告", by="sun"),
        audience=audience_of_codes(["420582000000"]),
        column="notices",
    )
    return withdraw_push(by=person("zhao"), push=push, kind=WithdrawalKind.GONE, reason="内容有误")


def hall_auditor(hall: Hall, reach: Reach = Reach.HALL) -> Actor:
    return Actor(uuid4(), "厅审计", (Grant(frozenset({"audit.read"}), hall.pk, hall.prefixes[-1], reach),))


def leave(hall: Hall | None, name: str) -> AuditEntry:
    by = Actor(uuid4(), name, ())
    object_id = uuid4()
    record_act(by=by, act="halls.update", object_type="hall", object_id=object_id, hall_id=hall.pk if hall else None)
    return AuditEntry.objects.get(object_id=object_id)


class TestAuditPage:
    def test_sends_strangers_to_sign_in_and_back(self) -> None:
        assert client_of().get(AUDIT)["Location"] == "/sign-in/?next=%2Fconsole%2Faudit%2F"

    @pytest.mark.parametrize("username", ["sun", "lu", "xu", "an", "wu"])
    def test_is_for_those_alone_who_may_read_it(self, username: str) -> None:
        assert client_of(username).get(AUDIT).status_code == 403
        assert AUDIT not in client_of(username).get("/console/").content.decode()

    @pytest.mark.parametrize("username", ["shen", "ji"])
    def test_says_in_chinese_who_did_what(self, username: str, withdrawn: Push) -> None:
        page = client_of(username).get(AUDIT).content.decode()
        for words in ("赵敏", "撤稿", "推稿", "状态：已发布 → 已撤稿", "撤稿方式：（空） → 已删除（410）", "内容有误"):
            assert words in page
        assert f"/console/pushes/{withdrawn.pk}/" in page
        for code in ("content.withdraw", "withdrawal_kind", "gone<"):
            assert code not in page.replace('value="content.withdraw"', "")

    def test_is_narrowed_by_what_is_asked(self, withdrawn: Push, north: Hall) -> None:
        leave(north, "王芳")

        def found(**asked: str) -> str:
            return client_of("shen").get(AUDIT, asked).content.decode().partition("<tbody>")[2]

        assert "王芳" not in found(act="content.withdraw")
        assert "赵敏" not in found(person="王")
        assert "赵敏" not in found(hall="当阳")
        assert "王芳" in found(hall="420582")
        assert "王芳" not in found(hall="省级")
        assert "王芳" not in found(object=str(withdrawn.pk))
        assert found(until="2020-01-01") == ""
        assert "王芳" in found(since="not a date", act="no.act", object="x")

    def test_pages_through_many(self, north: Hall) -> None:
        for number in range(60):
            leave(north, f"第{number}人")
        first = client_of("shen").get(AUDIT).content.decode()
        assert "第59人" in first
        assert "第0人" not in first
        [address] = re.findall(r'href="([^"]+)">更早的记录', first)
        assert "第0人" in client_of("shen").get(f"{AUDIT}{address}").content.decode()

    def test_folds_equal_acts_of_one_person_in_one_run(self, north: Hall) -> None:
        zhao = person("zhao")
        for number in range(300):
            record_act(by=zhao, act="halls.update", object_type="hall", object_id=north.pk, hall_id=north.pk)
            if number % 100 == 0:
                leave(north, f"第{number}人")
        page = client_of("shen").get(AUDIT).content.decode()
        assert "300 次" in page
        assert page.count("赵敏") == 1
        for number in (0, 100, 200):
            assert f"第{number}人" in page
        [address] = re.findall(r'href="([^"]+)">列出全部 300 条', page)
        run = client_of("shen").get(f"{AUDIT}{address.replace('&amp;', '&')}").content.decode()
        assert "共 300 条" in run
        assert (run.count("赵敏"), run.count("人</td>")) == (50, 0)

    def test_names_what_it_is_about(self, withdrawn: Push, north: Hall) -> None:
        record_act(
            by=person("zhao"),
            act="people.create_unit",
            object_type="unit",
            object_id=uuid4(),
            changes={"parent": [None, str(make_unit("综合科").pk)], "days": [None, "2026-03-01/2026-03-09"]},
        )
        leave_of = {"opening_hours": [[], [{"days": [1, 2], "from": "08:30", "to": "12:00"}]]}
        record_act(by=person("zhao"), act="halls.update", object_type="hall", object_id=north.pk, changes=leave_of)
        page = client_of("shen").get(AUDIT).content.decode()
        for words in (
            "便民服务公告",
            "上级：（空） → 综合科",
            "代理日期：（空） → 2026年3月1日至2026年3月9日",
            north.name,
            "开放日：1、2；开始：08:30",
        ):
            assert words in page

    def test_escapes_what_people_wrote(self, north: Hall) -> None:
        entry = leave(north, "<script>alert(1)</script>")
        for path in (AUDIT, f"{AUDIT}{entry.pk}/"):
            assert "<script>alert" not in client_of("shen").get(path).content.decode()

    def test_says_what_an_empty_one_means(self) -> None:
        assert "没有符合条件的记录" in client_of("shen").get(AUDIT, {"person": "没有这个人"}).content.decode()


class TestEntryPage:
    def test_shows_each_change_and_the_way_to_the_object(self, withdrawn: Push) -> None:
        entry = AuditEntry.objects.get(act="content.withdraw")
        page = client_of("shen").get(f"{AUDIT}{entry.pk}/").content.decode()
        for words in (
            "赵敏",
            "撤稿方式",
            "内容有误",
            str(entry.pk),
            "正在上链",
            f'href="/console/pushes/{withdrawn.pk}/"',
        ):
            assert words in page

    def test_is_missing_where_there_is_none(self) -> None:
        assert client_of("shen").get(f"{AUDIT}{uuid4()}/").status_code == 404


class TestExport:
    def test_writes_a_workbook_and_an_entry(self, withdrawn: Push) -> None:
        answer = client_of("shen").get(AUDIT, {"format": "xlsx", "act": "content.withdraw"})
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        heading, row = sheet.to_python()
        facts = dict(zip(heading, row, strict=True))
        assert (facts["操作人"], facts["操作"], facts["对象"], facts["范围"]) == ("赵敏", "撤稿", "推稿", "省级")
        assert "状态：已发布 → 已撤稿" in facts["变更"]
        assert AuditEntry.objects.get(act="audit.export").actor_name == "沈计"

    def test_refuses_more_than_a_table_can_hold(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(audit_operations, "MOST_EXPORTED", 2)
        for number in range(3):
            leave(north, f"第{number}人")
        with pytest.raises(Invalid, match="超过 2 条"):
            export_entries(by=person("shen"), asked=EntryFilter())
        answer = client_of("shen").get(AUDIT, {"format": "csv"}, follow=True)
        assert "请缩小时间范围" in answer.content.decode()


class TestEntriesInReach:
    def test_are_a_halls_own_for_its_auditor(self, north: Hall, south: Hall) -> None:
        village = Hall.objects.get(slug="village")
        for hall, name in ((north, "北"), (south, "南"), (village, "村"), (None, "省")):
            leave(hall, name)

        def names(by: Actor, **asked: str) -> set[str]:
            return {entry.actor_name for entry in entries_in_reach(by, EntryFilter(), **asked)}

        assert names(hall_auditor(north)) == {"北"}
        assert names(hall_auditor(north, Reach.SUBTREE)) == {"北", "村"}
        assert names(hall_auditor(north), hall="枝江") == set()
        assert names(hall_auditor(north), hall="省级") == set()
        assert names(person("shen")) == {"北", "南", "村", "省"}
        assert names(person("he")) == {"北", "村"}
        assert names(person("sun")) == set()

    def test_are_named_with_one_query_more(self, north: Hall, django_assert_max_num_queries: object) -> None:
        for number in range(20):
            leave(north, f"第{number}人")
        entries = list(AuditEntry.objects.all())
        with django_assert_max_num_queries(1):  # type: ignore[operator]
            assert {line.hall for line in entry_lines(entries)} == {north.name}
