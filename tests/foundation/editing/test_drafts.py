"""Locks, revisions and hands, on drafts that no database has seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.editing.drafts import (
    LOCK_LASTS,
    check_lock,
    check_revision,
    count_edit,
    hold_lock,
    lock_holder,
    sign_draft,
    with_hand,
)
from foundation.errors import Conflict
from province.content.models import Manuscript
from tenants.portal.models import Article
from tests.foundation.editing.people import MACHINE, QIAN, ZHAO


def _draft(**fields: object) -> Manuscript:
    return Manuscript(title="标题", **fields)


class TestLock:
    def test_is_nobodys_at_first(self) -> None:
        assert lock_holder(_draft(), ZHAO) == ""

    def test_keeps_others_out_and_not_its_holder(self) -> None:
        draft = _draft()
        hold_lock(draft, ZHAO)
        check_lock(draft, ZHAO)
        assert (lock_holder(draft, ZHAO), lock_holder(draft, QIAN)) == ("", "赵敏")

    @pytest.mark.parametrize(("draft", "called"), [(Manuscript(), "这篇稿件"), (Article(), "这篇文章")])
    def test_names_its_holder_its_end_and_the_draft(self, draft: Manuscript | Article, called: str) -> None:
        hold_lock(draft, ZHAO)
        end = timezone.localtime(timezone.now() + LOCK_LASTS)
        with pytest.raises(Conflict, match=f"赵敏正在编辑{called}") as refused:
            check_lock(draft, QIAN)
        minutes = {f"{end:%H:%M}", f"{end - timedelta(seconds=5):%H:%M}"}
        assert any(minute in refused.value.message for minute in minutes)

    def test_ends_by_itself(self) -> None:
        draft = _draft(locked_by_id=ZHAO.id, locked_by_name="赵敏", locked_until=timezone.now())
        check_lock(draft, QIAN)

    def test_of_the_machine_keeps_people_out_too(self) -> None:
        draft = _draft()
        hold_lock(draft, MACHINE)
        assert lock_holder(draft, QIAN) == "系统"


class TestRevision:
    def test_passes_where_it_is_the_one_that_was_read(self) -> None:
        check_revision(_draft(revision=4), 4)

    @pytest.mark.parametrize("read", [3, 5, 0, -1])
    def test_names_who_saved_since(self, read: int) -> None:
        saved_at = timezone.now()
        draft = _draft(revision=4, edited_by_name="钱宁", edited_at=saved_at)
        with pytest.raises(Conflict, match=rf"钱\*已于 {timezone.localtime(saved_at):%H:%M} 保存"):
            check_revision(draft, read)

    def test_is_told_also_where_nobody_is_known(self) -> None:
        with pytest.raises(Conflict, match="其他人已于保存"):
            check_revision(_draft(revision=1), 0)


class TestCountEdit:
    def test_counts_the_revision_and_signs(self) -> None:
        draft = _draft()
        count_edit(draft, ZHAO)
        count_edit(draft, QIAN)
        count_edit(draft, ZHAO)
        assert (draft.revision, draft.editor_ids) == (3, [ZHAO.id, QIAN.id])
        assert (draft.edited_by_id, draft.edited_by_name) == (ZHAO.id, "赵敏")

    def test_says_when_a_sitting_begins(self) -> None:
        draft = _draft()
        assert count_edit(draft, ZHAO)
        assert not count_edit(draft, ZHAO)
        assert count_edit(draft, QIAN)
        assert draft.edited_at is not None
        draft.edited_at -= LOCK_LASTS + timedelta(seconds=1)
        assert count_edit(draft, QIAN)

    def test_knows_no_hand_of_the_machine(self) -> None:
        draft = _draft(editor_ids=[ZHAO.id])
        count_edit(draft, MACHINE)
        assert (draft.editor_ids, draft.edited_by_id, draft.edited_by_name) == ([ZHAO.id], None, "系统")

    def test_leaves_the_revision_to_the_first_signature(self) -> None:
        draft = _draft()
        sign_draft(draft, ZHAO)
        assert (draft.revision, draft.editor_ids) == (0, [ZHAO.id])


class TestWithHand:
    def test_changes_no_list_that_is_shared(self) -> None:
        ids = [ZHAO.id]
        assert with_hand(ids, QIAN) == [ZHAO.id, QIAN.id]
        assert ids == [ZHAO.id]
