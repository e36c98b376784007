"""What a version is found by is written when it is submitted."""

import pytest
from django.db import IntegrityError, transaction

from province.catalogue.models import ItemVersion
from tests.factories.catalogue import make_item, submit

pytestmark = pytest.mark.django_db


class TestVersion:
    def test_is_never_filed_anew(self) -> None:
        version = submit(make_item(name="食品经营许可（小餐饮）"))
        assert version.sounds.endswith(" | spjyxkxcy")
        assert "audience:person" in version.facets
        # its words may be: elements that a province adds or ends are found or not from that day on
        for change in ({"sounds": ""}, {"facets": []}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ItemVersion.objects.filter(pk=version.pk).update(**change)
