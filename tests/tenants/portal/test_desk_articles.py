"""A hall's own articles: writing, reviews, publication, and what readers see meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from foundation import schemas
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.queries import entries_about
from province.halls.models import Hall, HallFigures, HallGeneration
from tenants.portal.models import Article, ArticleReview
from tenants.portal.operations.articles import (
    create_article,
    lock_article,
    pin_article,
    restore_article,
    save_article,
    unlock_article,
    withdraw_article,
)
from tenants.portal.operations.reviews import (
    pass_article_review,
    publish_article,
    recall_article,
    return_article,
    submit_article,
)
from tenants.portal.operations.settings import set_review_steps
from tenants.portal.states import ArticleState, DraftState
from tests.conftest import person
from tests.factories.sites import BODY, inside, make_columns
from tests.races import at_once

FIRST_AND_FINAL = [DraftState.FIRST, DraftState.FINAL]


def _write(hall: Hall, *, by: str = "sun", title: str = "便民服务进村", **texts: Any) -> Article:
    return create_article(by=person(by), hall=hall, column="news", title=title, body=BODY, **texts)


def _publish(hall: Hall, *, title: str = "便民服务进村") -> Article:
    """Written by Sun, passed by Li."""
    article = _write(hall, title=title)
    version = submit_article(by=person("sun"), hall=hall, article_id=article.id)
    for _ in range(3):
        article = pass_article_review(by=person("li"), hall=hall, version_id=version.id)
    return article


@pytest.fixture
def hall(north: Hall) -> Iterator[Hall]:
    make_columns(north)
    with schemas.enter(north.schema_name):
        yield north


@pytest.mark.django_db
class TestCreateArticle:
    def test_makes_a_draft_that_readers_do_not_see(self, hall: Hall) -> None:
        article = _write(hall)
        assert (article.state, article.draft_state) == (ArticleState.DRAFT, DraftState.EDITING)
        assert Client(headers={"host": "north.yizhan.localhost"}).get(f"/a/{article.id}/").status_code == 404

    def test_cleans_what_was_pasted(self, hall: Hall) -> None:
        article = create_article(
            by=person("sun"), hall=hall, column="news", title=" 两行\n标题 ", body='<p style="color:red">字</p>'
        )
        assert (article.title, article.body) == ("两行 标题", "<p>字</p>")

    def test_refuses_scripts(self, hall: Hall) -> None:
        with pytest.raises(Invalid):
            create_article(by=person("sun"), hall=hall, column="news", title="字", body="<script>1</script>")

    def test_refuses_a_column_that_holds_no_articles(self, hall: Hall) -> None:
        with pytest.raises(Invalid):
            create_article(by=person("sun"), hall=hall, column="about", title="字")

    @pytest.mark.parametrize("who", ["zhou", "wu", "zhao"])
    def test_is_for_the_halls_own_editors(self, hall: Hall, who: str) -> None:
        with pytest.raises(NotAllowed):
            _write(hall, by=who)

    def test_works_only_inside_the_halls_schema(self, hall: Hall, south: Hall) -> None:
        with pytest.raises(LookupError):
            create_article(by=person("zhou"), hall=south, column="news", title="字")


@pytest.mark.django_db
class TestSaveArticle:
    def test_counts_revisions(self, hall: Hall) -> None:
        article = _write(hall)
        saved = save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="新标题")
        assert (saved.revision, saved.title, saved.body) == (1, "新标题", BODY)

    def test_refuses_to_overwrite_a_newer_draft(self, hall: Hall) -> None:
        article = _write(hall)
        save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="先")
        with pytest.raises(Conflict, match=r"孙\*"):
            save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="后")

    def test_names_who_else_is_writing(self, hall: Hall) -> None:
        article = _write(hall)
        # nobody has it open: nothing is broken, and nothing told
        unlock_article(by=person("sun"), hall=hall, article_id=article.id, is_forced=True)
        lock_article(by=person("li"), hall=hall, article_id=article.id)
        with pytest.raises(Conflict, match="李北正在编辑"):
            save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="后")

    def test_tells_the_audit_once_a_stint(self, hall: Hall) -> None:
        article = _write(hall)
        for revision in range(5):
            save_article(by=person("li"), hall=hall, article_id=article.id, revision=revision, title=f"第{revision}稿")
        assert [entry.act for entry in entries_about(article.id)] == ["portal.create_article", "portal.edit_article"]

    def test_leaves_what_readers_see(self, hall: Hall) -> None:
        article = _publish(hall)
        save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="改动中的标题")
        text = Client(headers={"host": "north.yizhan.localhost"}).get(f"/a/{article.id}/").text
        assert "便民服务进村" in text
        assert "改动中的标题" not in text

    def test_waits_while_a_review_runs(self, hall: Hall) -> None:
        article = _write(hall)
        submit_article(by=person("sun"), hall=hall, article_id=article.id)
        with pytest.raises(Conflict):
            save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="新标题")

    def test_does_not_find_another_halls_article(self, hall: Hall, south: Hall) -> None:
        article = _write(hall)
        make_columns(south)
        with schemas.enter(south.schema_name), pytest.raises(NotFound):
            save_article(by=person("zhou"), hall=south, article_id=article.id, revision=0, title="字")


@pytest.mark.django_db
class TestLock:
    def test_is_broken_only_by_force_and_told(self, hall: Hall) -> None:
        article = _write(hall)
        # nobody has it open: nothing is broken, and nothing told
        unlock_article(by=person("sun"), hall=hall, article_id=article.id, is_forced=True)
        lock_article(by=person("li"), hall=hall, article_id=article.id)
        with pytest.raises(Conflict, match="李北"):
            unlock_article(by=person("sun"), hall=hall, article_id=article.id)
        unlock_article(by=person("sun"), hall=hall, article_id=article.id, is_forced=True)
        assert lock_article(by=person("sun"), hall=hall, article_id=article.id).locked_by_name == "孙北"
        assert entries_about(article.id).filter(act="portal.break_lock").count() == 1


@pytest.mark.django_db
class TestReview:
    def test_publishes_after_the_last_step(self, hall: Hall) -> None:
        article = _publish(hall)
        assert (article.state, article.draft_state) == (ArticleState.PUBLISHED, DraftState.DONE)
        assert [review.step for review in ArticleReview.objects.order_by("created_at", "id")] == [
            "first",
            "second",
            "final",
        ]
        assert "便民服务进村" in Client(headers={"host": "north.yizhan.localhost"}).get("/").text

    def test_is_not_finished_by_an_author(self, hall: Hall) -> None:
        set_review_steps(by=person("sun"), hall=hall, steps=["final"])
        version = submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)
        with pytest.raises(NotAllowed, match="参与了"):
            pass_article_review(by=person("sun"), hall=hall, version_id=version.id)

    def test_is_not_finished_by_a_second_author(self, hall: Hall) -> None:
        set_review_steps(by=person("sun"), hall=hall, steps=["final"])
        article = _write(hall)
        save_article(by=person("li"), hall=hall, article_id=article.id, revision=0, title="合写")
        version = submit_article(by=person("li"), hall=hall, article_id=article.id)
        for who in ("sun", "li"):
            with pytest.raises(NotAllowed):
                pass_article_review(by=person(who), hall=hall, version_id=version.id)

    def test_has_the_steps_that_the_hall_chose(self, hall: Hall) -> None:
        set_review_steps(by=person("sun"), hall=hall, steps=FIRST_AND_FINAL)
        version = submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)
        article = pass_article_review(by=person("sun"), hall=hall, version_id=version.id)
        assert article.draft_state == DraftState.FINAL
        assert pass_article_review(by=person("li"), hall=hall, version_id=version.id).state == ArticleState.PUBLISHED

    def test_may_be_none(self, hall: Hall) -> None:
        set_review_steps(by=person("sun"), hall=hall, steps=[])
        submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)
        assert Article.objects.get().state == ArticleState.PUBLISHED

    def test_goes_on_by_steps_changed_meanwhile(self, hall: Hall) -> None:
        version = submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)
        set_review_steps(by=person("sun"), hall=hall, steps=[])
        assert pass_article_review(by=person("li"), hall=hall, version_id=version.id).state == ArticleState.PUBLISHED

    def test_refuses_steps_that_there_are_not(self, hall: Hall) -> None:
        with pytest.raises(Invalid):
            set_review_steps(by=person("sun"), hall=hall, steps=["fourth"])

    def test_returns_with_a_reason_and_begins_anew(self, hall: Hall) -> None:
        article = _write(hall)
        version = submit_article(by=person("sun"), hall=hall, article_id=article.id)
        with pytest.raises(Invalid):
            return_article(by=person("li"), hall=hall, version_id=version.id, reason=" ")
        returned = return_article(by=person("li"), hall=hall, version_id=version.id, reason="有错别字")
        assert returned.draft_state == DraftState.RETURNED
        assert submit_article(by=person("sun"), hall=hall, article_id=article.id).number == 2
        with pytest.raises(Conflict):
            pass_article_review(by=person("li"), hall=hall, version_id=version.id)

    def test_can_be_called_back(self, hall: Hall) -> None:
        article = _write(hall)
        version = submit_article(by=person("sun"), hall=hall, article_id=article.id)
        assert recall_article(by=person("sun"), hall=hall, article_id=article.id).draft_state == DraftState.EDITING
        with pytest.raises(Conflict):
            pass_article_review(by=person("li"), hall=hall, version_id=version.id)

    def test_keeps_the_first_date_of_a_corrected_article(self, hall: Hall) -> None:
        article = _publish(hall)
        save_article(by=person("sun"), hall=hall, article_id=article.id, revision=0, title="更正后的标题")
        version = submit_article(by=person("sun"), hall=hall, article_id=article.id)
        for _ in range(3):
            corrected = pass_article_review(by=person("li"), hall=hall, version_id=version.id)
        assert corrected.published_at == article.published_at
        assert corrected.published is not None
        assert corrected.published.title == "更正后的标题"

    def test_asks_for_text_and_for_words_about_pictures(self, hall: Hall) -> None:
        bare = create_article(by=person("sun"), hall=hall, column="news", title="只有标题")
        with pytest.raises(Invalid, match="正文"):
            submit_article(by=person("sun"), hall=hall, article_id=bare.id)
        picture = '<img src="/media/019ab1de-0000-7000-8000-000000000000" alt="">'
        silent = create_article(by=person("sun"), hall=hall, column="news", title="图", body=picture)
        with pytest.raises(Invalid, match="替代文字"):
            submit_article(by=person("sun"), hall=hall, article_id=silent.id)

    def test_is_closed_to_another_halls_editor(self, hall: Hall) -> None:
        version = submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)
        with pytest.raises(NotAllowed):
            pass_article_review(by=person("zhou"), hall=hall, version_id=version.id)


@pytest.mark.django_db
class TestPublishArticle:
    def test_does_it_all_at_once_for_whoever_may(self, hall: Hall) -> None:
        article = _write(hall)
        assert publish_article(by=person("li"), hall=hall, article_id=article.id).state == ArticleState.PUBLISHED
        assert ArticleReview.objects.count() == 3

    def test_leaves_nothing_behind_where_it_is_refused(self, hall: Hall) -> None:
        article = _write(hall)
        with pytest.raises(NotAllowed):
            publish_article(by=person("sun"), hall=hall, article_id=article.id)
        assert Article.objects.get().draft_state == DraftState.EDITING
        assert article.versions.count() == 0

    def test_reports_figures_and_makes_every_page_stale(self, hall: Hall) -> None:
        before = HallGeneration.objects.get(hall=hall).generation
        article = _publish(hall)
        figures = HallFigures.objects.get(hall=hall)
        assert figures.own_articles == 1
        assert figures.last_published_at == article.published_at
        assert figures.columns["news"]["articles"] == 1
        assert figures.columns["notices"] == {"name": "通知公告", "articles": 0, "last_published_at": None}
        assert HallGeneration.objects.get(hall=hall).generation > before


@pytest.mark.django_db
class TestWithdrawArticle:
    def test_takes_it_down_with_a_reason_and_back(self, hall: Hall) -> None:
        reader = Client(headers={"host": "north.yizhan.localhost"})
        article = _publish(hall)
        withdraw_article(by=person("sun"), hall=hall, article_id=article.id, reason="数据有误")
        gone = reader.get(f"/a/{article.id}/")
        assert gone.status_code == 410
        assert "数据有误" in gone.text
        assert HallFigures.objects.get(hall=hall).own_articles == 0
        restored = restore_article(by=person("sun"), hall=hall, article_id=article.id)
        assert restored.published_at == article.published_at
        assert reader.get(f"/a/{article.id}/").status_code == 200

    def test_needs_a_reason(self, hall: Hall) -> None:
        article = _publish(hall)
        with pytest.raises(Invalid):
            withdraw_article(by=person("sun"), hall=hall, article_id=article.id, reason="")

    def test_is_done_once(self, hall: Hall) -> None:
        article = _publish(hall)
        withdraw_article(by=person("sun"), hall=hall, article_id=article.id, reason="数据有误")
        with pytest.raises(Conflict):
            withdraw_article(by=person("sun"), hall=hall, article_id=article.id, reason="数据有误")
        restore_article(by=person("sun"), hall=hall, article_id=article.id)
        with pytest.raises(Conflict):
            restore_article(by=person("sun"), hall=hall, article_id=article.id)


@pytest.mark.django_db
class TestPinArticle:
    def test_leads_its_column(self, hall: Hall) -> None:
        reader = Client(headers={"host": "north.yizhan.localhost"})
        older, _ = _publish(hall, title="较早的文章"), _publish(hall, title="较新的文章")
        page = reader.get("/c/news/").text
        assert page.index("较新的文章") < page.index("较早的文章")
        pin_article(by=person("sun"), hall=hall, article_id=older.id, is_pinned=True)
        page = reader.get("/c/news/").text
        assert page.index("较早的文章") < page.index("较新的文章")


class TestAtOnce:
    def test_two_editors_lose_no_words(self, fresh_database: None) -> None:
        hall = Hall.objects.get(slug="north")
        make_columns(hall)
        with inside(hall):
            article = _write(hall)

        def save(who: str) -> Article:
            with schemas.enter(hall.schema_name):
                return save_article(by=person(who), hall=hall, article_id=article.id, revision=0, title=f"{who}的标题")

        answers = at_once(lambda: save("sun"), lambda: save("li"))
        saved = [answer for answer in answers if isinstance(answer, Article)]
        assert len(saved) == 1
        assert sum(isinstance(answer, Conflict) for answer in answers) == 1
        with inside(hall):
            assert Article.objects.get().title == saved[0].title

    def test_two_reviewers_pass_one_step(self, fresh_database: None) -> None:
        hall = Hall.objects.get(slug="north")
        make_columns(hall)
        with inside(hall):
            version = submit_article(by=person("sun"), hall=hall, article_id=_write(hall).id)

        def give(who: str) -> Article:
            with schemas.enter(hall.schema_name):
                return pass_article_review(by=person(who), hall=hall, version_id=version.id, step="first")

        answers = at_once(lambda: give("sun"), lambda: give("li"))
        assert sum(isinstance(answer, Conflict) for answer in answers) == 1
        with inside(hall):
            assert Article.objects.get().draft_state == DraftState.SECOND
            assert ArticleReview.objects.count() == 1

    def test_two_publications_count_each_other(self, fresh_database: None) -> None:
        hall = Hall.objects.get(slug="north")
        make_columns(hall)
        with inside(hall):
            ids = [_write(hall, title=f"文章{number}").id for number in range(2)]

        def publish(number: int) -> Article:
            with schemas.enter(hall.schema_name):
                return publish_article(by=person("li"), hall=hall, article_id=ids[number])

        at_once(lambda: publish(0), lambda: publish(1))
        figures = HallFigures.objects.get(hall=hall)
        assert (figures.own_articles, figures.columns["news"]["articles"]) == (2, 2)
