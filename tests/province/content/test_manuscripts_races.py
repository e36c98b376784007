"""Two people at one manuscript in the same moment."""

from typing import Any
from uuid import uuid4

import pytest

from foundation.errors import Conflict, DomainError
from province.content.models import Asset, LibraryOffer, Manuscript, ManuscriptVersion, Review
from province.content.operations import (
    add_asset,
    lock_manuscript,
    offer_article,
    pass_review,
    return_version,
    save_draft,
    submit_manuscript,
    take_offer,
)
from province.content.states import ReviewState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.files import picture
from tests.factories.manuscripts import COUNTY, PROVINCE, make_manuscript, make_version_in_review
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def _refusals(outcomes: list[Any]) -> list[DomainError]:
    return [outcome for outcome in outcomes if isinstance(outcome, DomainError)]


class TestTwoSavers:
    def test_keep_one_text_and_tell_the_other(self) -> None:
        draft = make_manuscript(body="<p>旧</p>")
        actors = [person("zhao"), person("qian")]
        outcomes = at_once(
            *[lambda by=by: save_draft(by=by, manuscript=draft, revision=0, body=f"<p>{by.name}</p>") for by in actors]
        )
        refused = _refusals(outcomes)
        assert len(refused) == 1
        assert isinstance(refused[0], Conflict)
        draft.refresh_from_db()
        assert draft.revision == 1
        assert draft.body == f"<p>{draft.edited_by_name}</p>"

    def test_get_one_lock(self) -> None:
        draft = make_manuscript()
        actors = [person("zhao"), person("qian")]
        outcomes = at_once(*[lambda by=by: lock_manuscript(by=by, manuscript=draft) for by in actors])
        assert len(_refusals(outcomes)) == 1


class TestTwoSubmitters:
    def test_make_one_version(self) -> None:
        draft = make_manuscript()
        actors = [person("zhao"), person("qian")]
        outcomes = at_once(*[lambda by=by: submit_manuscript(by=by, manuscript=draft) for by in actors])
        assert len(_refusals(outcomes)) == 1
        assert ManuscriptVersion.objects.get().number == 1


class TestTwoReviewers:
    def test_give_one_review(self) -> None:
        version = make_version_in_review(by="sun", desk_prefix=COUNTY)
        actors = [person("li"), person("zhao")]
        outcomes = at_once(
            *[
                lambda by=by: pass_review(
                    by=by, version=ManuscriptVersion.objects.get(pk=version.pk), step=ReviewState.FIRST
                )
                for by in actors
            ]
        )
        assert len(_refusals(outcomes)) == 1
        version.refresh_from_db()
        assert version.state == ReviewState.SECOND
        assert Review.objects.count() == 1

    def test_decide_one_way(self) -> None:
        version = make_version_in_review(by="sun", desk_prefix=COUNTY)
        passer, returner = person("li"), person("zhao")
        outcomes = at_once(
            *[
                lambda: pass_review(by=passer, version=version, step=ReviewState.FIRST),
                lambda: return_version(by=returner, version=version, reason="请核对", step=ReviewState.FIRST),
            ]
        )
        assert len(_refusals(outcomes)) == 1
        assert Review.objects.count() == 1

    def test_does_not_count_one_person_twice(self) -> None:
        version = make_version_in_review()
        actor = person("qian")
        at_once(*[lambda: pass_review(by=actor, version=version)] * 3)
        version.refresh_from_db()
        assert version.state == ReviewState.SECOND


class TestTwoTakers:
    def test_make_one_manuscript_of_an_offer(self) -> None:
        north = Hall.objects.get(slug="north")
        offered = offer_article(by=person("sun"), hall=north, article_id=uuid4(), title="延时", body="<p>文</p>")
        actors = [person("zhao"), person("qian")]
        outcomes = at_once(*[lambda by=by: take_offer(by=by, offer=offered, desk_prefix=PROVINCE) for by in actors])
        assert len(_refusals(outcomes)) == 1
        assert Manuscript.objects.count() == 1

    def test_offer_an_article_once(self) -> None:
        north, article = Hall.objects.get(slug="north"), uuid4()
        actors = [person("sun"), person("li")]
        outcomes = at_once(
            *[
                lambda by=by: offer_article(by=by, hall=north, article_id=article, title="延时", body="<p>文</p>")
                for by in actors
            ]
        )
        assert len(_refusals(outcomes)) == 1
        assert LibraryOffer.objects.count() == 1


@pytest.mark.usefixtures("object_store")
class TestTwoUploads:
    def test_of_the_same_picture_make_one_asset(self) -> None:
        actors = [person("zhao"), person("qian")]
        outcomes = at_once(
            *[lambda by=by: add_asset(by=by, desk_prefix=PROVINCE, name="一.jpg", content=picture()) for by in actors]
        )
        assert outcomes[0] == outcomes[1]
        assert Asset.objects.count() == 1
