"""Two halls, each with something of everything that a hall can have."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from province.content.models import LibraryOffer
from province.content.queries.audiences import Audience, Scope
from province.halls.models import Hall
from tenants.portal.models import ArticleReview, ArticleVersion, PortalSettings
from tenants.portal.states import ArticleState, DraftState
from tests.factories.accounts import make_account
from tests.factories.pushes import make_push
from tests.factories.sites import inside, make_article, make_column, make_columns, make_file


@dataclass(frozen=True)
class Filled:
    """A hall and, by the names that routes give their parameters, what is its own. ``secret`` stands in every text."""

    hall: Hall
    secret: str
    parameters: dict[str, Any]


@pytest.fixture
def filled_north(north: Hall) -> Filled:
    return _fill(north, "北厅自己的内容")


@pytest.fixture
def filled_south(south: Hall) -> Filled:
    return _fill(south, "南厅自己的内容")


def _fill(hall: Hall, secret: str) -> Filled:
    make_columns(hall)
    column = make_column(hall, f"own-{hall.slug}", secret)
    file = make_file(hall, name=f"{secret}.jpg")
    make_article(hall, secret, cover=file)
    draft = make_article(hall, secret, state=ArticleState.DRAFT)
    with inside(hall):
        version = ArticleVersion.objects.create(article=draft, number=1, title=secret, submitted_by_name="某人")
        ArticleReview.objects.create(
            version=version, step=DraftState.FIRST, is_passed=False, reason=secret, reviewer_name="某人"
        )
        PortalSettings.objects.get_or_create(defaults={"review_steps": ["first"]})
    push = make_push(title=secret, audience=Audience((Scope(hall.prefixes[-1]),)))
    account = make_account(hall, name=secret)
    offer = LibraryOffer.objects.create(hall_id=hall.pk, article_id=draft.pk, title="云稿", offered_by_name="某人")
    return Filled(
        hall,
        secret,
        {
            "article_id": draft.pk,
            "version_id": version.pk,
            "number": version.number,
            "push_id": push.pk,
            "file_id": file.pk,
            "asset_id": file.pk,
            "code": column.code,
            "column": column.code,
            "offer_id": offer.pk,
            "colour": "1257a8",
            "account_id": account.pk,
            # nobody's
            "token_id": UUID(int=2),
        },
    )
