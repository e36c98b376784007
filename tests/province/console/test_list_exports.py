"""A list that somebody takes away leaves an entry: which, what it was narrowed to, and how many lines it has."""

from collections.abc import Iterator

import pytest

from foundation.errors import Invalid
from province.audit.models import AuditEntry
from province.console.operations.exports import write_list
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act="console.write_list").order_by("pk"))


class TestTakeList:
    def test_writes_the_list_and_says_what_it_is(self, north: Hall) -> None:
        content = write_list(
            by=person("he"),
            hall_id=north.pk,
            file_format="csv",
            name="办件",
            headings=["编号"],
            lines=iter([["1"], ["=2"]]),
            narrowed=["在办", ""],
            words=["11010519491231002X", "张小三", ""],
        )
        assert content.decode("utf-8-sig").splitlines() == ["编号", "1", "'=2"]
        (entry,) = entries()
        assert (entry.actor_id, entry.hall_id) == (person("he").id, north.pk)
        filters = "在办，含“110***********002X”，含“张*三”"
        assert entry.changes == {"list": [None, "办件.csv"], "lines": [None, 2], "filters": [None, filters]}

    def test_of_too_many_lines_leaves_none(self) -> None:
        def lines() -> Iterator[list[str]]:
            yield ["1"]
            raise Invalid("太多")

        with pytest.raises(Invalid):
            write_list(by=person("he"), hall_id=None, file_format="xlsx", name="人员", headings=["账号"], lines=lines())
        assert entries() == []


class TestPages:
    @pytest.mark.parametrize(
        ("who", "address", "name", "filters"),
        [
            ("zhao", "/console/settings/?format=csv&search=孙北&state=active", "人员.csv", "启用，含“孙*”"),
            ("zhao", "/console/settings/rights/?permission=content.push&format=xlsx", "能“推稿与撤稿”的岗位.xlsx", ""),
            ("zhao", "/console/settings/tokens/?format=csv&search=li", "使用中的令牌.csv", "含“li”"),
            ("he", "/account/contacts/?format=csv&search=孙北", "当阳市通讯录.csv", "含“孙*”"),
            ("zhao", "/console/accounts/?format=csv&state=filed", "新媒体账号.csv", "已备案"),
        ],
    )
    def test_of_the_province_leave_one(self, who: str, address: str, name: str, filters: str) -> None:
        answer = client_of(who).get(address)
        assert answer.status_code == 200
        (entry,) = entries()
        said = {one: after for one, (_, after) in entry.changes.items()}
        assert (said["list"], said.get("filters", "")) == (name, filters)
        assert "导出清单" in client_of("zhao").get("/console/audit/").text

    def test_that_are_only_read_leave_none(self) -> None:
        client_of("zhao").get("/console/settings/?search=孙北")
        assert entries() == []
