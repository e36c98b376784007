"""A clerk acts for a citizen: by a signed paper, by a code, standing; and no longer than that."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.files.store import read_file
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.citizens.models import Citizen, Mandate, PhoneCode
from province.citizens.operations.citizens import end_citizen
from province.citizens.operations.mandates import (
    Paper,
    confirm_mandate,
    grant_mandate,
    revoke_mandate,
    send_mandate_code,
)
from province.citizens.queries.citizens import actor_of_citizen, entries_by_others
from province.citizens.queries.mandates import acting_for, mandate_with_id, mandates_of, mandates_of_clerk
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.citizens import make_proved, phone_of
from tests.factories.files import picture
from tests.province.citizens.test_citizens import last_code, wrong
from tests.races import at_once

Kind = Mandate.Kind


def waiting(hall: Hall, citizen: Citizen, kind: Kind = Kind.CODE, *acts: str) -> Mandate:
    PhoneCode.objects.all().update(created_at=timezone.now() - timedelta(minutes=2))
    return grant_mandate(by=person("hua"), hall_id=hall.pk, citizen=citizen, kind=kind, acts=acts)


def valid(hall: Hall, citizen: Citizen, kind: Kind = Kind.CODE, *acts: str) -> Mandate:
    return confirm_mandate(by=person("hua"), mandate=waiting(hall, citizen, kind, *acts), code=last_code(phone_of()))


@pytest.mark.django_db
class TestMandateByCode:
    def test_is_in_force_once_the_citizen_has_told_the_code(self, north: Hall) -> None:
        citizen = make_proved()
        mandate = waiting(north, citizen)
        assert mandate.state == Mandate.State.WAITING
        with pytest.raises(NotAllowed):
            acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        code = last_code(phone_of())
        with pytest.raises(Invalid):
            confirm_mandate(by=person("hua"), mandate=mandate, code=wrong(code))
        confirm_mandate(by=person("hua"), mandate=mandate, code=code)
        by = acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        assert (by.name, by.acting_for, by.acting_for_id) == ("华窗", "张*三", citizen.pk)

    def test_can_be_confirmed_by_the_citizen_who_is_signed_in(self, north: Hall) -> None:
        citizen = make_proved()
        confirmed = confirm_mandate(by=actor_of_citizen(citizen), mandate=waiting(north, citizen))
        assert confirmed.state == Mandate.State.VALID

    def test_lasts_a_day_and_a_standing_one_a_year(self, north: Hall) -> None:
        citizen = make_proved()
        for kind, days in ((Kind.CODE, 1), (Kind.STANDING, 365)):
            left = valid(north, citizen, kind).ends_at - timezone.now()
            assert timedelta(days=days) - left < timedelta(minutes=1)
        Mandate.objects.update(ends_at=timezone.now())
        with pytest.raises(NotAllowed):
            acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)

    def test_needs_a_phone(self, north: Hall) -> None:
        with pytest.raises(Conflict, match="书面委托"):
            waiting(north, make_proved(phone=""))

    def test_sends_another_code_while_it_waits(self, north: Hall) -> None:
        mandate = waiting(north, make_proved())
        PhoneCode.objects.all().update(created_at=timezone.now() - timedelta(minutes=2))
        send_mandate_code(by=person("hua"), mandate=mandate)
        confirmed = confirm_mandate(by=person("hua"), mandate=mandate, code=last_code(phone_of()))
        with pytest.raises(Conflict):
            send_mandate_code(by=person("hua"), mandate=confirmed)


@pytest.mark.django_db
class TestMandateOnPaper:
    def test_is_in_force_at_once_and_its_paper_is_kept(self, north: Hall, object_store: None) -> None:
        citizen = make_proved(phone="")
        paper = Paper(north.folder, "委托书.jpg", picture())
        mandate = grant_mandate(by=person("hua"), hall_id=north.pk, citizen=citizen, kind=Kind.DESK, paper=paper)
        assert mandate.state == Mandate.State.VALID
        assert mandate.file_key.startswith(f"{north.folder}/mandates/")
        assert read_file(mandate.file_key)
        acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)

    def test_needs_the_paper(self, north: Hall) -> None:
        with pytest.raises(Invalid) as refusal:
            waiting(north, make_proved(), Kind.DESK)
        assert refusal.value.faults[0].where == "paper"


@pytest.mark.django_db
class TestActingFor:
    def test_is_for_this_clerk_in_this_hall_for_these_acts(self, north: Hall, south: Hall) -> None:
        citizen, other = make_proved(1), make_proved(2)
        valid(north, citizen, Kind.CODE, "items.pension")
        hua = person("hua")
        acting_for(by=hua, citizen=citizen, hall_id=north.pk, act="items.pension")
        for asked in (
            {"by": hua, "citizen": citizen, "hall_id": north.pk, "act": "items.land"},
            {"by": hua, "citizen": citizen, "hall_id": north.pk, "act": "*"},
            {"by": hua, "citizen": other, "hall_id": north.pk, "act": "items.pension"},
            {"by": hua, "citizen": citizen, "hall_id": south.pk, "act": "items.pension"},
            {"by": person("sun"), "citizen": citizen, "hall_id": north.pk, "act": "items.pension"},
            {"by": person("jiang"), "citizen": citizen, "hall_id": north.pk, "act": "items.pension"},
        ):
            with pytest.raises(NotAllowed):
                acting_for(**asked)  # type: ignore[arg-type]

    def test_names_both_in_the_audit_and_the_citizen_sees_it(self, north: Hall) -> None:
        citizen = make_proved()
        valid(north, citizen)
        by = acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        record_act(by=by, act="cases.submit", object_type="case", object_id=citizen.pk, hall_id=north.pk)
        entry = AuditEntry.objects.get(act="cases.submit")
        assert (entry.actor_name, entry.acting_for_name, entry.acting_for_id) == ("华窗", "张*三", citizen.pk)
        assert entry in entries_by_others(citizen, 10)

    def test_ends_with_the_citizens_account(self, north: Hall) -> None:
        citizen = make_proved()
        valid(north, citizen)
        end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        with pytest.raises(NotAllowed):
            acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)

    def test_is_no_ladder(self, north: Hall) -> None:
        """Who acts for somebody acts for nobody else on top."""
        citizen = make_proved()
        valid(north, citizen)
        by = acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        with pytest.raises(NotAllowed):
            acting_for(by=by, citizen=citizen, hall_id=north.pk)
        with pytest.raises(NotAllowed):
            grant_mandate(by=by, hall_id=north.pk, citizen=citizen, kind=Kind.CODE)


@pytest.mark.django_db
class TestRevokeMandate:
    @pytest.mark.parametrize("who", ["citizen", "hua"])
    def test_ends_it_at_once_and_twice_is_as_once(self, north: Hall, who: str) -> None:
        citizen = make_proved()
        mandate = valid(north, citizen)
        by = actor_of_citizen(citizen) if who == "citizen" else person(who)
        for _ in range(2):
            revoke_mandate(by=by, mandate=mandate)
        with pytest.raises(NotAllowed):
            acting_for(by=person("hua"), citizen=citizen, hall_id=north.pk)
        with pytest.raises(Conflict):
            confirm_mandate(by=actor_of_citizen(citizen), mandate=mandate)
        assert AuditEntry.objects.filter(act="citizens.revoke_mandate").count() == 1

    def test_is_for_nobody_else(self, north: Hall) -> None:
        mandate = valid(north, make_proved(1))
        for by in (person("sun"), person("jiang"), person("zhou"), actor_of_citizen(make_proved(2))):
            with pytest.raises(NotAllowed):
                revoke_mandate(by=by, mandate=mandate)


@pytest.mark.django_db
class TestMandates:
    def test_are_seen_by_the_citizen_and_by_the_clerk_there(self, north: Hall, south: Hall) -> None:
        citizen, other = make_proved(1), make_proved(2)
        mandate, hua = valid(north, citizen), person("hua").id
        assert hua
        assert [one.pk for one in mandates_of(citizen)] == [mandate.pk]
        assert [one.pk for one in mandates_of_clerk(hua, north.pk)] == [mandate.pk]
        assert not mandates_of_clerk(hua, south.pk).exists()
        assert not mandates_of(other).exists()
        for asked in ({"citizen": other}, {"hall_id": south.pk}):
            with pytest.raises(NotFound):
                mandate_with_id(mandate.pk, **asked)  # type: ignore[arg-type]

    def test_make_way_for_a_new_one(self, north: Hall) -> None:
        citizen = make_proved()
        first = valid(north, citizen)
        second = waiting(north, citizen, Kind.STANDING)
        first.refresh_from_db()
        assert (first.state, second.state) == (Mandate.State.REVOKED, Mandate.State.WAITING)

    def test_are_given_by_who_may_act_there(self, north: Hall, south: Hall) -> None:
        citizen = make_proved()
        for who, hall in (("sun", north), ("hua", south), ("wu", north)):
            with pytest.raises(NotAllowed):
                grant_mandate(by=person(who), hall_id=hall.pk, citizen=citizen, kind=Kind.CODE)


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_confirm_and_revoke_and_it_is_over(self, north: Hall) -> None:
        citizen = make_proved()
        mandate = waiting(north, citizen)
        at_once(
            partial(confirm_mandate, by=actor_of_citizen(citizen), mandate=mandate),
            partial(revoke_mandate, by=person("hua"), mandate=mandate),
        )
        mandate.refresh_from_db()
        assert mandate.state == Mandate.State.REVOKED

    def test_grant_one(self, north: Hall) -> None:
        citizen = make_proved()
        by = person("hua")
        at_once(*[partial(grant_mandate, by=by, hall_id=north.pk, citizen=citizen, kind=Kind.CODE)] * 3)
        assert mandates_of(citizen).count() == 1
