from datetime import date
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Division, DivisionCode, DivisionPlan
from province.halls.operations import LoadResult, load_divisions, load_files
from province.halls.states import PlanState
from tests.conftest import person
from tests.factories.divisions import PROVINCE, division_lines, file_of
from tests.races import at_once

FIRST_DAY = date(2024, 1, 1)
NEW_YEAR = date(2025, 1, 1)


def load(lines: list[str] | bytes, *, on: date = FIRST_DAY, by: str = "zhao") -> LoadResult:
    return load_divisions(by=person(by), source="divisions.csv", lines_or_bytes=lines, effective_on=on)


def faults_of(lines: list[str] | bytes) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        load(lines)
    return {fault.where: fault.message for fault in refusal.value.faults}


def loaded() -> int:
    return Division.objects.filter(code__startswith=PROVINCE).count()


@pytest.mark.django_db
class TestFirstLoad:
    def test_applies_at_once(self) -> None:
        lines = division_lines()
        result = load(file_of(lines))
        assert (result.rows, result.added, result.plan_id) == (len(lines) - 1, len(lines) - 1, None)
        assert loaded() == len(lines) - 1

    def test_tells_the_level_and_the_parent_from_the_code(self) -> None:
        load(division_lines())
        chain = []
        one: Division | None = Division.objects.get(code="610121100200")
        while one:
            chain.append((one.code, one.level, one.prefix))
            one = one.parent
        assert chain == [
            ("610121100200", "village", "610121100200"),
            ("610121100000", "township", "610121100"),
            ("610121000000", "county", "610121"),
            ("610100000000", "city", "6101"),
            ("610000000000", "province", "61"),
        ]

    def test_keeps_the_first_code_of_each_with_its_date(self) -> None:
        load(division_lines())
        borne = DivisionCode.objects.get(code="610121000000")
        assert (borne.valid_from, borne.valid_to, borne.division.code) == (FIRST_DAY, None, "610121000000")

    def test_puts_a_township_that_stands_directly_below_a_city_there(self) -> None:
        load([*division_lines(cities=1), "610100003000,直管镇", "610100003001,直管镇社区"])
        assert Division.objects.get(code="610100003000").parent == Division.objects.get(code="610100000000")

    @pytest.mark.parametrize(
        ("line", "is_government"),
        [
            ("610101000000,市辖区", False),
            ("619000000000,省直辖县级行政区划", False),
            ("619000000000,自治区直辖县级行政区划", False),
            ("610200000000,县", False),
            ("610121104000,县河镇", True),
        ],
    )
    def test_knows_what_only_groups_others(self, line: str, is_government: bool) -> None:  # noqa: FBT001
        load([*division_lines(cities=1), line])
        assert Division.objects.get(code=line[:12]).is_government is is_government

    def test_keeps_rare_characters_that_stand_in_the_private_area(self) -> None:
        load([*division_lines(cities=1), "610121100299,高\ue170村委会"])
        assert Division.objects.get(code="610121100299").name == "高\ue170村委会"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_reads_every_usual_encoding(self, encoding: str) -> None:
        load(file_of(division_lines(), encoding))
        assert Division.objects.get(code="610121000000").name == "第1之1县"

    def test_takes_several_files_together_in_any_order(self) -> None:
        lines = division_lines()
        files = {"villages.csv": file_of(lines[6:]), "upper.csv": file_of(lines[:6])}
        result = load_files(by=person("zhao"), files=files, effective_on=FIRST_DAY)
        assert result.added == len(lines) - 1

    def test_leaves_an_audit_entry(self) -> None:
        load(division_lines())
        entry = AuditEntry.objects.get(act="halls.load_divisions")
        assert entry.changes["source"] == [None, "divisions.csv"]

    def test_is_the_province_operators_alone(self) -> None:
        with pytest.raises(NotAllowed):
            load(division_lines(), by="sun")


