"""A table of departments and people, taken in at once."""

import io
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from foundation.errors import DomainError, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Account, Position, Unit
from province.people.operations.accounts import close_account
from province.people.operations.people_imports import PeopleReport, import_people
from province.people.queries.units import unit_paths
from province.rights.queries import may
from province.sign_in.operations.passwords import activate_account
from tests.conftest import person
from tests.factories.people import account, client_of, make_role, make_unit, people_table_file
from tests.races import at_once

PREFIX = "420582"
ROW = ("zhang.san", "张三", "政务科/综合窗口", "科员", "编辑")


def take_in(*rows: tuple[object, ...], by: str = "he", is_trial: bool = False) -> PeopleReport:
    hall = Hall.objects.get(slug="north")
    return import_people(by=person(by), file=people_table_file(rows), hall_id=hall.pk, prefix=PREFIX, is_trial=is_trial)


@pytest.mark.django_db
class TestImportPeople:
    def test_makes_departments_accounts_and_positions(self, north: Hall) -> None:
        make_unit("政务科", hall=north)
        report = take_in(ROW, ("li.si", "李四", "政务科/综合窗口", "", "窗口"), ("", "", "办公室", "", ""))
        assert (report.accounts, report.positions, report.units, report.faults) == (2, 2, 2, [])
        assert sorted(unit_paths(north.pk).values()) == ["办公室", "政务科", "政务科/综合窗口"]
        position = Position.objects.get(account__username="zhang.san")
        assert (position.title, position.unit.name, position.reach_prefix) == ("科员", "综合窗口", PREFIX)  # type: ignore[union-attr]
        assert may(person("zhang.san"), "content.write", hall_id=north.pk)

    def test_gives_each_new_account_a_code_that_sets_its_password(self) -> None:
        ((username, name, code),) = take_in(ROW).codes
        assert (username, name) == ("zhang.san", "张三")
        assert not account("zhang.san").has_usable_password()
        activate_account(username=username, code=code, password="long-staple-battery-7", address="10.0.0.1")
        assert account("zhang.san").check_password("long-staple-battery-7")

    def test_on_trial_says_what_would_happen_and_does_nothing(self, north: Hall) -> None:
        report = take_in(ROW, is_trial=True)
        assert (report.accounts, report.positions, report.units, report.codes) == (1, 1, 2, [])
        assert not Account.objects.filter(username="zhang.san").exists()
        assert not Unit.objects.exists()
        assert not AuditEntry.objects.filter(act="people.import_people").exists()

    def test_again_changes_nothing(self) -> None:
        take_in(ROW)
        report = take_in(ROW, ROW)
        assert (report.accounts, report.positions, report.units, report.unchanged) == (0, 0, 0, 2)
        assert report.codes == []

    def test_adds_a_second_position_to_somebody_who_is_there(self, north: Hall) -> None:
        take_in(("sun", "孙北", "", "", "承办"))
        assert account("sun").positions.count() == 2

    def test_takes_the_halls_own_roles(self, north: Hall) -> None:
        make_role("稿件秘书", hall=north)
        assert take_in(("zhang.san", "张三", "", "", "稿件秘书")).positions == 1

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (("张三", "张三", "", "", "编辑"), "小写字母"),
            (("zhang", "", "", "", "编辑"), "请填写姓名"),
            (("", "张三", "", "", "编辑"), "请填写账号和姓名"),
            (("zhang", "张三", "", "", "皇帝"), "没有“皇帝”这个角色"),
            (("zhang", "张三", "", "", "省级运营"), "没有“省级运营”这个角色"),
            (("sun", "不是孙北", "", "", "编辑"), "已被另一个人使用"),
            (("he", "何北", "", "", "编辑"), "不能给自己"),
            (("zhang", "张三", "甲//乙", "", "编辑"), "部门名称"),
            (("zhang", "张三", "/".join("一二三四五六七八九"), "", "编辑"), "最多 8 层"),
            (("zhang", "张" * 41, "", "", "编辑"), "姓名不能超过"),
            (("zhang", "张三", "", "=1+1", "编辑"), "公式"),
        ],
    )
    def test_says_what_is_wrong_with_a_row_and_takes_the_others(self, row: tuple[str, ...], message: str) -> None:
        report = take_in(row, ROW)
        assert [fault.where for fault in report.faults] == ["第 2 行"]
        assert message in report.faults[0].message
        assert (report.accounts, report.positions) == (1, 1)

    def test_refuses_a_closed_account(self) -> None:
        close_account(by=person("he"), account=account("sun"))
        assert "已停用" in take_in(("sun", "孙北", "", "", "编辑")).faults[0].message

    def test_takes_nobody_in_who_works_out_of_the_importers_sight(self) -> None:
        """A row with an account and a name takes nobody from another hall, whose administrator would lose them; and in
        no other words than where the name is wrong."""
        zhou = account("zhou")
        rows = [("zhou", name, "", "", "窗口") for name in (zhou.name, "周错")]
        for is_trial in (True, False):
            report = take_in(*rows, ROW, is_trial=is_trial)
            assert [fault.message for fault in report.faults] == ["账号“zhou”已被另一个人使用，请换一个账号。"] * 2
            assert report.positions == 1
        assert zhou.positions.count() == 1
        assert take_in(rows[0], by="zhao").positions == 1

    def test_refuses_one_user_name_for_two_people(self) -> None:
        report = take_in(ROW, ("zhang.san", "张散", "", "", "编辑"))
        assert [fault.where for fault in report.faults] == ["第 3 行"]

    def test_makes_nobody_an_administrator_and_something_else(self) -> None:
        rows = [
            ("zhang", "张三", "", "", "系统管理员"),
            ("zhang", "张三", "", "", "安全管理员"),
            ("zhang", "张三", "", "", "监察"),
            ("wei", "魏察", "", "", "审计管理员"),
            ("xu", "许系", "", "", "监察"),
        ]
        report = import_people(by=person("zhao"), file=people_table_file(rows))
        assert [fault.where for fault in report.faults] == [f"第 {number} 行" for number in (3, 4, 5, 6)]
        assert all("不能兼任" in fault.message for fault in report.faults)

    def test_gives_no_role_that_the_importer_could_not_give(self, north: Hall) -> None:
        role = make_role("人事", ["people.manage", "people.read"], hall=north)
        import_people(
            by=person("he"),
            file=people_table_file([("ren", "任事", "", "", role.name)]),
            hall_id=north.pk,
            prefix=PREFIX,
        )
        assert "安排岗位" in take_in(ROW, by="ren").faults[0].message

    def test_is_open_to_who_manages_people_there(self, south: Hall) -> None:
        for who in ("sun", "zhou", "wu"):
            with pytest.raises(NotAllowed):
                take_in(ROW, by=who)
        with pytest.raises(NotAllowed):
            import_people(by=person("he"), file=people_table_file([ROW]), hall_id=south.pk, prefix="420583")

    def test_refuses_what_is_no_such_table(self) -> None:
        with pytest.raises(Invalid, match="不是 Excel"):
            import_people(by=person("zhao"), file=io.BytesIO(b"not a workbook"))
        with pytest.raises(Invalid, match="没有人员"):
            take_in()

    def test_is_recorded_with_whom_it_took_in(self) -> None:
        take_in(ROW, ("bad", "", "", "", "编辑"))
        changes = AuditEntry.objects.get(act="people.import_people").changes
        assert changes["usernames"] == [[], ["zhang.san"]]
        assert changes["faults"] == [0, 1]

    def test_takes_two_thousand_with_few_queries(self, north: Hall) -> None:
        rows = [
            (f"person{number}", f"人员{number}", f"科{number % 40}/组{number % 7}", "科员", "编辑")
            for number in range(2_000)
        ]
        he, file = person("he"), people_table_file(rows)
        with CaptureQueriesContext(connection) as queries:
            report = import_people(by=he, file=file, hall_id=north.pk, prefix=PREFIX)
        assert (report.accounts, report.positions, report.units) == (2_000, 2_000, 320)
        assert len(queries) < 40
        assert len({code for *_, code in report.codes}) == 2_000


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_take_everybody_in_once(self) -> None:
        rows = [(f"person{number}", f"人员{number}", "科/组", "", "编辑") for number in range(50)]
        hall = Hall.objects.get(slug="north")
        act = partial(import_people, hall_id=hall.pk, prefix=PREFIX)
        results = at_once(
            partial(act, by=person("he"), file=people_table_file(rows)),
            partial(act, by=person("zhao"), file=people_table_file(rows)),
        )
        assert Account.objects.filter(username__startswith="person").count() == 50
        assert Unit.objects.count() == 2
        assert sum(one.accounts for one in results if not isinstance(one, DomainError)) == 50


