"""Values of halls' rows under a data key of their own, on the table of filled forms."""

import json
from uuid import UUID

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from foundation import schemas
from foundation.crypto.rotation import drop_key, rotate_keys
from foundation.errors import Conflict, Damaged
from foundation.rows import draw_id
from foundation.sealing.fields import OwnedJSON
from foundation.sealing.keys import current_key, put_keys_back
from foundation.sealing.models import DataKey
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, Form, FormVersion
from tests.races import at_once

NUMBER = "110101199003074477"
VALUES = {"number": NUMBER, "lines": [{"amount": "12.50"}], "yes": True}
TWO_KEYS = "1:dGVzdHMtb25seS1rZXktMQ==,2:dGVzdHMtb25seS1rZXktMg=="


def make_filled(hall: Hall, values: object = VALUES) -> FilledForm:
    """In the schema that is entered."""
    form, _ = Form.objects.get_or_create(code="leave", title="请假")
    version, _ = FormVersion.objects.get_or_create(
        form=form, number=1, defaults={"definition": {}, "submitted_by_name": "孙磊"}
    )
    return FilledForm.objects.create(
        form=form,
        version=version,
        values=OwnedJSON(hall.pk, values),
        account_id=draw_id(),
        saved_at=timezone.now(),
    )


def raw(filled: FilledForm) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "values" FROM workflow_filledform WHERE id = %s', [filled.pk])
        return bytes(cursor.fetchone()[0])


def write_raw(filled: FilledForm, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute('UPDATE workflow_filledform SET "values" = %s WHERE id = %s', [value, filled.pk])


@pytest.mark.django_db
class TestSealedJSONField:
    def test_keeps_and_gives_a_value_that_no_row_statement_or_repr_shows(self, north: Hall) -> None:
        with schemas.enter(north.schema_name), CaptureQueriesContext(connection) as queries:
            filled = make_filled(north)
            found = FilledForm.objects.get(pk=filled.pk)
            shown = [
                str(raw(filled)),
                json.dumps(queries.captured_queries, default=str),
                repr(found.values),
                str(found),
            ]
        assert found.values.opened(north.pk) == VALUES
        assert [one for one in shown if NUMBER in one] == []

    def test_is_written_anew_only_where_it_was_assigned(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            filled = make_filled(north)
            before = raw(filled)
            found = FilledForm.objects.get(pk=filled.pk)
            found.page = "second"
            found.save()
            assert raw(filled) == before
            found.values = OwnedJSON(north.pk, {"number": "2"})
            found.save()
            assert found.values.opened(north.pk) == {"number": "2"}
            assert FilledForm.objects.get(pk=filled.pk).values.opened(north.pk) == {"number": "2"}

    def test_refuses_what_is_bent_moved_or_anothers(self, north: Hall, south: Hall) -> None:
        with schemas.enter(north.schema_name):
            filled, other = make_filled(north), make_filled(north, {"number": "2"})
            current_key(south.pk)
            kept = raw(filled)
            flipped = kept[:-6] + bytes([kept[-6] ^ 1]) + kept[-5:]
            gone = draw_id().bytes + kept[16:]
            for bent in (b"", b"plain", kept[:16], kept[:40], flipped, gone, raw(other)):
                write_raw(filled, bent)
                with pytest.raises(Damaged):
                    FilledForm.objects.get(pk=filled.pk).values.opened(north.pk)
            write_raw(filled, kept)
            found = FilledForm.objects.get(pk=filled.pk)
            with pytest.raises(Damaged):
                found.values.opened(south.pk)
            assert found.values.opened(north.pk) == VALUES

    def test_is_pressed_before_it_is_sealed_where_that_is_shorter(self, north: Hall) -> None:
        # id of the key, nonce, tag
        around = 16 + 12 + 16
        with schemas.enter(north.schema_name):
            for value, most in (({"lines": ["同样的话"] * 100}, 60), ({}, 2), (["甲", None, 1, True], 20)):
                filled = make_filled(north, value)
                assert len(raw(filled)) <= around + most
                assert FilledForm.objects.get(pk=filled.pk).values.opened(north.pk) == value

    def test_can_neither_be_searched_nor_written_past_its_seal(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            make_filled(north)
            with pytest.raises(FieldError):
                FilledForm.objects.filter(values="x").exists()
            with pytest.raises(TypeError), transaction.atomic():
                FilledForm.objects.update(values="plain")

    def test_stays_readable_when_keys_are_changed_by_one_row_a_hall(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            filled = make_filled(north)
            make_filled(north)
            before = raw(filled)
        with override_settings(PERSONAL_KEYS=TWO_KEYS):
            with pytest.raises(Conflict):
                drop_key(version=1)
            assert rotate_keys().total == Hall.objects.count()
            drop_key(version=1)
        with override_settings(PERSONAL_KEYS=TWO_KEYS.split(",")[1]), schemas.enter(north.schema_name):
            assert raw(filled) == before
            assert FilledForm.objects.get(pk=filled.pk).values.opened(north.pk) == VALUES

    def test_keeps_to_the_key_that_is_here_when_an_archive_brings_another(self, north: Hall) -> None:
        key_id, key = current_key(north.pk)
        other = draw_id()
        put_keys_back(north.pk, {key_id: bytes(16), other: b"0123456789abcdef"})
        assert current_key(north.pk) == (key_id, key)
        assert set(DataKey.objects.filter(owner_id=north.pk).values_list("pk", "is_current")) == {
            (key_id, True),
            (other, False),
        }


@pytest.mark.usefixtures("fresh_database")
class TestCurrentKey:
    def test_is_made_once_by_two_at_once_and_known_from_the_commit_on(self) -> None:
        owner = draw_id()

        def make() -> tuple[UUID, bytes]:
            with transaction.atomic():
                return current_key(owner)

        assert len(set(at_once(make, make, make))) == 1
        taken_back = draw_id()
        with transaction.atomic():
            first = current_key(taken_back)
            assert current_key(taken_back) == first
            transaction.set_rollback(True)
        assert current_key(taken_back) != first
        with CaptureQueriesContext(connection) as queries:
            current_key(taken_back)
        assert len(queries) == 0

    def test_of_an_archive_that_is_taken_back_seals_nothing(self) -> None:
        owner, key_id = draw_id(), draw_id()
        with transaction.atomic():
            put_keys_back(owner, {key_id: b"0" * 16})
            assert current_key(owner) == (key_id, b"0" * 16)
            transaction.set_rollback(True)
        assert current_key(owner)[0] != key_id

    def test_that_was_committed_before_is_known_within_a_transaction(self, north: Hall) -> None:
        with transaction.atomic():
            current_key(north.pk)
            with CaptureQueriesContext(connection) as queries:
                current_key(north.pk)
            assert len(queries) == 0
