"""Documents that a hall issues: numbers, values, files, revocation and replacement."""

import hashlib
import io
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction

from foundation import schemas
from foundation.errors import Conflict, Damaged, Invalid, NotAllowed, NotFound, Unavailable
from foundation.events.models import EventDelivery
from foundation.files.store import read_file
from foundation.paper.checking import check_paper
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from province.registries.queries import document_with_code, document_with_digest
from province.registries.states import DocumentState
from provisioning.named_files import files_named
from tenants.documents.models import IssuedDocument, NumberYear, TemplateVersion
from tenants.documents.operations import (
    issue_document,
    load_template,
    publish_template,
    replace_document,
    revoke_document,
)
from tenants.documents.operations.making import make_files
from tenants.documents.operations.numbers import set_number_rule
from tenants.documents.operations.restored import report_documents_again
from tenants.documents.queries.documents import (
    PDF,
    WORD,
    document_with_id,
    documents_of,
    key_of_file,
    link_to_document,
)
from tenants.documents.queries.papers import seal_key
from tenants.documents.queries.templates import versions_of_kind
from tenants.documents.slots import SEAL_SERVICE, SealOrder, SealService
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.issued_documents import CASE, VALUES, make_document, word_file
from tests.races import at_once


@pytest.fixture
def _in_north(north: Hall) -> Iterator[None]:
    with schemas.enter(north.schema_name):
        yield