@pytest.mark.django_db
class TestImportPage:
    def upload(self, *, is_trial: bool) -> str:
        file = SimpleUploadedFile("people.xlsx", people_table_file([ROW, ("bad", "", "", "", "编辑")]).getvalue())
        facts = {"file": file, "hall": "420582000000"} | ({"is_trial": "on"} if is_trial else {})
        return client_of("he").post("/console/settings/people/import/", facts).content.decode()

    def test_checks_first_and_then_shows_the_codes_once(self) -> None:
        page = self.upload(is_trial=True)
        assert "还没有导入" in page
        assert "第 3 行" in page
        assert "激活码只显示这一次" not in page
        page = self.upload(is_trial=False)
        assert "激活码只显示这一次" in page
        assert "zhang.san" in page

    def test_offers_a_table_to_fill_in(self) -> None:
        answer = client_of("he").get("/console/settings/people/import/template/")
        grid = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert grid[0] == ["账号", "姓名", "部门", "职务", "角色"]

    def test_takes_its_own_export_back(self, north: Hall) -> None:
        self.upload(is_trial=False)
        answer = client_of("he").get("/console/settings/?format=xlsx&hall=420582000000")
        grid = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert ["zhang.san", "张三", "政务科/综合窗口", "科员", "编辑", "当阳市", "启用"] in grid
        report = import_people(by=person("zhao"), file=io.BytesIO(answer.content), hall_id=north.pk, prefix=PREFIX)
        assert (report.accounts, report.positions, report.faults) == (0, 0, [])
