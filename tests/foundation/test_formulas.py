from itertools import product

import pytest

from foundation.excel import read_table
from foundation.exports import export_table
from foundation.formulas import FORMULA_STARTS, armed, disarmed


class TestDisarmedText:
    @pytest.mark.parametrize("start", FORMULA_STARTS)
    def test_begins_with_nothing_that_is_run(self, start: str) -> None:
        assert disarmed(f"{start}1") == f"'{start}1"

    @pytest.mark.parametrize("text", ["", "'", "''", "当阳市", "'当阳市'", "a=1"])
    def test_stays_as_it_is_where_nothing_would_be_run(self, text: str) -> None:
        assert (disarmed(text), armed(text)) == (text, text)

    def test_is_given_back_whole_whatever_stood_before_it(self) -> None:
        texts = [f"{marks}{start}{rest}" for marks, start, rest in product(("", "'", "''"), FORMULA_STARTS, ("", "1"))]
        assert [armed(disarmed(one)) for one in texts] == texts
        # no two become one
        assert len({disarmed(one) for one in texts}) == len(texts)

    @pytest.mark.parametrize("start", FORMULA_STARTS)
    def test_comes_out_of_a_csv_file_as_it_went_in_and_is_blamed_where_it_would_be_run(self, start: str) -> None:
        exported = export_table("csv", "表", ("名称",), [[f"{start}1"]]).content
        [row] = read_table(exported, columns={"名称": "name"}, required=frozenset({"name"}), most=10)
        # blanks around a cell do not count
        text = f"{start}1".strip()
        assert (row.cells["name"], "像是公式" in row.fault) == (text, text.startswith(FORMULA_STARTS))
