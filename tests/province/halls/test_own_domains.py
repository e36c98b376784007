"""Host names of halls that need a certificate of their own."""

import pytest

from province.halls.models import Hall
from province.halls.operations.domains import add_domain
from province.halls.queries.own_domains import own_domains
from tests.conftest import person

pytestmark = pytest.mark.django_db


class TestOwnDomains:
    def test_are_those_that_the_wildcard_does_not_cover(self, north: Hall) -> None:
        assert own_domains() == []
        names = ["www.north.gov.cn", "north2.yizhan.localhost", "a.north.yizhan.localhost", "xyizhan.localhost"]
        for name in names:
            add_domain(by=person("zhao"), hall=north, domain=name)
        assert own_domains() == ["a.north.yizhan.localhost", "www.north.gov.cn", "xyizhan.localhost"]
