"""From a department's draft to what every hall shows, and back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import DueTime, Event
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.models import Item, ItemChange, ItemReview, ItemVersion, Material, Office
from province.catalogue.operations import (
    begin_item,
    pass_review,
    publish_version,
    return_version,
    save_draft,
    withdraw_version,
)
from province.catalogue.operations.departments import arrange_department
from province.catalogue.operations.offices import arrange_office, retire_office
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.reviews import offices, open_offices, part_of, review_queue
from province.catalogue.queries.validity import version_at
from province.catalogue.states import VersionState
from province.content.queries.generations import page_generations
from province.halls.models import Hall, HallKind
from province.people.operations.positions import give_position
from province.rights.permissions import permission_named
from province.rights.roles import Reach, Role
from tests.conftest import person
from tests.factories.catalogue import (
    REASON,
    approve,
    change_draft,
    make_approved,
    make_department,
    make_item,
    make_published,
    reviewer,
    submit,
    values_with,
)
from tests.factories.people import account, make_unit
from tests.factories.registry import register_halls

pytestmark = pytest.mark.django_db


def office(code: str) -> Office:
    return Office.objects.get(code=code)


def the_clock_strikes(version: ItemVersion) -> None:
    """The hour of its beginning has come."""
    now = timezone.now()
    before = version.item.versions.filter(valid_to=version.valid_from)
    before.update(valid_from=now - timedelta(days=1), valid_to=now - timedelta(seconds=1))
    ItemVersion.objects.filter(pk=version.pk).update(valid_from=now - timedelta(seconds=1))


def shown(item: Item) -> int | None:
    version = version_at(item, timezone.now())
    return version.number if version else None


class TestDraft:
    def test_is_kept_with_its_gaps(self) -> None:
        item = make_item(materials=None, conditions="")
        assert "materials" not in item.values
        assert (item.name, item.basic_code, item.revision) == ("食品经营许可", "420131000000", 1)
        assert "spjyxk" in item.sounds

    def test_is_refused_with_what_is_wrong_place_by_place(self) -> None:
        with pytest.raises(Invalid) as refused:
            make_item(promised_days="三天", levels=["9"])
        assert {fault.where for fault in refused.value.faults} >= {"promised_days", "levels"}
        with pytest.raises(Invalid, match="基本编码"):
            make_item(basic_code="")

    def test_changes_only_what_is_named(self) -> None:
        item = change_draft(make_item(), promised_days=5, conditions=None)
        assert item.values["promised_days"] == 5
        assert "conditions" not in item.values
        assert item.values["name"] == "食品经营许可"
        assert item.revision == 2

    def test_says_nothing_of_its_own_state(self) -> None:
        assert "state" not in change_draft(make_item(), state="3", version=7).values

    def test_is_not_saved_over_a_newer_one(self) -> None:
        item = make_item()
        change_draft(item, by="qian", promised_days=5)
        with pytest.raises(Conflict, match=r"钱\*已于"):
            save_draft(by=person("zhao"), item=item, revision=1, values={"promised_days": 6})

    def test_takes_no_code_of_another_item_and_names_it(self) -> None:
        make_item(1)
        with pytest.raises(Conflict, match="食品经营许可"):
            make_item(1)
        other = make_item(2)
        with pytest.raises(Conflict, match="食品经营许可"):
            change_draft(other, basic_code="420131001000")

    def test_takes_another_code_at_once_until_it_was_published(self) -> None:
        item = change_draft(make_item(1), basic_code="420131009000")
        assert item.basic_code == "420131009000"
        make_published(item)
        item = change_draft(item, basic_code="420131008000")
        assert (item.basic_code, item.values["basic_code"]) == ("420131009000", "420131008000")

    def test_moves_to_another_department_only_where_there_is_one(self) -> None:
        item = make_item()
        with pytest.raises(Invalid, match="没有“水务局”"):
            change_draft(item, department="水务局")
        make_department("水务局")
        assert change_draft(item, department="水务局").department.name == "水务局"

    def test_is_written_by_its_departments_unit_alone(self) -> None:
        unit, other = make_unit("食品处"), make_unit("药品处")
        for who, where in (("lu", unit), ("ma", other)):
            give_position(by=person("zhao"), account=account(who), role=_drafter(), unit=where, reach=Reach.UNIT)
        department = make_department("食品药品部门", unit_id=unit.pk)
        item = make_item(by="lu", department=department)
        change_draft(item, by="lu", promised_days=5)
        with pytest.raises(NotFound):
            change_draft(item, by="ma", promised_days=6)
        with pytest.raises(NotFound):
            change_draft(item, by="sun", promised_days=6)
        with pytest.raises(NotAllowed):
            make_item(1, by="ma", department=department)
        own = make_department("药品部门", unit_id=other.pk)
        with pytest.raises(NotAllowed):
            begin_item(
                by=person("ma"),
                family="power",
                item_type="01",
                department=own,
                values=values_with(1, department=department.name),
            )
        make_published(item)
        with pytest.raises(NotAllowed):
            change_draft(item, by="ma", promised_days=6)


def _drafter() -> Any:
    from province.people.models import OwnRole

    role, _ = OwnRole.objects.get_or_create(
        hall_id=None,
        name="业务处室",
        defaults={"permissions": ["catalogue.read", "catalogue.write", "catalogue.submit"]},
    )
    return role


class TestSubmission:
    def test_freezes_the_draft(self) -> None:
        item = make_item()
        version = submit(item)
        change_draft(item, promised_days=5)
        version.refresh_from_db()
        assert version.values == values_with()
        assert version.state == VersionState.SUBMITTED
        assert version.author_ids == [person("zhao").id]
        assert Event.objects.get(kind="catalogue.version_submitted").subject_id == version.pk
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.filter(pk=version.pk).update(values={})

    def test_names_all_that_is_missing(self) -> None:
        with pytest.raises(Invalid) as refused:
            submit(make_item(conditions=None, promised_days=None))
        assert {fault.where for fault in refused.value.faults} == {"conditions", "promised_days"}
        row = values_with()["materials"][0] | {"blank_form": "01890000-0000-7000-8000-000000000000"}
        item = make_item(1, materials=[row])
        with pytest.raises(Invalid, match="文件"):
            submit(item)

    def test_waits_for_the_one_before(self) -> None:
        item = make_item()
        submit(item)
        change_draft(item, promised_days=5)
        with pytest.raises(Conflict, match="第 1 次报送正在审核"):
            submit(item)

    def test_of_the_same_again_is_refused(self) -> None:
        version = make_approved()
        with pytest.raises(Conflict, match="无需再次报送"):
            submit(version.item)

    def test_keeps_a_material_of_many_items_as_one_record(self) -> None:
        one, other = submit(make_item(1)), submit(make_item(2))
        assert one.material_ids == other.material_ids == [Material.objects.get().pk]
        material = Material.objects.get()
        assert material.name == "食品经营许可申请书"
        assert material.values["source"] == "1"
        assert "need" not in material.values


class TestReview:
    def test_approves_when_every_office_has_passed_its_part(self) -> None:
        version = submit(make_item())
        for code, state in (("legal", "in-review"), ("establishment", "in-review"), ("disclosure", "approved")):
            version = pass_review(by=reviewer(), version=version, office=office(code))
            assert version.state == state
        told = Event.objects.filter(kind="catalogue.version_decided").order_by("pk")
        assert [one.payload["state"] for one in told] == ["in-review", "in-review", "approved"]

    def test_is_returned_by_one_office_with_its_reason(self) -> None:
        version = submit(make_item())
        pass_review(by=reviewer(), version=version, office=office("legal"))
        with pytest.raises(Invalid, match="原因"):
            return_version(by=person("qian"), version=version, office=office("disclosure"), reason=" ")
        returned = return_version(by=person("qian"), version=version, office=office("disclosure"), reason=REASON)
        assert returned.state == VersionState.RETURNED
        review = ItemReview.objects.get(is_passed=False)
        assert (review.office.name, review.reason, review.reviewer_name) == ("政务公开", REASON, "钱宁")
        entry = AuditEntry.objects.filter(act="catalogue.return_version").get()
        assert (entry.reason, entry.changes["office"]) == (REASON, [None, "政务公开"])
        with pytest.raises(Conflict, match="钱宁已代表政务公开退回"):
            pass_review(by=reviewer(), version=version, office=office("disclosure"))

    def test_is_given_by_nobody_whose_hand_is_in_the_text(self) -> None:
        item = make_item()
        change_draft(item, by="qian", promised_days=5)
        version = submit(item)
        for who in ("zhao", "qian"):
            with pytest.raises(NotAllowed, match="参与了这一版的编写"):
                pass_review(by=person(who), version=version, office=office("legal"))

    def test_is_not_escaped_by_submitting_once_more(self) -> None:
        item = make_item()
        return_version(by=person("qian"), version=submit(item), office=office("legal"), reason=REASON)
        change_draft(item, promised_days=5)
        again = submit(item, by="qian")
        assert set(again.author_ids) == {person("zhao").id, person("qian").id}

    def test_begins_anew_with_who_changes_what_was_approved(self) -> None:
        item = make_published().item
        change_draft(item, by="qian", promised_days=5)
        version = submit(item, by="qian")
        assert version.author_ids == [person("qian").id]
        assert approve(version).state == VersionState.APPROVED

    def test_is_given_for_the_office_where_one_works(self) -> None:
        unit = make_unit("法制处")
        arrange_office(by=person("zhao"), code="legal", name="法制", sections=["grounds"], unit_id=unit.pk)
        role = _reviewer()
        give_position(by=person("zhao"), account=account("lu"), role=role, unit=unit, reach=Reach.UNIT)
        version = submit(make_item())
        assert [one.pk for one in review_queue(person("lu"))] == [version.pk]
        with pytest.raises(NotAllowed):
            pass_review(by=person("lu"), version=version, office=office("disclosure"))
        pass_review(by=person("lu"), version=version, office=office("legal"))
        assert not review_queue(person("lu"))
        with pytest.raises(Conflict, match="陆初已代表法制通过"):
            pass_review(by=person("qian"), version=version, office=office("legal"))

    def test_goes_step_by_step_where_offices_have_an_order(self) -> None:
        arrange_office(by=person("zhao"), code="disclosure", name="政务公开", step=2, sections=["disclosure"])
        version = submit(make_item())
        assert [one.code for one in open_offices(version)] == ["establishment", "legal"]
        with pytest.raises(Conflict, match="请等编办、法制先审核"):
            pass_review(by=person("qian"), version=version, office=office("disclosure"))
        assert approve(version).state == VersionState.APPROVED

    def test_is_by_the_offices_of_the_day_of_submission(self) -> None:
        version = submit(make_item())
        retire_office(by=person("zhao"), office=office("legal"))
        arrange_office(by=person("zhao"), code="finance", name="财政", sections=["fees"])
        with pytest.raises(Conflict, match="不参与"):
            pass_review(by=person("qian"), version=version, office=office("finance"))
        assert approve(version).reviews.count() == 3
        assert [one.code for one in offices()] == ["disclosure", "establishment", "finance"]

    def test_covers_every_element_of_the_provinces_part(self) -> None:
        from standards.items import ELEMENTS, Filler

        parts = [{element.name for element in part_of(one)} for one in offices()]
        assert set().union(*parts) == {
            element.name for element in ELEMENTS if element.by in {Filler.PROVINCE, Filler.BOTH}
        }
        assert sum(map(len, parts)) == len(set().union(*parts))


def _reviewer() -> Any:
    from province.people.models import OwnRole

    return OwnRole.objects.create(name="审核处室", permissions=["catalogue.read", "catalogue.review"])


class TestPublication:
    def test_shows_the_version_at_once_and_ends_the_one_before(self) -> None:
        first = make_published()
        item = first.item
        assert shown(item) == 1
        second = make_published(item, promised_days=5)
        first.refresh_from_db()
        assert first.valid_to == second.valid_from
        assert shown(item) == 2
        assert version_at(item, first.valid_from + timedelta(microseconds=1)) == first  # type: ignore[operator]
        assert version_at(item, first.valid_from - timedelta(seconds=1)) is None  # type: ignore[operator]

    def test_waits_for_its_day_and_is_announced_when_it_comes(self, north: Hall) -> None:
        item = make_published().item
        drain_events()
        later = make_published(item, valid_from=timezone.now() + timedelta(days=30), promised_days=5)
        assert shown(item) == 1
        assert version_at(item, timezone.now() + timedelta(days=31)) == later
        begin_version(version_id=later.pk)
        assert not ItemChange.objects.filter(kind="began").exists()
        the_clock_strikes(later)
        before = page_generations(north)
        for _ in range(2):
            begin_version(version_id=later.pk)
        assert ItemChange.objects.filter(kind="began").count() == 1
        assert page_generations(north) != before
        assert shown(item) == 2
        assert AuditEntry.objects.filter(act="catalogue.begin_version").get().actor_name == "系统"

    def test_is_carried_out_by_the_clock_itself(self) -> None:
        later = make_published(valid_from=timezone.now() + timedelta(hours=1))
        drain_events()
        assert not ItemChange.objects.filter(kind="began").exists()
        the_clock_strikes(later)
        DueTime.objects.update(due_at=timezone.now())
        drain_events()
        assert ItemChange.objects.get(kind="began").version_id == later.pk

    def test_in_the_past_is_refused_in_plain_words(self) -> None:
        with pytest.raises(Invalid, match="生效时间不能早于现在") as refused:
            make_published(valid_from=timezone.now() - timedelta(days=1))
        assert refused.value.faults[0].where == "valid_from"

    def test_needs_the_approval_of_all(self) -> None:
        version = submit(make_item())
        with pytest.raises(Conflict, match="不能变为“已公布”"):
            publish_version(by=person("zhao"), version=version)

    def test_needs_the_permission(self) -> None:
        version = make_approved()
        for who in ("sun", "lu", "wu"):
            with pytest.raises(NotAllowed):
                publish_version(by=person(who), version=version)

    def test_follows_the_order_of_versions_and_of_days(self) -> None:
        item = make_item()
        older = make_approved(item)
        make_published(item, valid_from=timezone.now() + timedelta(days=30), promised_days=5)
        with pytest.raises(Conflict, match="不能再公布较早的第 1 次报送"):
            publish_version(by=person("zhao"), version=older)
        newer = make_approved(item, promised_days=6)
        with pytest.raises(Conflict, match="请先撤回它的公布"):
            publish_version(by=person("zhao"), version=newer)
        with pytest.raises(Conflict, match="已经公布"):
            publish_version(by=person("zhao"), version=item.versions.get(number=2))

    def test_is_undone_until_its_day(self) -> None:
        item = make_published().item
        later = make_published(item, valid_from=timezone.now() + timedelta(days=30), promised_days=5)
        withdrawn = withdraw_version(by=person("zhao"), version=later)
        assert (withdrawn.state, withdrawn.valid_from) == (VersionState.APPROVED, None)
        assert version_at(item, timezone.now() + timedelta(days=31)) == item.versions.get(number=1)
        publish_version(by=person("zhao"), version=later)
        assert shown(item) == 2
        with pytest.raises(Conflict, match="已经生效"):
            withdraw_version(by=person("zhao"), version=later)

    def test_is_undone_from_the_last_one_on(self) -> None:
        item = make_item()
        days = [timezone.now() + timedelta(days=day) for day in (10, 20)]
        first, second = (make_published(item, valid_from=day, promised_days=place) for place, day in enumerate(days, 6))
        with pytest.raises(Conflict, match="后面还有一版"):
            withdraw_version(by=person("zhao"), version=first)
        withdraw_version(by=person("zhao"), version=second)
        withdraw_version(by=person("zhao"), version=first)

    def test_keeps_two_versions_apart_in_the_database_itself(self) -> None:
        item = make_published().item
        other = make_approved(item, promised_days=5)
        with pytest.raises(IntegrityError, match="at_a_time"), transaction.atomic():
            ItemVersion.objects.filter(pk=other.pk).update(
                state="published", public_number=2, valid_from=timezone.now(), required_from=timezone.now()
            )

    def test_tells_the_feed_and_makes_every_page_stale(self, north: Hall, south: Hall) -> None:
        before = [page_generations(hall) for hall in (north, south)]
        version = make_published()
        assert all(old != page_generations(hall) for old, hall in zip(before, (north, south), strict=True))
        change = ItemChange.objects.get()
        assert (change.position, change.kind, change.version_id) == (1, "published", version.pk)
        assert Event.objects.get(kind="catalogue.changed").payload == {"first": 1, "last": 1}

    def test_costs_the_same_for_ten_halls_and_for_ten_thousand(self) -> None:
        counts, written = [], []
        for number, halls in enumerate((10, 10_000), start=43):
            register_halls((f"{number}{n // 100:04}{n % 100:03}", HallKind.TOWNSHIP) for n in range(halls))
            approved = make_approved(make_published(make_item(number)).item, promised_days=5)
            with CaptureQueriesContext(connection) as queries:
                publish_version(by=person("zhao"), version=approved)
            counts.append(len(queries))
            written.append([one["sql"].split("(")[0][:40] for one in queries if "INSERT" in one["sql"]])
        assert counts[0] == counts[1]
        assert counts[0] < 30
        assert written[0] == written[1]
        assert sum("content_scopegeneration" in one for one in written[0]) == 1


class TestRole:
    def test_of_the_operator_alone_has_the_whole_life(self) -> None:
        for name in ("write", "submit", "review", "publish", "abolish"):
            assert permission_named(f"catalogue.{name}").roles == {Role.PROVINCE_OPERATOR}

    def test_may_belong_to_a_unit(self) -> None:
        unit = make_unit("食品处")
        department = arrange_department(by=person("zhao"), name="食品部门", unit_id=unit.pk)
        assert department.unit_id == unit.pk
