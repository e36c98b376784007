"""Two people at the added elements in the same moment: who comes second is told."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, DomainError, Invalid
from province.catalogue.models import ElementGeneration, ExtraElement, Item, Office
from province.catalogue.operations import save_draft
from province.catalogue.operations.extra_elements import define_element, end_element, revise_element
from province.catalogue.queries.element_drafts import ElementWords
from province.halls.models import Hall
from standards.items.live import additions, forget_additions
from tenants.services.operations.hall_guides import save_hall_guide
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for
from tests.factories.catalogue import make_item, make_published
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def today() -> date:
    return timezone.localdate()


def words(label: str, **more: Any) -> ElementWords:
    return ElementWords(label=label, item_types=["01"], section="place", starts_on=today(), **more)


def define(label: str, *, filler: str = "province", by: str = "zhao") -> ExtraElement:
    office = Office.objects.filter(retired_at=None).order_by("step", "code")[0]
    return define_element(by=person(by), words=words(label), kind="line", filler=filler, office_code=office.code)


def define_before(label: str, *, filler: str = "province") -> ExtraElement:
    """One that was filled in yesterday."""
    made = define(label, filler=filler)
    ExtraElement.objects.filter(pk=made.pk).update(starts_on=today() - timedelta(days=1))
    ElementGeneration.objects.update(mark=uuid4())
    forget_additions()
    return made


def end(made: ExtraElement) -> ExtraElement:
    return end_element(by=person("zhao"), name=made.name, stamp=made.stamp, ends_on=today())


def refusal_among(outcomes: list[Any]) -> DomainError:
    (refused,) = [one for one in outcomes if isinstance(one, DomainError)]
    return refused


class TestTwoDefiners:
    def test_of_one_element_change_it_once_and_the_other_is_told(self) -> None:
        refused = refusal_among(at_once(*[lambda: define("经办人专线")] * 2))
        assert isinstance(refused, Invalid)
        assert "已经有叫“经办人专线”的要素" in refused.faults[0].message
        made = ExtraElement.objects.get()

        def revise(label: str) -> ExtraElement:
            return revise_element(by=person("zhao"), name=made.name, stamp=made.stamp, words=words(label))

        refused = refusal_among(at_once(lambda: revise("专线一"), lambda: revise("专线二")))
        assert isinstance(refused, Conflict)
        assert "刚被别人改过" in refused.message
        assert ExtraElement.objects.count() == 2
        made = ExtraElement.objects.get(revision=2)
        # the one who comes second sees what it has become before doing more
        assert "刚被别人改过或者停用" in refusal_among(at_once(lambda: revise("专线三"), lambda: end(made))).message


class TestWhoSaves:
    def test_an_element_that_has_just_ended_is_told(self, north: Hall) -> None:
        own, halls = define_before("经办人专线"), define_before("窗口专线", filler="hall")
        item = make_item()
        adoption = adopt(north, make_published(make_item(1, name="另一项")))
        part = hall_guide_for(Item.objects.get(pk=adoption.item_id))

        def save(text: str) -> Item:
            fresh = Item.objects.get(pk=item.pk)
            return save_draft(by=person("zhao"), item=fresh, revision=fresh.revision, values={own.name: text})

        def save_here(text: str) -> Any:
            with schemas.enter(north.schema_name):
                adoption.refresh_from_db()
                values = part | {halls.name: text}
                number = adoption.revision
                return save_hall_guide(
                    by=person("sun"), hall=north, adoption_id=adoption.pk, values=values, revision=number
                )

        save("0700-1111111")
        save_here("0700-3333333")
        # the request of the one who saves began while they were asked for
        assert {own.name, halls.name} <= {one.name for one in additions().asked}
        outcomes = at_once(lambda: end(own), lambda: end(halls))
        assert not [one for one in outcomes if isinstance(one, DomainError)]
        for act, label in ((save, "经办人专线"), (save_here, "窗口专线")):
            with pytest.raises(Conflict, match=f"“{label}”已经停用"):
                act("0700-2222222")
        assert Item.objects.get(pk=item.pk).values[own.name] == "0700-1111111"
        # what stands there may stay, and may go
        save("0700-1111111")
        save("")
        assert own.name not in Item.objects.get(pk=item.pk).values

    def test_in_the_same_moment_it_is_one_or_the_other(self) -> None:
        own, item = define_before("经办人专线"), make_item()

        def save() -> Item:
            additions()
            return save_draft(by=person("zhao"), item=item, revision=item.revision, values={own.name: "0700-1111111"})

        saved, ended = at_once(save, lambda: end(own))
        assert isinstance(ended, ExtraElement)
        is_saved = own.name in Item.objects.get(pk=item.pk).values
        assert is_saved is not isinstance(saved, Conflict)
