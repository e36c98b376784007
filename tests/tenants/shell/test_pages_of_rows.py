"""Lists of the desk over several pages."""

import pytest
from django.test import RequestFactory

from foundation.design.templatetags.design import counted
from province.halls.models import Hall
from tenants.shell.layouts import desk


@pytest.mark.django_db
def test_a_list_is_counted_as_far_as_its_pages_go_and_says_when_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE_ROWS", 1)
    halls = Hall.objects.order_by("pk")
    there = halls.count()
    said = []
    for most in (there - 1, there, there + 1):
        monkeypatch.setattr(desk, "MOST_PAGES", most)
        page = desk.rows_of_page(RequestFactory().get("/", {"page": "9999"}), halls)
        said.append((page.number, counted(page.paginator)))
    assert said == [(there - 1, f"{there - 1} 余"), (there, f"{there}"), (there, f"{there}")]
