"""Submission, and who may decide, on versions that no database has seen."""

import pytest
from django.utils import timezone

from foundation.editing.versions import check_may_follow, decision, has_decided, has_hand_in, submission
from foundation.errors import Conflict
from province.content.models import ManuscriptVersion, Review
from tests.foundation.editing.people import MACHINE, QIAN, ZHAO


class TestSubmission:
    def test_is_the_first_or_follows_the_latest(self) -> None:
        assert submission(by=ZHAO, after=None, author_ids=[])["number"] == 1
        assert submission(by=ZHAO, after=ManuscriptVersion(number=7), author_ids=[])["number"] == 8

    def test_says_who_and_when(self) -> None:
        before = timezone.now()
        fields = submission(by=QIAN, after=None, author_ids=[ZHAO.id])
        version = ManuscriptVersion(**fields)
        assert (version.submitted_by_id, version.submitted_by_name) == (QIAN.id, "钱宁")
        assert version.author_ids == [ZHAO.id]
        assert before <= version.created_at <= timezone.now()

    def test_waits_for_the_one_before(self) -> None:
        latest = ManuscriptVersion(number=2)
        with pytest.raises(Conflict, match="第 2 版正在审核（待终审）"):
            check_may_follow(latest, state="待终审", is_open=True, is_same=True, verb="送审")

    def test_refuses_what_was_said_already(self) -> None:
        with pytest.raises(Conflict, match="与第 2 版（已公布）相同"):
            check_may_follow(ManuscriptVersion(number=2), state="已公布", is_open=False, is_same=True, verb="报送")

    def test_goes_on_from_anything_else(self) -> None:
        check_may_follow(ManuscriptVersion(number=2), state="已退回", is_open=False, is_same=False, verb="报送")


class TestDecision:
    def test_fills_the_columns(self) -> None:
        given = Review(**decision(by=QIAN, is_passed=False, reason="请核对"))
        assert (given.is_passed, given.reason, given.reviewer_id, given.reviewer_name) == (
            False,
            "请核对",
            QIAN.id,
            "钱宁",
        )

    def test_knows_the_authors_hands(self) -> None:
        version = ManuscriptVersion(author_ids=[ZHAO.id])
        assert has_hand_in(version, ZHAO)
        assert not has_hand_in(version, QIAN)

    def test_knows_who_has_decided(self) -> None:
        given = [Review(reviewer_id=ZHAO.id)]
        assert has_decided(given, ZHAO)
        assert not has_decided(given, QIAN)
        assert not has_decided([], ZHAO)

    def test_takes_the_machine_for_nobody(self) -> None:
        assert not has_hand_in(ManuscriptVersion(author_ids=[ZHAO.id]), MACHINE)
        # of a reviewer who is gone, or the machine itself, no id is kept
        assert not has_decided([Review(reviewer_id=None)], MACHINE)
