"""Two people in the same moment. Manuscripts' and items' own races stand beside their operations."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import Hall
from tenants.portal.models import Article, ArticleReview
from tenants.portal.operations.articles import create_article, lock_article
from tenants.portal.operations.reviews import pass_article_review, return_article, submit_article
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import pass_hall_guide, return_hall_guide, save_hall_guide
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, save, submit
from tests.factories.catalogue import make_published
from tests.factories.sites import BODY, inside, make_columns
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def hall(fresh_database: None) -> Hall:
    found = Hall.objects.get(slug="north")
    make_columns(found)
    return found


def _article(hall: Hall) -> Article:
    return create_article(by=person("sun"), hall=hall, column="news", title="便民服务进村", body=BODY)


def _in(hall: Hall, act: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    def run() -> Any:
        with schemas.enter(hall.schema_name):
            return act(hall=hall, **given)

    return run


def _refusals(answers: list[Any]) -> list[Conflict]:
    return [answer for answer in answers if isinstance(answer, Conflict)]


class TestTwoEditors:
    def test_get_one_lock(self, hall: Hall) -> None:
        with inside(hall):
            article = _article(hall)
        actors = [person("sun"), person("li")]
        answers = at_once(*[_in(hall, lock_article, by=by, article_id=article.pk) for by in actors])
        (refused,) = _refusals(answers)
        with inside(hall):
            article.refresh_from_db()
        assert article.locked_by_name in {by.name for by in actors}
        assert refused.message.startswith(f"{article.locked_by_name}正在编辑这篇文章")

    def test_save_one_hall_guide(self, hall: Hall) -> None:
        version = make_published()
        adoption = adopt(hall, version)
        values = hall_guide_for(version.item)
        answers = at_once(
            *[
                _in(hall, save_hall_guide, by=person(who), adoption_id=adoption.pk, values=values, revision=0)
                for who in ("sun", "li")
            ]
        )
        assert len(_refusals(answers)) == 1
        with inside(hall):
            kept = Adoption.objects.get()
        assert (kept.revision, len(kept.editor_ids)) == (1, 1)
        assert kept.editor_ids == [kept.edited_by_id]


class TestTwoReviewers:
    def test_decide_one_way_on_an_article(self, hall: Hall) -> None:
        with inside(hall):
            version = submit_article(by=person("sun"), hall=hall, article_id=_article(hall).pk)
        given = {"version_id": version.pk, "step": "first"}
        answers = at_once(
            _in(hall, pass_article_review, by=person("sun"), **given),
            _in(hall, return_article, by=person("li"), reason="请核对", **given),
        )
        assert len(_refusals(answers)) == 1
        with inside(hall):
            decided = ArticleReview.objects.get()
            state = Article.objects.get().draft_state
        assert state == ("second" if decided.is_passed else "returned")

    def test_decide_one_way_on_a_hall_guide(self, hall: Hall) -> None:
        version = make_published()
        adoption = submit(hall, save(hall, adopt(hall, version)))
        given = {"adoption_id": adoption.pk, "number": 1}
        answers = at_once(
            _in(hall, pass_hall_guide, by=person("li"), **given),
            _in(hall, return_hall_guide, by=person("li"), reason="请核对", **given),
        )
        assert len(_refusals(answers)) == 1
        with inside(hall):
            kept = Adoption.objects.get()
            hall_guide = kept.hall_guides.get()
        assert (kept.guide_state, kept.published_id) == (
            ("done", hall_guide.pk) if hall_guide.is_passed else ("returned", None)
        )
