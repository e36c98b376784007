import io
from datetime import date
from functools import partial
from typing import Any

import pytest

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.content.models import MediaAccount
from province.content.operations.account_imports import ImportReport, import_accounts
from province.content.operations.accounts import change_account, close_account, confirm_account, file_account
from province.content.queries.accounts import account_with_id, accounts_table, signing_key
from province.content.states import AccountState
from province.halls.models import Hall
from province.halls.operations import accept_guesses, apply_plan, load_divisions
from province.halls.queries import plan_with_id
from tests.conftest import person
from tests.factories.accounts import NORTH_CODE, account_row, make_account, workbook
from tests.races import at_once

FACTS = {
    "code": NORTH_CODE,
    "platform": "wechat",
    "name": "当阳发布",
    "external_id": "gh_1",
    "owner": "当阳市人民政府",
}


def file(by: str = "zhao", **facts: str) -> MediaAccount:
    return file_account(by=person(by), **{**FACTS, **facts})


def take_in(*rows: list[str], by: str = "zhao") -> ImportReport:
    return import_accounts(by=person(by), file=workbook(rows))


@pytest.mark.django_db
class TestFileAccount:
    def test_registers_it_for_the_hall_of_the_division(self, north: Hall) -> None:
        account = file(platform="微信公众号")
        assert (account.hall_id, account.prefix, account.platform) == (north.id, "420582", "wechat")
        assert account.state == AccountState.FILED
        assert AuditEntry.objects.get(act="accounts.file").hall_id == north.id

    def test_registers_one_of_a_division_without_a_hall(self) -> None:
        account = file(code="420500000000")
        assert (account.hall_id, account.prefix) == (None, "4205")

    def test_refuses_one_that_is_registered(self) -> None:
        file()
        with pytest.raises(Conflict, match="已经备案"):
            file(name="另一个名字")

    def test_gives_a_unit_one_account_a_platform(self) -> None:
        first = file()
        with pytest.raises(Conflict, match=r"已备案账号“当阳发布”（gh_1）.*只开设一个账号"):
            file(external_id="gh_2")
        file(external_id="gh_2", platform="weibo")
        file(external_id="gh_2", code="420583000000")
        close_account(by=person("zhao"), account=first, reason="改用新账号")
        file(external_id="gh_3")

    def test_counts_other_platforms_apart(self) -> None:
        for external_id in ("gh_1", "gh_2"):
            file(platform="other", external_id=external_id)

    @pytest.mark.parametrize(
        ("fact", "value", "word"),
        [
            ("platform", "fax", "没有“fax”这个平台"),
            ("name", "", "请填写"),
            ("owner", "长" * 81, "80"),
            ("name", "两\n行", "换行"),
            ("endpoint", "ftp://a.cn/", "网址"),
            ("endpoint", "https://user:pass@a.cn/", "账号密码"),
            ("endpoint", "http://[::1", "网址"),
        ],
    )
    def test_refuses_wrong_facts(self, fact: str, value: str, word: str) -> None:
        with pytest.raises(Invalid) as refusal:
            file(**{fact: value})
        assert [(one.where, word in one.message) for one in refusal.value.faults] == [(fact, True)]

    def test_refuses_an_unknown_connector(self) -> None:
        with pytest.raises(Invalid) as refusal:
            file(connector="smoke", endpoint="https://a.cn/")
        assert refusal.value.faults[0].where == "connector"

    def test_asks_for_the_address_of_a_connector(self) -> None:
        with pytest.raises(Invalid):
            file(connector="http")

    def test_knows_no_unknown_division(self) -> None:
        with pytest.raises(NotFound):
            file(code="429999000000")

    def test_is_open_to_the_halls_editor_and_no_other_halls(self) -> None:
        assert file(by="sun").name == "当阳发布"
        with pytest.raises(NotAllowed):
            file(by="zhou", external_id="gh_2")


