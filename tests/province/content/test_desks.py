from datetime import date

import pytest

from foundation.events.operations import drain_events
from province.content.models import Asset, Manuscript, Push
from province.content.queries import desk_name, manuscripts_at_desk
from province.content.queries.audiences import Audience, Scope
from province.halls.models import Division
from province.halls.operations import accept_guesses, apply_plan, load_divisions
from province.halls.queries import plan_with_id
from tests.conftest import person
from tests.factories.manuscripts import COUNTY, PROVINCE, make_asset, make_manuscript
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db


def renumber(changes: dict[str, str]) -> None:
    """A new year's file, in which these county prefixes have become others."""
    lines = []
    for code, name in Division.objects.filter(valid_to=None).order_by("code").values_list("code", "name"):
        lines.append(f"{changes.get(code[:6], code[:6])}{code[6:]},{name}")
    loaded = load_divisions(by=person("zhao"), source="2025.csv", lines_or_bytes=lines, effective_on=date(2025, 1, 1))
    assert loaded.plan_id
    plan = plan_with_id(loaded.plan_id)
    accept_guesses(by=person("zhao"), plan=plan)
    apply_plan(by=person("zhao"), plan=plan)
    drain_events()


class TestDesk:
    def test_goes_along_when_its_county_gets_another_code(self) -> None:
        draft = make_manuscript(by="sun", desk_prefix=COUNTY)
        make_asset(desk_prefix=COUNTY)
        make_push(by="sun", desk_prefix=COUNTY, audience=Audience((Scope(COUNTY),)))
        elsewhere = make_manuscript(desk_prefix=PROVINCE)
        renumber({"420582": "420592"})
        assert draft in manuscripts_at_desk(person("sun"))
        for model in (Manuscript, Asset, Push):
            assert not model.objects.filter(desk_prefix=COUNTY).exists()
        assert desk_name("420592") == "当阳市"
        elsewhere.refresh_from_db()
        assert elsewhere.desk_prefix == PROVINCE

    def test_is_not_mixed_up_with_another_that_takes_its_old_code(self) -> None:
        north = make_manuscript(by="sun", desk_prefix="420582")
        south = make_manuscript(by="zhou", desk_prefix="420583")
        renumber({"420582": "420583", "420583": "420582"})
        assert list(manuscripts_at_desk(person("sun"))) == [north]
        assert list(manuscripts_at_desk(person("zhou"))) == [south]
        assert {draft.desk_prefix for draft in manuscripts_at_desk(person("sun"))} == {"420583"}
