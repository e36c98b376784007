"""Encrypted columns and blind indexes, on the table of citizens."""

import json

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from foundation.crypto.fields import Personal
from foundation.errors import Damaged, Unavailable
from foundation.rows import draw_id
from province.citizens.models import Citizen
from tests.factories.citizens import make_citizen, make_proved, number_of, phone_of

pytestmark = pytest.mark.django_db

TWO_KEYS = "1:dGVzdHMtb25seS1rZXktMQ==,2:dGVzdHMtb25seS1rZXktMg=="


def raw(citizen: Citizen, column: str = "phone") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM citizens_citizen WHERE id = %s", [citizen.pk])  # noqa: S608
        value: str = cursor.fetchone()[0]
    return value


def write_raw(citizen: Citizen, value: str, column: str = "phone") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE citizens_citizen SET {column} = %s WHERE id = %s", [value, citizen.pk])  # noqa: S608


class TestEncryptedTextField:
    def test_keeps_no_plain_text_in_the_row(self) -> None:
        citizen = make_proved()
        for column in ("phone", "name", "number"):
            value = raw(citizen, column)
            assert value.startswith("1:")
            assert getattr(citizen, column).plain not in value

    def test_gives_the_plain_text_to_who_asks_for_it(self) -> None:
        citizen = Citizen.objects.get(pk=make_proved().pk)
        assert (citizen.phone.plain, citizen.name.plain, citizen.number.plain) == (phone_of(), "张小三", number_of())

    def test_shows_the_mask_everywhere_else(self) -> None:
        citizen = Citizen.objects.get(pk=make_proved().pk)
        shown = [f"{citizen.phone} {citizen}", repr(citizen.phone), repr(citizen), str(vars(citizen))]
        shown.append(Template("{{ citizen.phone }} {{ citizen }}").render(Context({"citizen": citizen})))
        shown.append(str(Citizen.objects.values_list("phone", "name", "number")[0]))
        assert "138****0001 张*三" in shown[0]
        for text in shown:
            assert phone_of() not in text
            assert "张小三" not in text

    def test_goes_into_no_json_by_itself(self) -> None:
        with pytest.raises(TypeError):
            json.dumps(make_citizen().phone)

    def test_keeps_nothing_as_nothing(self) -> None:
        citizen = Citizen.objects.create(phone=None, name="")
        assert (raw(citizen), raw(citizen, "name")) == ("", "")
        found = Citizen.objects.get(pk=citizen.pk)
        assert not found.phone
        assert (found.phone.plain, str(found.phone)) == ("", "")

    def test_stands_in_no_statement(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            citizen = make_proved()
            citizen.name = "李大四"
            citizen.save()
            Citizen.objects.filter(number_index__of=number_of()).first()
        text = json.dumps(queries.captured_queries, ensure_ascii=False, default=str)
        for secret in (phone_of(), number_of(), "张小三", "李大四"):
            assert secret not in text

    def test_refuses_to_be_searched(self) -> None:
        for asked in ({"phone": phone_of()}, {"phone__contains": "138"}, {"name__in": ["张小三"]}):
            with pytest.raises(FieldError):
                Citizen.objects.filter(**asked)

    def test_refuses_an_update_past_the_row(self) -> None:
        citizen = make_citizen()
        with pytest.raises(TypeError):
            Citizen.objects.update(phone=phone_of(2))
        citizen.phone = phone_of(2)
        with pytest.raises(TypeError):
            Citizen.objects.bulk_update([citizen], ["phone"])

    def test_of_another_row_cannot_be_read(self) -> None:
        one, other = make_citizen(1), make_citizen(2)
        write_raw(other, raw(one))
        with pytest.raises(Damaged):
            _ = Citizen.objects.get(pk=other.pk).phone.plain

    def test_of_another_column_cannot_be_read(self) -> None:
        citizen = make_proved()
        write_raw(citizen, raw(citizen, "number"))
        with pytest.raises(Damaged):
            _ = Citizen.objects.get(pk=citizen.pk).phone.plain

    @pytest.mark.parametrize(
        "value", ["", "plain", "1:", "1:!!", "x:AAAA", "9:AAAA", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    )
    def test_that_is_bent_cannot_be_read(self, value: str) -> None:
        citizen = make_citizen()
        write_raw(citizen, value)
        found = Citizen.objects.get(pk=citizen.pk)
        if value:
            with pytest.raises(Damaged):
                _ = found.phone.plain
        else:
            assert not found.phone

    def test_stays_as_it_is_where_nobody_touched_it(self) -> None:
        citizen = make_proved()
        before = raw(citizen)
        found = Citizen.objects.get(pk=citizen.pk)
        found.level = Citizen.Level.DESK
        found.save()
        assert raw(citizen) == before

    def test_can_be_copied_to_another_row_by_name(self) -> None:
        one, other = make_citizen(1), make_citizen(2)
        other.name = one.name
        other.save()
        assert Citizen.objects.get(pk=other.pk).name.plain == "张小三"

    def test_can_be_deferred_and_refreshed(self) -> None:
        citizen = make_citizen()
        assert Citizen.objects.defer("phone").get(pk=citizen.pk).phone.plain == phone_of()
        citizen.refresh_from_db()
        assert isinstance(citizen.phone, Personal)
        assert citizen.phone.plain == phone_of()

    def test_is_written_under_the_newest_key_and_read_under_all(self, settings: pytest.FixtureRequest) -> None:
        citizen = make_citizen()
        settings.PERSONAL_KEYS = TWO_KEYS  # type: ignore[attr-defined]
        found = Citizen.objects.get(pk=citizen.pk)
        assert found.phone.plain == phone_of()
        found.save()
        assert raw(citizen).startswith("2:")
        assert Citizen.objects.get(pk=citizen.pk).phone.plain == phone_of()

    def test_names_the_version_that_lacks(self, settings: pytest.FixtureRequest) -> None:
        citizen = make_citizen()
        settings.PERSONAL_KEYS = "2:dGVzdHMtb25seS1rZXktMg=="  # type: ignore[attr-defined]
        with pytest.raises(Damaged, match="缺少第 1 版"):
            _ = Citizen.objects.get(pk=citizen.pk).phone.plain

    def test_is_not_written_under_another_key_of_the_same_version(self, settings: pytest.FixtureRequest) -> None:
        make_citizen()
        settings.PERSONAL_KEYS = "1:dGVzdHMtb25seS1rZXktMg=="  # type: ignore[attr-defined]
        with pytest.raises(Unavailable, match="密钥"), transaction.atomic():
            make_citizen(2)


class TestBlindIndexField:
    def test_finds_what_is_equal_however_it_is_written(self) -> None:
        citizen = make_proved()
        for phone in ("138 0000 0001", "+86-13800000001", "13800000001"):
            assert Citizen.objects.get(phone_index__of=phone) == citizen
        assert Citizen.objects.get(number_index__of=f" {number_of().lower()} ") == citizen
        assert not Citizen.objects.filter(phone_index__of=phone_of(2)).exists()

    def test_finds_nobody_by_nothing(self) -> None:
        Citizen.objects.create(name="无名氏")
        assert not Citizen.objects.filter(phone_index__of="").exists()

    def test_says_nothing_about_the_value(self) -> None:
        citizen = make_citizen(1, number=number_of(1))
        assert phone_of(1) not in str(citizen.phone_index)
        assert len({citizen.phone_index, citizen.number_index}) == 2

    def test_allows_a_value_once_and_nothing_often(self) -> None:
        make_citizen(1)
        for _ in range(2):
            Citizen.objects.create(name="无名氏")
        with pytest.raises(IntegrityError), transaction.atomic():
            make_citizen(1)

    def test_follows_its_value_also_where_only_that_is_saved(self) -> None:
        citizen = make_citizen(1)
        citizen.phone = phone_of(2)
        citizen.save(update_fields=["phone"])
        assert Citizen.objects.get(phone_index__of=phone_of(2)) == citizen
        assert not Citizen.objects.filter(phone_index__of=phone_of(1)).exists()


class TestDrawId:
    def test_draws_uuids_of_version_7_in_the_order_of_time(self) -> None:
        drawn = [draw_id() for _ in range(1_000)]
        assert {one.version for one in drawn} == {7}
        assert {one.variant for one in drawn} == {"specified in RFC 4122"}
        assert len(set(drawn)) == 1_000
        assert [one.int >> 80 for one in drawn] == sorted(one.int >> 80 for one in drawn)
