"""The base list that a province begins with, and what happens to one that somebody spoiled."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foundation.errors import Invalid
from province.catalogue.base_list.reading import BASE_LIST, BaseItem, faults_of, read_base_list
from standards.items import CodeScheme, check, from_columns, to_columns
from standards.items.codelists import APPLIED, CaseType, Family, ItemType, MaterialNeed
from standards.items.codes import faults_of_basic_code
from standards.items.handling import handled
from tests.strays import Strays

ITEMS = read_base_list()
COMPLETE = [item for item in ITEMS if item.is_complete]
Spoil = Callable[[str, str, str], list[str]]


def named(name: str) -> BaseItem:
    (item,) = (item for item in ITEMS if item.name == name)
    return item


def title(item: BaseItem) -> str:
    return f"{item.department}-{item.name}"


def guides_of(item: BaseItem) -> list[dict[str, Any]]:
    """What counts for the item, and for each of its handling items."""
    return [dict(item.values), *(handled(item.values, row) for row in item.values.get("handling_items", ()))]


class TestBaseList:
    def test_holds_as_many_items_of_each_family_as_a_county_has(self) -> None:
        listed = Counter(item.family for item in ITEMS if not item.is_addition)
        assert listed == {Family.DISCLOSURE: 65, Family.POWER: 295, Family.SERVICE: 25}

    def test_has_no_fault_and_every_item_called_complete_is(self) -> None:
        """Nothing checks it again where it is read."""
        assert [fault.message for fault in faults_of(ITEMS)] == []

    def test_is_marked_as_a_sample(self) -> None:
        assert {item.sample_note.partition("。请核对：")[0] for item in ITEMS} == {"样例，须经省级主管部门核对后使用"}
        # what people apply for says what is to be checked where it is used
        assert [title(one) for one in ITEMS if one.item_type in APPLIED and "。请核对：" not in one.sample_note] == []

    def test_has_a_right_code_for_every_item_and_none_twice(self) -> None:
        codes = {item.values["basic_code"]: item.item_type for item in ITEMS}
        assert len(codes) == len(ITEMS)
        assert [
            faults_of_basic_code(code, item_type=kind, scheme=CodeScheme(divisions=("42",)))
            for code, kind in codes.items()
        ] == [[]] * len(ITEMS)

    def test_finds_its_way_through_the_national_columns(self) -> None:
        for item in ITEMS:
            values = {**item.values, **item.hall_values}
            columns = to_columns(values)
            assert to_columns(from_columns(columns, known=values)) == columns

    def test_has_a_theme_for_whoever_applies_for_an_item(self) -> None:
        applied = [item for item in ITEMS if item.item_type in APPLIED]
        assert len(applied) > 250
        for side, meant in (("person_themes", {"1"}), ("body_themes", {"2", "3", "4", "5", "6"})):
            lacking = [
                title(item) for item in applied if meant & set(item.values["audiences"]) and not item.values.get(side)
            ]
            assert lacking == []

    def test_has_a_theme_that_fits_where_the_name_says_it(self) -> None:
        assert named("普通护照签发").values["person_themes"] == ["019", "016"]
        assert named("公司注销登记").values["life_events"] == ["company-end"]
        # what stands beside an item stays
        assert named("最低生活保障金给付").values["person_themes"] == ["015"]

    def test_has_no_name_twice_in_a_department(self) -> None:
        assert len({(item.department, item.name) for item in ITEMS}) == len(ITEMS)

    def test_covers_what_people_come_for(self) -> None:
        done = {item.name for item in COMPLETE if item.family is not Family.DISCLOSURE}
        applied = Counter(item.family for item in COMPLETE if item.item_type in APPLIED and not item.is_addition)
        assert applied[Family.SERVICE] == 25
        assert applied[Family.POWER] >= 150
        ways = [guides_of(item) for item in ITEMS]
        assert sum(len(one) > 1 for one in ways) >= 40
        assert sum(any(row.get("situations") for row in one) for one in ways) >= 25
        assert done >= {
            *("个体工商户设立登记", "食品经营许可", "最低生活保障金给付", "困难残疾人生活补贴", "重度残疾人护理补贴"),
            *("生育登记", "农村村民宅基地审批", "社会保障卡申领", "城乡居民基本医疗保险参保登记", "异地就医备案"),
            *("国有建设用地使用权及房屋所有权转移登记", "义务教育阶段新生入学", "结婚登记", "惠民殡葬补贴申领"),
            *("道路货物运输经营许可", "建筑工程施工许可", "农机购置与应用补贴"),
            *("住房公积金提取", "供水报装和过户", "供电报装和过户", "燃气报装和过户", "机动车检验合格标志核发"),
            *("机动车登记", "往来港澳通行证及签注签发", "往来台湾通行证及签注签发", "分户、立户登记", "公证申请"),
            *("砍伐、移植、占用城市树木和绿地审批", "劳动人事争议调解仲裁申请", "养犬登记", "老年人优待证办理"),
            *("从业人员健康证（预防性健康检查）", "兵役登记"),
        }

    def test_has_none_of_the_faults_that_were_once_seen_in_it(self) -> None:
        types = {name: named(name).item_type for name in ("居民身份证申领、换领、补领", "居住证申领")}
        assert set(types.values()) == {ItemType.CONFIRMATION}
        assert len(named("居民身份证申领、换领、补领").values["fees"]) == 1
        assert named("第三类医疗器械经营许可").values["levels"] == named("排污许可").values["levels"] == ["3"]
        assert "税务机关" in named("水土保持补偿费征收").values["collection"]
        assert "民法典" not in str(named("见义勇为人员奖励").values["laws"])
        for item in ITEMS:
            if item.family is Family.DISCLOSURE:
                laws = {str(one.get("article"))[:4] for one in item.values["disclosure_laws"]}
                assert laws & {"第二十条", "第二十一"}, item.name
            elif "5" in item.values["levels"] and item.item_type in APPLIED:
                assert "县级人民政府" in item.values.get("reconsideration", "县级人民政府"), item.name
        towns = [one for one in ITEMS if one.family is Family.DISCLOSURE and "5" in one.values["levels"]]
        assert len(towns) > 30

    def test_has_every_case_type(self) -> None:
        types = {row["case_type"] for item in ITEMS for row in guides_of(item) if "case_type" in row}
        assert types == set(CaseType.values)

    def test_says_by_when_what_may_come_later_is_brought_and_what_a_province_confirms(self) -> None:
        strays = []
        for item in ITEMS:
            for row in guides_of(item):
                later = [one for one in row.get("materials", ()) if one["need"] == MaterialNeed.LATER]
                is_completed = row.get("case_type") == CaseType.COMPLETED
                is_told = not is_completed or (later and row.get("later_laws") and "容缺受理清单" in item.sample_note)
                if not is_told or not all(one.get("later_days") for one in later):
                    strays.append(title(item))
        assert strays == []

    def test_says_when_steps_do_not_count(self) -> None:
        assert named("取水许可").values["excluded_steps"][0]["step"] == "experts"

    def test_takes_laws_and_known_materials_apart(self) -> None:
        item = named("食品经营许可")
        assert item.values["laws"] == [
            {
                "law": "中华人民共和国食品安全法",
                "article": "第三十五条",
                "text": "国家对食品生产经营实行许可制度。从事食品生产、食品销售、餐饮服务，应当依法取得许可。",
            },
            {"law": "食品经营许可和备案管理办法", "article": "第十一条"},
        ]
        licence = next(one for one in item.values["materials"] if one["name"] == "营业执照")
        assert licence["submission"] == ["window", "licence"]
        assert licence["checked"] == "经营范围含相应的食品经营项目"


class TestItem:
    def test_passes_the_check_of_the_province_s_part(self) -> None:
        with Strays(least=385) as strays:
            for item in ITEMS:
                with strays.of(title(item)):
                    findings = check(
                        family=item.family, item_type=item.item_type, values=item.values, hall_values=item.hall_values
                    )
                    assert findings.province.faults == findings.hall.faults == ()
                    assert (findings.province.score == 100) is item.is_complete
                    assert not item.is_complete or findings.hall.score == 100


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """The faults that are found once a text of a file is another."""

    def change(name: str, before: str, after: str) -> list[str]:
        folder = tmp_path / "list"
        shutil.copytree(BASE_LIST, folder)
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(Invalid) as refused:
            read_base_list(folder)
        return [fault.message for fault in refused.value.faults] or [refused.value.message]

    return change


class TestProvince:
    def test_stands_in_the_codes(self) -> None:
        codes = {str(item.values["basic_code"])[:2] for item in read_base_list(province="64")}
        assert codes == {"64"}


class TestSpoiledList:
    def test_is_told_that_a_name_is_there_twice(self, spoil: Spoil) -> None:
        assert spoil("46-forestry.yaml", "name: 占用林地审核", "name: 林木采伐许可") == [
            "事项名称“林业局/林木采伐许可”出现了 2 次。"
        ]

    def test_is_told_that_a_code_is_there_twice(self, spoil: Spoil) -> None:
        assert spoil("46-forestry.yaml", "0146002000", "0146001000") == ["基本编码“420146001000”出现了 2 次。"]

    def test_is_told_which_part_of_a_code_is_wrong(self, spoil: Spoil) -> None:
        said = "林业局“占用林地审核”：基本编码第 5–6 位（部门）只能是数字，现在有“X”。"
        # the code of the sample guide is built from it
        assert spoil("46-forestry.yaml", "0146002000", "01X6002000") == [said, said]

    def test_is_told_what_a_complete_item_lacks(self, spoil: Spoil) -> None:
        assert spoil("46-forestry.yaml", "results:", "quota: 无\n    unknown:") == [
            "林业局“林木采伐许可”：没有“unknown”这个要素。",
            "林业局“林木采伐许可”：缺少「审批结果」。",
        ]

    def test_is_told_that_an_item_is_gone(self, spoil: Spoil) -> None:
        assert spoil("46-forestry.yaml", "name: 占用林地审核", "name: 占用林地审核\n    addition: true") == [
            "行政职权应有 295 项，现在有 294 项。"
        ]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("sample: ", "example: "),
            ('code: "0146001000"', "kode: 1"),
            ('code: "0146001000"', 'code: "9946001000"'),
            ("- 受理|林业站或手机端|1|", "- 受理|林业站或手机端|一天|"),
            ("- 居民身份证", "- 身份证"),
            ("items:", "items: 5\nothers:"),
        ],
    )
    def test_is_told_which_file_is_written_wrongly(self, spoil: Spoil, before: str, after: str) -> None:
        assert spoil("46-forestry.yaml", before, after)[0].startswith("46-forestry.yaml 的写法不对：")

    def test_is_told_that_a_file_is_no_yaml(self, spoil: Spoil) -> None:
        assert spoil("46-forestry.yaml", "items:", "items: [")[0].startswith("46-forestry.yaml 不是正确的 YAML：")

    def test_is_told_that_layers_are_of_no_item(self, spoil: Spoil) -> None:
        assert spoil("_layers.yaml", '"0131001000":', '"0131777000":')[0] == (
            "_layers.yaml 的“0131777000”不是清单里的事项。"
        )

    def test_is_told_what_a_situation_names_and_the_item_does_not_have(self, spoil: Spoil) -> None:
        said = spoil("_layers.yaml", "adds: [营业执照正副本]", "adds: [营业执照]")
        assert said == [
            "市场监督管理局“个体工商户注销登记”：问题“营业执照还在吗？”的回答“在”说的“营业执照”不在「申请材料」里，名称要一字不差。"
        ]

    def test_runs_no_code(self, spoil: Spoil) -> None:
        assert (
            "不是正确的 YAML"
            in spoil("46-forestry.yaml", "items:", "evil: !!python/object/apply:os.getcwd []\nitems:")[0]
        )
