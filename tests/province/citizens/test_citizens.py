"""Accounts of citizens: codes, passwords, proof of identity, the desk, guardians, and the end."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Damaged, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from province.audit.models import AuditEntry
from province.citizens.models import Citizen, Guardianship, LocalMessage, Mandate, PhoneCode
from province.citizens.models.citizens import OF_AGE
from province.citizens.operations.citizen_sign_in import sign_in_citizen, sign_in_with_password
from province.citizens.operations.citizens import (
    bind_phone,
    check_at_desk,
    end_citizen,
    end_guardianship,
    export_citizen,
    link_guardian,
    prove_identity,
    register_at_desk,
    reveal_citizen,
    set_citizen_password,
)
from province.citizens.operations.phone_codes import CODES_A_DAY, CODES_OF_ADDRESS, send_code, use_code
from province.citizens.queries.citizens import (
    actor_of_citizen,
    citizen_with_number,
    citizen_with_phone,
    data_of,
    entries_by_others,
    wards_of,
)
from province.halls.models import Hall
from province.rights.permissions import PERMISSIONS
from province.rights.queries import may
from tests.conftest import person
from tests.factories.citizens import make_citizen, make_proved, number_of, phone_of
from tests.races import at_once

SIGN_IN = PhoneCode.Purpose.SIGN_IN


def last_code(phone: str) -> str:
    """What the phone got last."""
    found = next(one for one in LocalMessage.objects.order_by("-created_at", "-pk") if one.phone.plain == phone)
    code = re.search(r"\b\d{6}\b", found.text.plain)
    assert code
    return code[0]


def new_code(phone: str, purpose: PhoneCode.Purpose = SIGN_IN, **more: object) -> str:
    PhoneCode.objects.all().update(created_at=timezone.now() - timedelta(minutes=2))
    send_code(phone=phone, purpose=purpose, **more)  # type: ignore[arg-type]
    return last_code(phone)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def years_ago(years: int, *, days: int = 0) -> date:
    today = timezone.localdate() + timedelta(days=days)
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - years, day=day)


@pytest.mark.django_db
class TestSendCode:
    def test_sends_six_digits_that_hold_for_five_minutes(self) -> None:
        code = new_code(phone_of())
        assert re.fullmatch(r"\d{6}", code)
        kept = PhoneCode.objects.get()
        assert kept.expires_at - timezone.now() < timedelta(minutes=5)
        assert code not in f"{kept.digest}{kept.phone_hash}"

    def test_says_the_same_for_known_and_unknown_phones(self) -> None:
        make_citizen(1)
        for serial in (1, 2):
            send_code(phone=phone_of(serial), purpose=SIGN_IN)
        texts = {re.sub(r"\d{6}", "", one.text.plain) for one in LocalMessage.objects.all()}
        assert len(texts) == 1
        assert Citizen.objects.count() == 1

    @pytest.mark.parametrize("phone", ["", "12345678901", "1380000000", "138000000011", "0717-3222222", "壹叁捌"])
    def test_refuses_what_is_no_mobile(self, phone: str) -> None:
        with pytest.raises(Invalid, match="11 位手机号"):
            send_code(phone=phone, purpose=SIGN_IN)

    def test_is_slow_for_one_phone(self) -> None:
        send_code(phone=phone_of(), purpose=SIGN_IN)
        with pytest.raises(TooMany, match="60 秒"):
            send_code(phone=phone_of(), purpose=SIGN_IN)
        send_code(phone=phone_of(2), purpose=SIGN_IN)

    def test_is_limited_for_one_phone_and_day(self) -> None:
        for _ in range(CODES_A_DAY):
            new_code(phone_of())
        with pytest.raises(TooMany, match="明天"):
            new_code(phone_of())

    def test_is_limited_for_one_address_and_hour(self) -> None:
        for serial in range(CODES_OF_ADDRESS):
            send_code(phone=phone_of(serial), purpose=SIGN_IN, address="10.0.0.1")
        with pytest.raises(TooMany, match="网络"):
            send_code(phone=phone_of(900), purpose=SIGN_IN, address="10.0.0.1")
        send_code(phone=phone_of(901), purpose=SIGN_IN, address="10.0.0.2")

    def test_tells_where_no_message_goes_out(self, settings: pytest.FixtureRequest) -> None:
        settings.MESSAGE_GATEWAY = ""  # type: ignore[attr-defined]
        with pytest.raises(Unavailable, match="窗口"):
            send_code(phone=phone_of(), purpose=SIGN_IN)
        assert not PhoneCode.objects.exists()


@pytest.mark.django_db
class TestUseCode:
    def test_takes_a_right_one_once(self) -> None:
        code = new_code(phone_of())
        use_code(phone=phone_of(), purpose=SIGN_IN, code=f" {code} ")
        with pytest.raises(Invalid):
            use_code(phone=phone_of(), purpose=SIGN_IN, code=code)

    def test_refuses_even_the_right_one_after_five_wrong_ones(self) -> None:
        code = new_code(phone_of())
        for _ in range(5):
            with pytest.raises(Invalid):
                use_code(phone=phone_of(), purpose=SIGN_IN, code=wrong(code))
        with pytest.raises(Invalid):
            use_code(phone=phone_of(), purpose=SIGN_IN, code=code)

    def test_refuses_one_that_ran_out_and_one_that_a_newer_one_replaced(self) -> None:
        code = new_code(phone_of())
        PhoneCode.objects.update(expires_at=timezone.now())
        with pytest.raises(Invalid):
            use_code(phone=phone_of(), purpose=SIGN_IN, code=code)
        newer = new_code(phone_of())
        if newer != code:
            with pytest.raises(Invalid):
                use_code(phone=phone_of(), purpose=SIGN_IN, code=code)
        use_code(phone=phone_of(), purpose=SIGN_IN, code=newer)

    def test_refuses_one_of_another_phone_purpose_or_thing(self) -> None:
        citizen = make_citizen(9)
        code = new_code(phone_of(), PhoneCode.Purpose.PHONE, subject_id=citizen.pk)
        for asked in (
            {"phone": phone_of(2), "purpose": PhoneCode.Purpose.PHONE, "subject_id": citizen.pk},
            {"phone": phone_of(), "purpose": SIGN_IN},
            {"phone": phone_of(), "purpose": PhoneCode.Purpose.PHONE},
        ):
            with pytest.raises(Invalid):
                use_code(code=code, **asked)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestSignInCitizen:
    def test_makes_an_account_the_first_time_and_finds_it_again(self) -> None:
        first = sign_in_citizen(phone=phone_of(), code=new_code(phone_of()))
        again = sign_in_citizen(phone="138 0000 0001", code=new_code(phone_of()))
        assert first == again
        assert (first.level, first.phone.plain) == (Citizen.Level.PHONE, phone_of())
        entry = AuditEntry.objects.filter(act="citizens.citizen_sign_in").first()
        assert entry
        assert (entry.actor_name, entry.person_id) == ("138****0001", first.pk)

    def test_refuses_a_wrong_code_and_makes_nothing(self) -> None:
        code = new_code(phone_of())
        with pytest.raises(Invalid):
            sign_in_citizen(phone=phone_of(), code=wrong(code))
        assert not Citizen.objects.exists()

    def test_makes_nobody_an_actor_with_power(self) -> None:
        by = actor_of_citizen(sign_in_citizen(phone=phone_of(), code=new_code(phone_of())))
        assert by.grants == ()
        assert not any(may(by, name) for name in PERMISSIONS)

    def test_begins_anew_after_the_accounts_end(self) -> None:
        first = sign_in_citizen(phone=phone_of(), code=new_code(phone_of()))
        end_citizen(by=actor_of_citizen(first), citizen=first)
        assert sign_in_citizen(phone=phone_of(), code=new_code(phone_of())) != first


@pytest.mark.usefixtures("fresh_database")
class TestTwoAtOnce:
    def test_use_one_code_once(self) -> None:
        code = new_code(phone_of())
        outcomes = at_once(*[partial(sign_in_citizen, phone=phone_of(), code=code)] * 4)
        assert [isinstance(one, Citizen) for one in outcomes].count(True) == 1
        assert Citizen.objects.count() == 1

    def test_ask_for_one_code(self) -> None:
        outcomes = at_once(*[partial(send_code, phone=phone_of(), purpose=SIGN_IN)] * 4)
        assert [isinstance(one, TooMany) for one in outcomes].count(True) == 3
        assert PhoneCode.objects.count() == 1

    def test_guess_five_times_together(self) -> None:
        code = new_code(phone_of())
        guess = partial(sign_in_citizen, phone=phone_of(), code=wrong(code))
        at_once(*[guess] * 8)
        assert PhoneCode.objects.get().tries == 5

    def test_prove_the_same_number_and_one_gets_it(self) -> None:
        one, other = make_citizen(1), make_citizen(2)
        acts = [
            partial(prove_identity, by=actor_of_citizen(who), citizen=who, name="张小三", number=number_of())
            for who in (one, other)
        ]
        outcomes = at_once(*acts)
        assert sorted(type(found).__name__ for found in outcomes) == ["Citizen", "Conflict"]
        assert Citizen.objects.filter(number_index__of=number_of()).count() == 1


@pytest.mark.django_db
class TestPassword:
    def test_opens_the_account_of_who_has_set_one(self) -> None:
        citizen = make_citizen()
        set_citizen_password(by=actor_of_citizen(citizen), citizen=citizen, new="a-long-sentence-of-mine")
        found = sign_in_with_password(phone=phone_of(), password="a-long-sentence-of-mine", address="10.0.0.1")
        assert found == citizen

    def test_is_refused_in_the_same_words_whatever_is_wrong(self) -> None:
        citizen = make_citizen(1)
        make_citizen(2)
        set_citizen_password(by=actor_of_citizen(citizen), citizen=citizen, new="a-long-sentence-of-mine")
        words = set()
        for serial, password in ((1, "wrong"), (2, ""), (2, "nobody"), (3, "nobody")):
            with pytest.raises(Invalid) as refusal:
                sign_in_with_password(phone=phone_of(serial), password=password, address="10.0.0.1")
            words.add(refusal.value.message)
        assert len(words) == 1

    def test_is_locked_after_five_wrong_ones(self) -> None:
        for _ in range(5):
            with pytest.raises(Invalid):
                sign_in_with_password(phone=phone_of(), password="wrong", address="10.0.0.1")
        with pytest.raises(NotAllowed, match="5 次"):
            sign_in_with_password(phone=phone_of(), password="wrong", address="10.0.0.1")

    def test_must_not_be_weak_or_anothers(self) -> None:
        citizen, other = make_citizen(1), make_citizen(2)
        with pytest.raises(Invalid):
            set_citizen_password(by=actor_of_citizen(citizen), citizen=citizen, new="123456")
        with pytest.raises(NotAllowed):
            set_citizen_password(by=actor_of_citizen(other), citizen=citizen, new="a-long-sentence-of-mine")

    def test_ends_all_sessions(self) -> None:
        citizen = make_citizen()
        changed = set_citizen_password(by=actor_of_citizen(citizen), citizen=citizen, new="a-long-sentence-of-mine")
        assert changed.session_round == 1


@pytest.mark.django_db
class TestProveIdentity:
    def prove(self, citizen: Citizen, name: str = "张小三", number: str = "") -> Citizen:
        by = actor_of_citizen(citizen)
        return prove_identity(by=by, citizen=citizen, name=name, number=number or number_of())

    def test_raises_the_level(self) -> None:
        citizen = self.prove(make_citizen(name=""))
        assert (citizen.level, citizen.name.plain, citizen.number.plain) == (2, "张小三", number_of())
        assert citizen_with_number(number_of()) == citizen

    def test_refuses_what_the_register_does_not_know(self) -> None:
        citizen = make_citizen(name="")
        with pytest.raises(Invalid, match="核对不上"):
            self.prove(citizen, name="不符")
        citizen.refresh_from_db()
        assert (citizen.level, bool(citizen.number)) == (1, False)

    @pytest.mark.parametrize(("name", "number", "where"), [("张", "", "name"), ("张小三", "420582", "number")])
    def test_names_the_field_that_is_wrong(self, name: str, number: str, where: str) -> None:
        with pytest.raises(Invalid) as refusal:
            self.prove(make_citizen(), name, number)
        assert [fault.where for fault in refusal.value.faults] == [where]

    def test_allows_five_tries_a_day(self) -> None:
        citizen = make_citizen()
        for _ in range(5):
            with pytest.raises(Invalid):
                self.prove(citizen, name="不符")
        with pytest.raises(TooMany):
            self.prove(citizen)

    def test_leaves_a_number_with_who_has_it(self) -> None:
        make_proved(1)
        with pytest.raises(Conflict, match="另一个账号"):
            self.prove(make_citizen(2))

    def test_makes_nobody_another_person(self) -> None:
        citizen = make_proved(1)
        with pytest.raises(Conflict, match="不能改成另一个人"):
            self.prove(citizen, number=number_of(2))

    def test_takes_up_the_account_that_a_desk_has_made(self, north: Hall) -> None:
        desk = register_at_desk(by=person("hua"), hall_id=north.pk, name="张小三", number=number_of())
        fresh = make_citizen(7)
        found = self.prove(fresh)
        assert found == desk
        assert (found.phone.plain, found.level) == (phone_of(7), Citizen.Level.DESK)
        fresh.refresh_from_db()
        assert fresh.ended_at
        assert citizen_with_phone(phone_of(7)) == desk

    def test_needs_a_register(self, settings: pytest.FixtureRequest) -> None:
        settings.IDENTITY_VERIFIER = ""  # type: ignore[attr-defined]
        with pytest.raises(Unavailable, match="窗口"):
            self.prove(make_citizen())


@pytest.mark.django_db
class TestDesk:
    def test_registers_somebody_without_a_phone(self, north: Hall) -> None:
        citizen = register_at_desk(by=person("hua"), hall_id=north.pk, name="李奶奶", number=number_of())
        assert (citizen.level, citizen.checked_by_name, citizen.checked_hall_id) == (3, "华窗", north.pk)
        assert not citizen.phone
        with pytest.raises(Conflict, match="已有账号"):
            register_at_desk(by=person("hua"), hall_id=north.pk, name="李奶奶", number=number_of())

    def test_checks_and_corrects(self, north: Hall) -> None:
        citizen = make_proved(1, name="张小山")
        checked = check_at_desk(by=person("hua"), hall_id=north.pk, citizen=citizen, name="张小三", number=number_of())
        assert (checked.level, checked.name.plain) == (3, "张小三")
        entry = AuditEntry.objects.get(act="citizens.check_at_desk")
        assert entry.changes["name"] == ["张*山", "张*三"]
        assert number_of() not in str(entry.changes)

    def test_binds_a_phone_by_the_code_that_it_gets(self, north: Hall) -> None:
        citizen = register_at_desk(by=person("hua"), hall_id=north.pk, name="李奶奶", number=number_of())
        code = new_code(phone_of(5), PhoneCode.Purpose.PHONE, subject_id=citizen.pk)
        by = person("hua")
        with pytest.raises(Invalid):
            bind_phone(by=by, citizen=citizen, phone=phone_of(5), code=wrong(code), hall_id=north.pk)
        bound = bind_phone(by=by, citizen=citizen, phone=phone_of(5), code=code, hall_id=north.pk)
        assert citizen_with_phone(phone_of(5)) == bound

    def test_binds_no_phone_of_somebody_else(self) -> None:
        citizen, _ = make_citizen(1), make_citizen(2)
        code = new_code(phone_of(2), PhoneCode.Purpose.PHONE, subject_id=citizen.pk)
        with pytest.raises(Conflict):
            bind_phone(by=actor_of_citizen(citizen), citizen=citizen, phone=phone_of(2), code=code)

    def test_is_for_who_may_check_there(self, north: Hall, south: Hall) -> None:
        citizen = make_citizen()
        for who, hall in (("sun", north), ("wu", north), ("hua", south), ("zhou", south)):
            by = person(who)
            with pytest.raises(NotAllowed):
                register_at_desk(by=by, hall_id=hall.pk, name="张小三", number=number_of())
            with pytest.raises(NotAllowed):
                check_at_desk(by=by, hall_id=hall.pk, citizen=citizen, name="张小三", number=number_of())
            with pytest.raises(NotAllowed):
                bind_phone(by=by, hall_id=hall.pk, citizen=citizen, phone=phone_of(), code="000000")
            with pytest.raises(NotAllowed):
                reveal_citizen(by=by, hall_id=hall.pk, citizen=citizen, field="phone", reason="核对来电")


@pytest.mark.django_db
class TestGuardians:
    @pytest.fixture
    def family(self, north: Hall) -> tuple[Citizen, Citizen]:
        desk = {"by": person("hua"), "hall_id": north.pk}
        born_on = years_ago(OF_AGE, days=1)
        child = register_at_desk(**desk, name="张小小", number=number_of(1, born_on))  # type: ignore[arg-type]
        parent = register_at_desk(**desk, name="张小三", number=number_of(2))  # type: ignore[arg-type]
        return child, parent

    def link(self, hall: Hall, ward: Citizen, guardian: Citizen) -> Guardianship:
        return link_guardian(by=person("hua"), hall_id=hall.pk, ward=ward, guardian=guardian)

    def test_act_for_a_minor_until_the_eighteenth_birthday(self, north: Hall, family: tuple[Citizen, Citizen]) -> None:
        child, parent = family
        assert child.is_minor
        assert self.link(north, child, parent) == self.link(north, child, parent)
        assert wards_of(parent) == [child]
        child.number = number_of(3, years_ago(OF_AGE))
        child.save()
        assert wards_of(parent) == []

    def test_are_of_age_checked_and_somebody_else(self, north: Hall, family: tuple[Citizen, Citizen]) -> None:
        child, parent = family
        for ward, guardian in ((parent, child), (child, child), (child, make_citizen(8))):
            with pytest.raises(Invalid):
                self.link(north, ward, guardian)

    def test_end(self, north: Hall, family: tuple[Citizen, Citizen]) -> None:
        link = self.link(north, *family)
        for _ in range(2):
            end_guardianship(by=person("hua"), hall_id=north.pk, guardianship=link)
        assert wards_of(family[1]) == []
        assert AuditEntry.objects.filter(act="citizens.end_guardianship").count() == 1


@pytest.mark.django_db
class TestRevealCitizen:
    def reveal(self, hall: Hall, citizen: Citizen, field: str = "number", reason: str = "核对申请材料") -> str:
        return reveal_citizen(by=person("hua"), hall_id=hall.pk, citizen=citizen, field=field, reason=reason)

    def test_gives_one_value_and_leaves_an_entry_that_the_citizen_sees(self, north: Hall) -> None:
        citizen = make_proved()
        assert self.reveal(north, citizen) == number_of()
        entry = entries_by_others(citizen, 10)[0]
        assert (entry.act, entry.actor_name, entry.reason) == ("citizens.reveal_citizen", "华窗", "核对申请材料")
        assert number_of() not in str(entry.changes)

    @pytest.mark.parametrize("reason", ["", "   ", "看看"])
    def test_needs_a_reason(self, north: Hall, reason: str) -> None:
        with pytest.raises(Invalid, match="原因"):
            self.reveal(north, make_proved(), reason=reason)
        assert not AuditEntry.objects.filter(act="citizens.reveal_citizen").exists()

    def test_knows_three_fields(self, north: Hall) -> None:
        with pytest.raises(NotFound):
            self.reveal(north, make_proved(), field="password")

    def test_leaves_no_entry_for_what_cannot_be_read(self, north: Hall) -> None:
        one, other = make_proved(1), make_proved(2)
        Citizen.objects.filter(pk=other.pk).update(number=Citizen.objects.values_list("number").get(pk=one.pk)[0])
        with pytest.raises(Damaged):
            self.reveal(north, other)
        assert not AuditEntry.objects.filter(act="citizens.reveal_citizen").exists()


@pytest.mark.django_db
class TestEndCitizen:
    def test_erases_what_is_personal_and_keeps_what_was_done(self, north: Hall) -> None:
        citizen = make_proved()
        new_code(phone_of())
        end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        citizen.refresh_from_db()
        assert (bool(citizen.phone), bool(citizen.name), bool(citizen.number)) == (False, False, False)
        assert (citizen.phone_index, citizen.number_index, citizen.password, citizen.session_round) == (
            None,
            None,
            "",
            1,
        )
        assert not PhoneCode.objects.exists()
        assert AuditEntry.objects.filter(person_id=citizen.pk, act="citizens.end_citizen").count() == 1
        assert citizen_with_number(number_of()) is None

    def test_twice_is_as_once(self) -> None:
        citizen = make_proved()
        for _ in range(2):
            end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        assert AuditEntry.objects.filter(act="citizens.end_citizen").count() == 1

    def test_ends_mandates_and_guardianships(self, north: Hall) -> None:
        citizen = make_proved()
        clerk = person("hua")
        Mandate.objects.create(
            citizen=citizen,
            clerk_id=clerk.id,
            hall_id=north.pk,
            kind=Mandate.Kind.DESK,
            state=Mandate.State.VALID,
            acts=["*"],
            ends_at=timezone.now() + timedelta(days=1),
        )
        end_citizen(by=actor_of_citizen(citizen), citizen=citizen)
        assert Mandate.objects.get().state == Mandate.State.REVOKED

    def test_is_for_oneself_alone(self) -> None:
        citizen = make_citizen()
        for by in (person("zhao"), person("hua"), actor_of_citizen(make_citizen(2))):
            with pytest.raises(NotAllowed):
                end_citizen(by=by, citizen=citizen)


@pytest.mark.django_db
class TestDataOf:
    def test_holds_everything_in_plain_text_for_oneself(self, north: Hall) -> None:
        citizen = make_proved()
        reveal_citizen(by=person("hua"), hall_id=north.pk, citizen=citizen, field="phone", reason="核对来电")
        data = data_of(export_citizen(by=actor_of_citizen(citizen), citizen=citizen))
        assert data["账号"]["身份证号"] == number_of()
        assert data["账号"]["手机号"] == phone_of()
        assert {one["人员"] for one in data["查看和办理记录"]} == {"华窗", "张*三"}

    def test_is_nobody_elses(self) -> None:
        citizen = make_proved()
        with pytest.raises(NotAllowed):
            export_citizen(by=person("zhao"), citizen=citizen)