@pytest.mark.django_db
class TestWrongFile:
    @pytest.mark.parametrize(
        ("line", "word"),
        [
            ("61012110020,短码村", "11 位"),
            ("6101211002000,长码村", "13 位"),
            ("61012110020X,字母村", "数字以外"),
            ("\uff16\uff11\uff10\uff11\uff12\uff11100299,全角村", "数字以外"),
            (",无码村", "没有代码"),
            ("001200000000,零市", "00"),
            ("610121199299,孤村", "上级 610121199000"),
            ("610121100200,重复村", "重复"),
            ("610121100299,", "没有名称"),
            ("610121100299,\u200b\u200b", "控制字符"),
            ("610121100299," + "长" * 81, "80"),
            ("610121100299", "两列"),
            ("610121100299,村,多一列", "两列"),
        ],
    )
    def test_is_refused_with_the_line(self, line: str, word: str) -> None:
        lines = division_lines()
        faults = faults_of(file_of([*lines, line]))
        assert list(faults) == [f"第 {len(lines) + 1} 行"]
        assert word in faults[f"第 {len(lines) + 1} 行"]
        assert loaded() == 0

    def test_is_refused_with_all_its_lines_at_once(self) -> None:
        lines = division_lines()
        lines[3] = "61,太短"
        lines[5] += "x,y"
        faults = faults_of(lines)
        assert {"第 4 行", "第 6 行"} <= set(faults)

    def test_is_refused_where_a_line_is_in_another_encoding(self) -> None:
        content = file_of(division_lines()) + b"\n" + "610121100299,混编村".encode("gb18030")
        assert "GB18030" in next(iter(faults_of(content).values()))
        assert loaded() == 0

    def test_is_refused_where_it_is_empty(self) -> None:
        assert "没有区划" in faults_of(b"code,name\n")["文件"]

    def test_is_refused_where_it_is_a_workbook(self) -> None:
        assert "Excel" in faults_of(b"PK\x03\x04....")["divisions.csv"]

    def test_names_the_file_where_there_are_several(self) -> None:
        files = {"one.csv": file_of(division_lines()), "two.csv": b"61,x"}
        with pytest.raises(Invalid) as refusal:
            load_files(by=person("zhao"), files=files, effective_on=FIRST_DAY)
        assert refusal.value.faults[0].where == "two.csv 第 1 行"

    def test_lists_no_more_faults_than_anybody_reads(self) -> None:
        faults = faults_of(["x,y"] * 3_000)
        assert len(faults) == 1_001
        assert "2,000" in faults["其余"]


@pytest.mark.django_db
class TestLaterLoad:
    def test_changes_nothing_where_it_says_the_same(self) -> None:
        load(division_lines())
        result = load(file_of(division_lines(), "gb18030"), on=NEW_YEAR)
        assert (result.added, result.plan_id, result.changes) == (0, None, {})

    def test_makes_a_plan_and_changes_nothing_itself(self) -> None:
        load(division_lines())
        result = load([*division_lines(), "610121100299,新村"], on=NEW_YEAR)
        assert result.changes == {"add": 1}
        assert not Division.objects.filter(code="610121100299").exists()

    def test_finds_its_plan_again(self) -> None:
        load(division_lines())
        lines = [*division_lines(), "610121100299,新村"]
        assert load(lines, on=NEW_YEAR).plan_id == load(lines, on=NEW_YEAR).plan_id
        assert DivisionPlan.objects.count() == 1

    def test_makes_a_plan_for_a_new_county_below_a_city_that_is_there(self) -> None:
        """It may be an old county under a new code, which a file of its own cannot tell."""
        assert load(["420599000000,新开区", "420599100000,新镇"]).changes == {"add": 2}

    def test_says_nothing_of_what_lies_outside_the_file(self) -> None:
        """A file of one county removes no other county."""
        load(division_lines())
        county = [line for line in division_lines() if line.startswith("610121")]
        assert load([*county, "610121100299,新村"], on=NEW_YEAR).changes == {"add": 1}

    def test_is_refused_where_it_is_older_than_what_is_in_force(self) -> None:
        load(division_lines(), on=NEW_YEAR)
        with pytest.raises(Invalid, match="生效日期"):
            load([*division_lines(), "610121100299,新村"], on=FIRST_DAY)

    def test_replaces_a_plan_that_no_longer_fits(self) -> None:
        load(division_lines())
        lines = [*division_lines(), "610121100299,新村"]
        first = load(lines, on=NEW_YEAR).plan_id
        Division.objects.filter(code="610121100201").update(name="别名村")
        second = load(lines, on=NEW_YEAR).plan_id
        assert second != first
        assert DivisionPlan.objects.get(pk=first).state == PlanState.DISCARDED


class TestTwoLoadsAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_add_every_division_once(self) -> None:
        one, other = at_once(*[partial(load, division_lines())] * 2)
        assert sorted([one.added, other.added]) == [0, len(division_lines()) - 1]
        assert loaded() == len(division_lines()) - 1


@pytest.mark.django_db
class TestAnyFile:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(division_lines()),
                st.text(max_size=30),
                st.builds("{},{}".format, st.text("0123456789", max_size=14), st.text(max_size=8)),
            ),
            max_size=12,
        )
    )
    def test_is_loaded_whole_or_not_at_all(self, lines: list[str]) -> None:
        before = Division.objects.count()
        content = "\n".join(lines).encode("utf-8", "surrogatepass")
        try:
            result = load(content)
        except Invalid:
            assert Division.objects.count() == before
        else:
            assert Division.objects.count() == before + result.added
        finally:
            Division.objects.filter(valid_from=FIRST_DAY).order_by("-code").delete()

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=200))
    def test_is_never_a_crash(self, content: bytes) -> None:
        with pytest.raises(Invalid):
            load(content)
