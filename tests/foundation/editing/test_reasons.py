"""One cleaner of reasons, and the operations that go by it."""

import pytest

from foundation.editing.reasons import LONGEST_REASON, LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Invalid
from province.content.operations import pass_review, return_version
from province.halls.models import Hall
from province.halls.operations.hall_states import suspend_hall
from tests.conftest import person
from tests.factories.manuscripts import make_version_in_review


class TestCleanReason:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("  有错别字。\n", "有错别字。"),
            ("第一点\n第二点", "第一点\n第二点"),
            ("a\0b", "ab"),
            ("正\u202e反\u2066面\ufeff", "正反面"),
            ("半个字\ud800", "半个字"),
            ("", ""),
            (" \t\n ", ""),
        ],
    )
    def test_keeps_what_people_can_read(self, given: str, kept: str) -> None:
        assert clean_reason(given) == kept

    def test_makes_one_line_of_it_where_it_stands_in_one(self) -> None:
        assert clean_reason(" 第一点\n\n 第二点 ", is_line=True) == "第一点 第二点"

    @pytest.mark.parametrize("given", ["", "   ", "\u202e", "\0 \ufeff"])
    def test_asks_for_one_where_one_must_be(self, given: str) -> None:
        with pytest.raises(Invalid, match="请写明退回的原因") as refused:
            clean_reason(given, ask="请写明退回的原因。", field="answer")
        assert [fault.where for fault in refused.value.faults] == ["answer"]

    def test_asks_for_more_than_a_sign(self) -> None:
        assert clean_reason("电话答复", ask="至少 4 个字。", least=4) == "电话答复"
        with pytest.raises(Invalid, match="至少"):
            clean_reason("查 看", ask="至少 4 个字。", least=4)

    def test_takes_as_much_as_the_column_holds_and_cuts_nothing(self) -> None:
        assert len(clean_reason(" " + "字" * LONGEST_REASON)) == LONGEST_REASON
        with pytest.raises(Invalid, match="最多 500 个字，现在有 501 个") as refused:
            clean_reason("字" * (LONGEST_REASON + 1))
        assert [fault.where for fault in refused.value.faults] == ["reason"]

    def test_is_bounded_where_nobody_asks_for_one(self) -> None:
        with pytest.raises(Invalid, match="最多 200 个字"):
            clean_reason("字" * 201, most=LONGEST_SHORT_REASON)


@pytest.mark.django_db
class TestOperations:
    def test_keep_a_hall_states_reason_readable(self, north: Hall) -> None:
        suspended = suspend_hall(by=person("zhao"), hall=north, reason=" 系统\0升级\u202e ")
        assert suspended.state_reason == "系统升级"

    def test_refuse_a_long_reason_before_anything_changes(self) -> None:
        version = make_version_in_review()
        for act in (pass_review, return_version):
            with pytest.raises(Invalid, match="最多 500 个字"):
                act(by=person("qian"), version=version, reason="字" * 501)
        version.refresh_from_db()
        assert (version.state, version.reviews.count()) == ("first", 0)