def _day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("tenants.documents.operations.issuing.timezone.localdate", lambda *_: day)


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north")
class TestIssueDocument:
    def test_numbers_in_order_seals_the_values_and_tells_the_registry_nothing_personal(self, north: Hall) -> None:
        made = [make_document(north) for _ in range(3)]
        year = made[0].issued_on.year
        assert [one.number for one in made] == [f"测受〔{year}〕{order}号" for order in (1, 2, 3)]
        assert len({one.code for one in made}) == 3
        assert documents_of("case", [CASE, uuid4()]) == {CASE: made}
        with connection.cursor() as cursor:
            cursor.execute("SELECT values FROM documents_issueddocument")
            assert "张三" not in str(cursor.fetchall())
        assert document_with_id(made[0].pk).values.opened(north.pk)["applicant"] == "张三"
        with pytest.raises(Damaged):
            document_with_id(made[0].pk).values.opened(uuid4())
        entry = DocumentEntry.objects.get(pk=made[0].pk)
        assert (entry.title, entry.issuer, entry.state, entry.sha256) == ("测试通知书", north.name, "issued", "")
        assert "张三" not in str(DocumentEntry.objects.filter(pk=entry.pk).values())
        assert AuditEntry.objects.filter(act="documents.issue_document", object_id=made[0].pk).exists()
        assert EventDelivery.objects.filter(event__subject_id=made[0].pk, subscriber="documents.make_files").exists()

    def test_leaves_no_gap_where_it_is_refused_or_taken_back(self, north: Hall) -> None:
        make_document(north)
        for refused in ({"applicant": ""}, {"applicant": "张𠮷"}, {"stray": "x"}):
            with pytest.raises(Invalid):
                make_document(north, **refused)
        with transaction.atomic():
            assert make_document(north).order == 2
            transaction.set_rollback(True)
        assert make_document(north).order == 2
        assert DocumentEntry.objects.count() == 2
        with pytest.raises(NotFound):
            issue_document(by=person("sun"), hall=north, kind="none", owner_kind="case", owner_id=CASE, values={})

    def test_begins_again_each_year_and_goes_on_where_a_rule_comes_back(
        self, north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sun, numbers = person("sun"), []
        _day(monkeypatch, date(2026, 12, 31))
        numbers += [make_document(north).number, make_document(north).number]
        _day(monkeypatch, date(2027, 1, 1))
        numbers.append(make_document(north).number)
        # the server's clock was set back
        _day(monkeypatch, date(2026, 12, 31))
        numbers.append(make_document(north).number)
        set_number_rule(by=sun, hall=north, kind=NOTICE.code, rule="北政〔{year}〕{seq}号")
        numbers.append(make_document(north).number)
        set_number_rule(by=sun, hall=north, kind=NOTICE.code, rule="北政第{seq}号")
        numbers += [make_document(north).number, make_document(north).number]
        set_number_rule(by=sun, hall=north, kind=NOTICE.code, rule="")
        numbers.append(make_document(north).number)
        assert numbers == [
            *("测受〔2026〕1号", "测受〔2026〕2号", "测受〔2027〕1号", "测受〔2026〕3号", "北政〔2026〕1号"),
            *("北政第1号", "北政第2号", "测受〔2026〕4号"),
        ]
        for stranger in ("hua", "tao", "zhou"):
            with pytest.raises(NotAllowed):
                set_number_rule(by=person(stranger), hall=north, kind=NOTICE.code, rule="")
        with pytest.raises(Invalid):
            set_number_rule(by=sun, hall=north, kind=NOTICE.code, rule="{seq}")

    def test_never_changes_once_it_is_written(self, north: Hall) -> None:
        made = make_document(north)
        for column, value in (("number", "测受〔2026〕99号"), ("code", "X" * 16), ("owner_id", uuid4())):
            with pytest.raises(IntegrityError), transaction.atomic():
                IssuedDocument.objects.filter(pk=made.pk).update(**{column: value})
        with pytest.raises(LookupError), schemas.enter(Hall.objects.get(slug="south").schema_name):
            make_document(north)


class TestNumbers:
    def test_have_no_gap_and_no_double_where_many_issue_at_once_and_some_fail(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")

        def issue(fails: bool) -> str:  # noqa: FBT001
            with schemas.enter(north.schema_name), transaction.atomic():
                made = make_document(north)
                if fails:
                    message = "taken back"
                    raise Conflict(message)
                return made.number

        for _ in range(2):
            at_once(*(lambda fails=fails: issue(fails) for fails in (False, True, False, True, False, False)))
        with schemas.enter(north.schema_name):
            orders = sorted(IssuedDocument.objects.values_list("order", flat=True))
            assert orders == list(range(1, 9))
            assert NumberYear.objects.get().last == 8

    def test_are_not_lost_where_the_connection_breaks(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with schemas.enter(north.schema_name):
            make_document(north)
        transaction.set_autocommit(False)
        with schemas.enter(north.schema_name):
            assert make_document(north).order == 2
            # as if the process had been killed
            connection.connection.close()
        connection.close()
        with schemas.enter(north.schema_name):
            assert make_document(north).order == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north", "object_store")
class TestFiles:
    def test_are_made_once_sealed_and_known_by_their_digest(self, north: Hall, tmp_path: Path) -> None:
        document = make_document(north)
        with pytest.raises(Unavailable, match="正在生成"):
            link_to_document(north, document, PDF)
        document = make_files(hall=north, document_id=document.pk)
        again = make_files(hall=north, document_id=document.pk)
        assert (again.pdf_sha256, again.word_sha256) == (document.pdf_sha256, document.word_sha256)
        keys = {key_of_file(north, document, one) for one in (PDF, WORD)}
        with connection.cursor() as cursor:
            # what a restore and the doctor look for
            assert keys <= files_named(cursor, halls=10)
        assert hashlib.sha256(read_file(key_of_file(north, document, WORD))).hexdigest() == document.word_sha256
        content = read_file(key_of_file(north, document, PDF))
        assert hashlib.sha256(content).hexdigest() == document.pdf_sha256
        found = document_with_digest(document.pdf_sha256)
        assert found is not None
        assert (found.number, found.is_made, found.holds) == (document.number, True, True)
        assert link_to_document(north, document, WORD).startswith("http")
        # by pyHanko's validator in a process of its own, and by OpenSSL
        assert check_paper(content, public_key=seal_key()).fault == ""
        assert self._verified_by_openssl(content, tmp_path)
        for at in (200, len(content) // 2):
            bent = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            assert check_paper(bent, public_key=seal_key()).fault
            assert not self._verified_by_openssl(bent, tmp_path)
            assert document_with_digest(hashlib.sha256(bent).hexdigest()) is None
        with pikepdf.open(io.BytesIO(content)) as read:
            assert document.number in str(read.docinfo.Title)

    def test_go_through_the_service_of_seals_that_an_app_brings(self, north: Hall) -> None:
        orders: list[SealOrder] = []

        def seal(order: SealOrder) -> bytes:
            orders.append(order)
            if len(orders) == 1:
                raise Unavailable("签章服务暂时没有响应。")
            return order.content + b"\n%sealed"

        before = [("documents", one) for one in SEAL_SERVICE.entries()]
        SEAL_SERVICE.fill([("tests", SealService("省电子印章系统", seal))])
        try:
            document = make_document(north)
            with pytest.raises(Unavailable):
                make_files(hall=north, document_id=document.pk)
            document = make_files(hall=north, document_id=document.pk)
        finally:
            SEAL_SERVICE.fill(before)
        assert read_file(key_of_file(north, document, PDF)).endswith(b"%sealed")
        assert (orders[1].number, orders[1].hall_name) == (document.number, north.name)
        assert orders[1].place
        assert orders[1].place.page == 0
        assert orders[1].place.left > 100

    @staticmethod
    def _verified_by_openssl(content: bytes, folder: Path) -> bool:
        """What the signature covers, and the signature, as they stand in the file."""
        start = content.rindex(b"/ByteRange")
        numbers = content[content.index(b"[", start) + 1 : content.index(b"]", start)].split()
        first, length, second, rest = (int(number) for number in numbers)
        (folder / "signed").write_bytes(content[first : first + length] + content[second : second + rest])
        hexadecimal = content[first + length : second].strip(b"<>").rstrip(b"0")
        (folder / "signature").write_bytes(bytes.fromhex((hexadecimal + b"0" * (len(hexadecimal) % 2)).decode()))
        command = ["openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "signature"]
        done = subprocess.run(
            [*command, "-content", "signed", "-out", "out"], cwd=folder, capture_output=True, check=False
        )
        return done.returncode == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north")
class TestEnd:
    def test_is_revoked_once_with_a_reason_by_who_may(self, north: Hall) -> None:
        document = make_document(north)
        for stranger in ("sun", "hua", "zhou"):
            with pytest.raises(NotAllowed):
                revoke_document(by=person(stranger), hall=north, document_id=document.pk, reason="错")
        with pytest.raises(Invalid):
            revoke_document(by=person("tao"), hall=north, document_id=document.pk, reason=" ")
        revoke_document(by=person("tao"), hall=north, document_id=document.pk, reason="申请人姓名写错")
        with pytest.raises(Conflict, match="已撤销"):
            revoke_document(by=person("tao"), hall=north, document_id=document.pk, reason="再撤")
        found = document_with_code(document.code.lower())
        assert found is not None
        assert (found.state_label, found.holds, found.ended_on) == ("已撤销", False, document.issued_on)
        assert AuditEntry.objects.get(act="documents.revoke_document").reason == "申请人姓名写错"

    def test_is_replaced_by_another_with_a_number_of_its_own(self, north: Hall) -> None:
        document = make_document(north)
        tao = person("tao")
        with pytest.raises(Invalid):
            replace_document(by=tao, hall=north, document_id=document.pk, values={}, reason="写错")
        made = replace_document(
            by=tao, hall=north, document_id=document.pk, values=VALUES | {"applicant": "张四"}, reason="写错"
        )
        assert (made.order, made.owner_id, made.state) == (2, document.owner_id, DocumentState.ISSUED)
        found = document_with_code(document.code)
        assert found is not None
        assert (found.state_label, found.successor) == ("已被替换", made.number)
        with pytest.raises(Conflict):
            replace_document(by=tao, hall=north, document_id=document.pk, values=VALUES, reason="写错")


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north", "object_store")
class TestTemplate:
    def test_is_loaded_looked_at_put_to_use_and_left_again(self, north: Hall) -> None:
        sun = person("sun")
        given: dict[str, Any] = {"by": sun, "hall": north, "kind": NOTICE.code}
        first = make_document(north)
        loaded = load_template(**given, name="模板.docx", content=word_file())
        assert load_template(**given, name="模板.docx", content=word_file()).pk == loaded.pk
        assert make_document(north).version_id == first.version_id
        publish_template(**given, version_id=loaded.pk)
        with pytest.raises(Conflict):
            publish_template(**given, version_id=loaded.pk)
        assert make_document(north).version_id == loaded.pk
        publish_template(**given, version_id=None)
        assert make_document(north).version_id == first.version_id
        assert [(one.number, one.origin) for one in versions_of_kind(NOTICE.code)] == [(2, "own"), (1, "built_in")]
        with pytest.raises(NotFound):
            publish_template(**given, version_id=first.version_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            TemplateVersion.objects.filter(pk=loaded.pk).update(sha256="0" * 64)

    def test_is_refused_with_its_faults_and_to_strangers(self, north: Hall) -> None:
        bad = word_file(lambda document: document.add_paragraph("{{申请入}}"))
        with pytest.raises(Invalid, match="是不是“申请人”"):
            load_template(by=person("sun"), hall=north, kind=NOTICE.code, name="模板.docx", content=bad)
        with pytest.raises(Invalid):
            load_template(by=person("sun"), hall=north, kind=NOTICE.code, name="模板.docm", content=word_file())
        for stranger in ("hua", "tao", "zhou"):
            with pytest.raises(NotAllowed):
                load_template(by=person(stranger), hall=north, kind=NOTICE.code, name="a.docx", content=word_file())
        assert not versions_of_kind(NOTICE.code).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_in_north")
class TestRestoredHall:
    def test_gives_no_number_again_that_was_given_after_its_archive(self, north: Hall) -> None:
        kept, lost = make_document(north), make_document(north)
        # as an archive brings the rows back
        IssuedDocument.objects.filter(pk=lost.pk).delete()
        NumberYear.objects.update(last=1)
        DocumentEntry.objects.filter(pk=kept.pk).update(state=DocumentState.REVOKED)
        EventDelivery.objects.all().delete()
        report_documents_again(hall=north)
        assert DocumentEntry.objects.get(pk=kept.pk).state == DocumentState.ISSUED
        still = document_with_code(lost.code)
        assert still is not None
        assert still.holds
        assert make_document(north).order == 3
        assert EventDelivery.objects.filter(event__subject_id=kept.pk).exists()
