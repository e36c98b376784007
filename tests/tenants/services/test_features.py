"""Lists by 办理特点: in which an item stands, and where citizens, officials and programs read them."""

import io
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from province.catalogue.base_list.reading import read_base_list
from province.halls.models import Hall
from standards.items import check
from standards.items.facets import facets_of
from standards.items.features import Feature, features_of, founded_features
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.items import whole_item
from tests.factories.people import client_of, program_of
from tests.factories.sites import make_columns

ROW = whole_item()["materials"][0]
LAW = {"law": "关于推行告知承诺制的意见", "article": "第二条"}
LATER = ROW | {"name": "健康证明", "need": "3", "later_days": 5}
PROMISED = ROW | {"name": "场所证明", "submission": ["window", "promise"]}
SERVICE = {"name": "安全评价", "result": "评价报告", "payer": "applicant", "laws": [LAW]}
LICENCE = "11100000000013338W011"


def found(**values: Any) -> dict[str, list[str]]:
    return {one.feature.label: [*one.words] for one in features_of(values)}


class TestFeatures:
    def test_are_read_from_the_item_and_its_handling_items(self) -> None:
        assert found(**whole_item() | {"materials": [ROW]}) == {}
        said = found(
            materials=[LATER, PROMISED, ROW],
            handling_items=[{"code": "01", "name": "变更", "materials": [ROW | {"name": "照片", "need": "3"}]}],
            cross_province_ways=["online", "agent"],
            intermediaries=[SERVICE],
        )
        assert said == {
            "告知承诺": ["可以用承诺代替的材料：场所证明"],
            "容缺受理": ["健康证明（5 个工作日内补交）", "照片（补交期限没有写明，请问窗口）"],
            "跨省通办": ["全程网办", "异地代收代办"],
            "中介服务": ["安全评价（评价报告；由谁付费：申请人）"],
        }
        # whatever stands there, it reads on
        assert found(materials="x", cross_province_ways=5, intermediaries=[{"payer": []}], promise_scope=["x"]) == {}

    @pytest.mark.parametrize(
        ("feature", "values", "basis"),
        [
            (Feature.PROMISE, {"materials": [PROMISED]}, {"promise_laws": [LAW]}),
            (Feature.PROMISE, {"promise_scope": "承诺符合条件"}, {"promise_laws": [LAW]}),
            (Feature.LATER, {"materials": [LATER]}, {"later_laws": [LAW]}),
            (Feature.CROSS_PROVINCE, {"cross_province_ways": ["joint"]}, {"cross_province_laws": [LAW]}),
            (Feature.INTERMEDIARY, {"intermediaries": [{"name": "评价"}]}, {"intermediaries": [SERVICE]}),
        ],
    )
    def test_count_with_a_basis_alone(self, feature: Feature, values: Any, basis: Any) -> None:
        assert founded_features(values) == []
        assert founded_features(basis if feature is not Feature.INTERMEDIARY else {}) == []
        assert founded_features(values | basis) == [feature]
        assert f"feature:{feature.value}" in facets_of(values | basis)

    def test_of_the_base_list_are_those_with_a_sure_basis(self) -> None:
        listed = {item.name: founded_features(item.values) for item in read_base_list()}
        assert {name: one for name, one in listed.items() if one} == {
            "涉路施工许可": [Feature.INTERMEDIARY],
            "建设项目环境影响评价审批": [Feature.INTERMEDIARY],
            "民办非企业单位登记": [Feature.LATER],
            "社会保障卡申领": [Feature.CROSS_PROVINCE],
            "异地就医备案": [Feature.CROSS_PROVINCE],
            "困难残疾人生活补贴": [Feature.CROSS_PROVINCE],
            "重度残疾人护理补贴": [Feature.CROSS_PROVINCE],
        }

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"area": "4", "cross_province_ways": ["online"]}, "「通办范围」却是“全市通办”"),
            ({"materials": [ROW | {"licence_code": LICENCE[:-1]}]}, "现在是 20 位"),
            ({"materials": [ROW | {"licence_code": LICENCE.replace("W", "X")}]}, "前 18 位不对"),
            ({"materials": [ROW | {"licence_code": f"{LICENCE[:-3]}000"}]}, "后 3 位应为"),
            ({"results": [{"name": "许可证", "kind": "1", "licence_code": "食品经营许可证"}]}, "「审批结果」第 1 项"),
        ],
    )
    def test_that_cannot_be_are_refused(self, values: Any, message: str) -> None:
        own = {"area": "1", "cross_province_ways": ["online"], "materials": [ROW | {"licence_code": LICENCE}]}
        right = whole_item() | own
        assert check(family="power", item_type="01", values=right).province.faults == ()
        faults = check(family="power", item_type="01", values=right | values).province.faults
        assert any(message in fault.message for fault in faults), faults


@pytest.mark.django_db
class TestLists:
    def test_are_read_by_citizens_officials_and_programs(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            make_columns(hall)
        rows = [LATER, PROMISED, ROW | {"licence_code": LICENCE}]
        told = {"materials": rows, "later_laws": [LAW], "intermediaries": [SERVICE]}
        version = make_published(make_item(**told))
        make_shown(north, version)
        front, site, other = (
            client_of(),
            Client(headers={"host": f"{north.slug}.yizhan.localhost"}),
            Client(headers={"host": f"{south.slug}.yizhan.localhost"}),
        )
        address = "/services/by/feature/later/"
        for client in (front, site):
            page = client.get(address).text
            for words in (version.name, "健康证明（5 个工作日内补交）", "依据：《关于推行告知承诺制的意见》第二条"):
                assert words in page
            assert f'href="{address}"' in client.get("/services/").text
            # a material says that it may be promised, but not on which basis
            empty = client.get("/services/by/feature/promise/")
            assert (empty.status_code, version.name in empty.text) == (200, False)
            assert "没有依据的不列" in empty.text
            assert client.get("/services/by/feature/nowhere/").status_code == 404
        assert LICENCE in site.get(f"/services/{version.item_id}/").text
        # a hall's list has what the hall handles
        assert version.name not in other.get(address).text
        # narrowed down, beside other ways of narrowing
        assert version.name in site.get("/services/find/?feature=later").text
        assert version.name not in site.get("/services/find/?feature=promise").text
        self._at_the_console(version.name)
        lines = program_of("zhao").get("/api/province/v1/catalogue/item-features?feature=promise").json()
        assert [(line["name"], line["basis"], line["is_listed"]) for line in lines] == [(version.name, [], False)]
        program = program_of("sun")
        program.defaults["HTTP_HOST"] = f"{north.slug}.yizhan.localhost"
        hall_lines = program.get("/api/hall/v1/services/items/features").json()
        assert [line["feature"] for line in hall_lines] == ["later", "intermediary"]

    @staticmethod
    def _at_the_console(name: str) -> None:
        zhao = client_of("zhao")
        page = zhao.get("/console/items/features/").text
        assert "1 处没有依据" in page
        assert page.count(name) == 3
        sheet = zhao.get("/console/items/features/", {"format": "xlsx", "feature": "promise"}).content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
        assert [(row[0], row[3], row[6]) for row in rows[1:]] == [("告知承诺", name, "没有依据，不在")]