@pytest.mark.django_db
class TestAccountState:
    def test_goes_from_filed_to_changed_and_back(self, north: Hall) -> None:
        account = make_account(north)
        changed = change_account(by=person("sun"), account=account, contact_name="王芳")
        assert (changed.state, changed.contact_name.plain) == (AccountState.CHANGED, "王芳")
        assert change_account(by=person("sun"), account=account, contact_name="李静").state == AccountState.CHANGED
        # entries are kept for ever, and whom one calls is nobody else's business
        entry = AuditEntry.objects.filter(act="accounts.change").latest("pk")
        assert entry.changes["contact_name"] == ["王*", "李*"]
        assert confirm_account(by=person("zhao"), account=account).state == AccountState.FILED

    def test_is_confirmed_by_the_province_alone(self, north: Hall) -> None:
        account = make_account(north, state=AccountState.CHANGED)
        with pytest.raises(NotAllowed):
            confirm_account(by=person("sun"), account=account)

    def test_stays_where_nothing_is_changed(self, north: Hall) -> None:
        account = make_account(north)
        assert change_account(by=person("sun"), account=account, name=account.name).state == AccountState.FILED

    def test_ends_when_it_is_closed(self, north: Hall) -> None:
        account = make_account(north)
        close_account(by=person("zhao"), account=account, reason="不再运营")
        for act in (
            partial(change_account, name="新名"),
            confirm_account,
            partial(close_account, reason="再次注销"),
        ):
            with pytest.raises(Conflict):
                act(by=person("zhao"), account=account)

    def test_needs_a_reason_to_be_closed(self, north: Hall) -> None:
        with pytest.raises(Invalid):
            close_account(by=person("zhao"), account=make_account(north), reason=" ")

    def test_does_not_change_whose_it_is(self, north: Hall) -> None:
        with pytest.raises(Invalid, match="不能变更"):
            change_account(by=person("zhao"), account=make_account(north), external_id="gh_9")

    def test_passes_to_no_unit_that_has_one_already(self, north: Hall) -> None:
        make_account(north, owner="当阳市人民政府")
        other = make_account(north, name="当阳人社", owner="当阳市人社局")
        with pytest.raises(Conflict, match="只开设一个账号"):
            change_account(by=person("zhao"), account=other, owner="当阳市人民政府")

    def test_is_not_another_halls_to_change(self, north: Hall) -> None:
        account = make_account(north)
        with pytest.raises(NotAllowed):
            change_account(by=person("zhou"), account=account, name="新名")
        with pytest.raises(NotFound):
            account_with_id(person("zhou"), account.pk)


@pytest.mark.django_db
class TestImportAccounts:
    def test_takes_good_rows_in(self, north: Hall) -> None:
        report = take_in(account_row(1), account_row(2, platform="weibo", filed_on=""))
        assert (report.created, report.updated, report.faults) == (2, 0, [])
        account = MediaAccount.objects.get(external_id="gh_000001")
        assert (account.hall_id, account.prefix, str(account.filed_on)) == (north.id, "420582", "2026-01-31")
        assert MediaAccount.objects.get(platform="weibo").filed_on

    def test_changes_what_is_known(self) -> None:
        take_in(account_row(1), account_row(2, filed_on=""))
        report = take_in(account_row(1, name="新名"), account_row(2, filed_on=""), account_row(3))
        assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
        assert MediaAccount.objects.get(external_id="gh_000001").name == "新名"

    @pytest.mark.parametrize(
        ("cells", "word"),
        [
            ({"code": "42058200000"}, "没有区划代码"),
            ({"code": "429999000000"}, "没有区划代码"),
            ({"platform": "电报"}, "平台"),
            ({"name": ""}, "请填写"),
            ({"owner": ""}, "请填写"),
            ({"filed_on": "去年"}, "备案日期"),
            ({"filed_on": "2026-02-30"}, "备案日期"),
            ({"name": "=HYPERLINK(1)"}, "公式"),
            ({"contact_phone": "+86 717"}, "公式"),
            ({"external_id": "长" * 81}, "80"),
            ({"external_id": "gh_000001"}, "第 2 行是同一个账号"),
            ({"connector": "http"}, "接口地址"),
        ],
    )
    def test_reports_each_bad_row_and_takes_the_others(self, cells: dict[str, str], word: str) -> None:
        report = take_in(account_row(1), account_row(2, **cells), account_row(3))
        assert [(fault.where, word in fault.message) for fault in report.faults] == [("第 3 行", True)]
        assert report.created == 2

    def test_reports_a_units_second_account_on_a_platform(self, north: Hall) -> None:
        make_account(north, external_id="gh_old", owner="老单位")
        make_account(north, external_id="gh_gone", owner="新单位", state=AccountState.CLOSED)
        report = take_in(
            account_row(1, owner="老单位"),
            account_row(2, owner="新单位"),
            account_row(3, owner="新单位"),
            account_row(4, owner="新单位", platform="微博"),
            account_row(5, owner="新单位", platform="其他"),
            account_row(6, owner="新单位", platform="其他"),
            account_row(7, owner="老单位", external_id="gh_old"),
        )
        assert (report.created, report.updated) == (4, 1)
        assert [fault.where for fault in report.faults] == ["第 2 行", "第 4 行"]
        assert "已备案账号“当阳发布”（gh_old）" in report.faults[0].message
        assert "与第 3 行是同一单位" in report.faults[1].message

    def test_leaves_closed_accounts_closed(self, north: Hall) -> None:
        make_account(north, external_id="gh_000001", state=AccountState.CLOSED)
        assert "已经注销" in take_in(account_row(1)).faults[0].message

    def test_keeps_to_the_editors_own_hall(self, south: Hall) -> None:
        make_account(south, external_id="gh_000002")
        report = take_in(account_row(1), account_row(2), account_row(3, code="420583000000"), by="sun")
        assert report.created == 1
        assert ["其他单位" in report.faults[0].message, "不属于" in report.faults[1].message] == [True, True]

    def test_is_refused_to_somebody_without_accounts(self) -> None:
        with pytest.raises(NotAllowed):
            take_in(account_row(1), by="wu")

    @pytest.mark.parametrize("content", [b"", b"not a workbook"])
    def test_refuses_another_file(self, content: bytes) -> None:
        with pytest.raises(Invalid):
            import_accounts(by=person("zhao"), file=io.BytesIO(content))

    def test_takes_ten_thousand_rows(self) -> None:
        rows = [account_row(number) for number in range(1, 10_001)]
        rows[4999] = account_row(5000, code="1")
        report = take_in(*rows)
        assert (report.created, [fault.where for fault in report.faults]) == (9_999, ["第 5001 行"])

    def test_refuses_more(self) -> None:
        with pytest.raises(Invalid, match="10,000"):
            take_in(*[account_row(number) for number in range(10_001)])


class TestTwoImportsAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_register_each_account_once(self) -> None:
        rows = [account_row(number) for number in range(200)]
        one, other = at_once(partial(take_in, *rows), partial(take_in, *reversed(rows)))
        assert one.created + other.created == 200
        assert MediaAccount.objects.count() == 200


@pytest.mark.django_db
class TestAccountsTable:
    def names(self, by: str, **wanted: Any) -> list[str]:
        return [one.name for one in accounts_table(by=person(by), **wanted)]

    def test_shows_each_editor_the_own_halls(self, north: Hall, south: Hall) -> None:
        make_account(name="湖北发布")
        make_account(north)
        make_account(south, name="枝江发布")
        make_account(Hall.objects.get(slug="village"), name="红联村")
        assert self.names("zhao") == ["湖北发布", "当阳发布", "红联村", "枝江发布"]
        assert self.names("sun") == ["当阳发布", "红联村"]
        assert self.names("wu") == []

    def test_finds(self, north: Hall, south: Hall) -> None:
        make_account(north)
        make_account(south, name="枝江发布", platform="weibo", state=AccountState.CLOSED)
        assert self.names("zhao", search="枝江") == ["枝江发布"]
        assert self.names("zhao", platform="wechat") == ["当阳发布"]
        assert self.names("zhao", state="closed") == ["枝江发布"]
        assert self.names("zhao", under="420582") == ["当阳发布"]


@pytest.mark.django_db
class TestSigningKey:
    def test_is_each_accounts_own_and_stays(self, north: Hall) -> None:
        one, other = make_account(north), make_account(north, name="当阳人社")
        assert signing_key(by=person("sun"), account=one) == signing_key(by=person("zhao"), account=one)
        assert signing_key(by=person("sun"), account=one) != signing_key(by=person("sun"), account=other)

    def test_is_not_for_others(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            signing_key(by=person("zhou"), account=make_account(north))


@pytest.mark.django_db
class TestMoveAccounts:
    def test_follows_a_division_to_its_new_code(self, north: Hall) -> None:
        account = make_account(north)
        province = make_account(name="湖北发布")
        county = {"420500000000": "宜昌市", "420583000000": "枝江市", "420599000000": "当阳市"}
        lines = [*(f"{code},{name}" for code, name in county.items()), "420599103000,河溶镇", "420599103200,红联村"]
        result = load_divisions(
            by=person("zhao"), source="new.csv", lines_or_bytes=lines, effective_on=date(2026, 1, 1)
        )
        assert result.plan_id
        plan = plan_with_id(result.plan_id)
        accept_guesses(by=person("zhao"), plan=plan)
        apply_plan(by=person("zhao"), plan=plan)
        drain_events()
        account.refresh_from_db()
        province.refresh_from_db()
        assert (account.prefix, province.prefix) == ("420599", "42")


@pytest.mark.usefixtures("fresh_database")
class TestTwoFilingsAtOnce:
    def test_give_a_unit_one_account(self) -> None:
        answers = at_once(*(partial(file, external_id=f"gh_{number}") for number in range(3)))
        assert sum(isinstance(answer, Conflict) for answer in answers) == 2
        assert MediaAccount.objects.count() == 1
