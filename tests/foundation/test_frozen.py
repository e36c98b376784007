import pytest
from django.db import IntegrityError, transaction

from province.content.models import ManuscriptVersion
from province.content.states import ReviewState
from tests.factories.manuscripts import make_approved_version, make_version_in_review

pytestmark = pytest.mark.django_db


class TestFrozenFields:
    @pytest.mark.parametrize(
        "change",
        [{"title": "改过的标题"}, {"body": "<p>改过</p>"}, {"number": 9}, {"author_ids": []}, {"keywords": ["改"]}],
        ids=lambda change: next(iter(change)),
    )
    def test_refuse_an_update_in_the_database_itself(self, change: dict[str, object]) -> None:
        version = make_approved_version()
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            ManuscriptVersion.objects.filter(id=version.id).update(**change)

    def test_let_other_fields_move(self) -> None:
        version = make_version_in_review()
        version.state = ReviewState.SECOND
        version.save()
        version.refresh_from_db()
        assert version.state == ReviewState.SECOND
