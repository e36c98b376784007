"""Writing with a title and a body, from the draft to a version, on rows that no database has seen."""

from uuid import UUID, uuid4

import pytest

from foundation.editing.texts import text_gaps, text_submission, words_of, write_texts
from foundation.errors import Invalid
from foundation.texts import TEXT_FIELDS
from province.content.models import Asset, Manuscript, ManuscriptVersion
from tenants.portal.models import Article, ArticleVersion
from tests.foundation.editing.people import ZHAO

PICTURE = "019ab1de-0000-7000-8000-000000000000"


@pytest.fixture(params=[Manuscript, Article])
def draft(request: pytest.FixtureRequest) -> Manuscript | Article:
    made: Manuscript | Article = request.param(title="标题", body="<p>正文</p>", keywords=["便民"])
    return made


class TestWriteTexts:
    def test_says_whether_anything_changed(self, draft: Manuscript | Article) -> None:
        assert not write_texts(draft, {"title": " 标题 ", "body": "<p>正文</p>", "keywords": "便民"})
        assert write_texts(draft, {"subtitle": "副题"})
        assert (draft.title, draft.subtitle, draft.body) == ("标题", "副题", "<p>正文</p>")

    def test_cleans_what_was_pasted(self, draft: Manuscript | Article) -> None:
        write_texts(draft, {"title": "两行\n标题", "body": '<p style="color:red">字</p>'})
        assert (draft.title, draft.body) == ("两行 标题", "<p>字</p>")

    def test_tells_every_fault_and_writes_nothing(self, draft: Manuscript | Article) -> None:
        with pytest.raises(Invalid) as refused:
            write_texts(draft, {"title": "字" * 81, "source": "字" * 81, "summary": "新"})
        assert {fault.where for fault in refused.value.faults} == {"title", "source"}
        assert (draft.title, draft.summary) == ("标题", "")

    def test_takes_a_cover_away_only_where_that_is_said(self) -> None:
        draft = Manuscript(title="标题", cover=Asset(id=uuid4()))
        assert not write_texts(draft, {"title": "标题"})
        assert write_texts(draft, {"cover": None})
        assert draft.cover_id is None


class TestTextGaps:
    def test_has_none_where_others_may_read_it(self, draft: Manuscript | Article) -> None:
        assert text_gaps(draft) == []

    def test_tells_all_of_them(self) -> None:
        assert [gap.where for gap in text_gaps(Article())] == ["title", "body"]
        silent = Article(title="图", body=f'<img src="/media/{PICTURE}" alt="">')
        assert [gap.where for gap in text_gaps(silent)] == ["body"]


class TestTextSubmission:
    def test_says_what_the_draft_says(self, draft: Manuscript | Article) -> None:
        kind = ManuscriptVersion if isinstance(draft, Manuscript) else ArticleVersion
        version = kind(**text_submission(draft, by=ZHAO, after=None, author_ids=[ZHAO.id]))
        assert words_of(version) == words_of(draft)
        assert (version.number, version.submitted_by_name, version.author_ids) == (1, "赵敏", [ZHAO.id])
        assert {name for name in TEXT_FIELDS if getattr(version, name)} == {"title", "body", "keywords"}

    def test_names_the_files_that_readers_may_have(self) -> None:
        draft = Manuscript(title="图", body=f'<img src="/media/{PICTURE}" alt="厅">')
        fields = text_submission(draft, by=ZHAO, after=None, author_ids=[])
        assert fields["asset_ids"] == [UUID(PICTURE)]
