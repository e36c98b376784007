"""Documents on pages and over the API: checked by anybody, kept at the desk."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.security_headers import _kind_of
from foundation.files.store import read_file, store_made
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.documents.models import IssuedDocument
from tenants.documents.operations import replace_document, revoke_document
from tenants.documents.operations.issuing import tell_registry
from tenants.documents.operations.making import make_files
from tenants.documents.queries.templates import versions_of_kind
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.issued_documents import VALUES, make_document, word_file
from tests.factories.people import client_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

NORTH, SOUTH, PROVINCE = "north.yizhan.localhost", "south.yizhan.localhost", "yizhan.localhost"
DESK = "/desk/document-templates/test_notice/"


def _with_file(hall: Hall, document: IssuedDocument, content: bytes) -> None:
    """As ``make_files`` leaves it, without drawing a PDF."""
    digest = hashlib.sha256(content).hexdigest()
    document.pdf_sha256 = document.word_sha256 = digest
    document.save(update_fields=["pdf_sha256", "word_sha256"])
    tell_registry(hall, document)


def _post_file(client: Client, content: bytes, host: str) -> Any:
    file = SimpleUploadedFile("文书.pdf", content, content_type="application/pdf")
    return client.post("/verify/", {"file": file}, headers={"host": host})


class TestCheck:
    def test_tells_anybody_whether_a_document_holds_and_nothing_about_whom(self, north: Hall) -> None:
        with inside(north):
            good, revoked, replaced = (make_document(north) for _ in range(3))
            _with_file(north, good, b"%PDF-1.7 good")
            revoke_document(by=person("tao"), hall=north, document_id=revoked.pk, reason="写错张三")
            new = replace_document(
                by=person("tao"), hall=north, document_id=replaced.pk, values=VALUES, reason="写错张三"
            )
        client = Client()
        for host in (PROVINCE, NORTH, SOUTH):
            for document, words in ((good, "有效"), (revoked, "已撤销"), (replaced, "已被替换"), (None, "查无此件")):
                code = document.code if document else "0" * 16
                # as somebody types it
                typed = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
                answer = client.get("/verify/", {"code": typed}, headers={"host": host}, follow=True)
                assert answer.status_code == (200 if document else 404), host
                said = answer.content.decode()
                assert f"<strong>{words}</strong>" in said
                assert "张三" not in said
                assert "no-store" in answer["Cache-Control"]
                assert document is None or document.number in said
                # what the kind declares public, on its hall's own site and while it holds
                assert ("食品经营许可" in said) == (host == NORTH and document == good)
            assert new.number in client.get(f"/verify/{replaced.code}/", headers={"host": host}).content.decode()
            assert "一个字节也没有改动" in _post_file(client, b"%PDF-1.7 good", host).content.decode()
            assert "查无此件" in _post_file(client, b"%PDF-1.7 goof", host).content.decode()
            assert "请先选择" in client.post("/verify/", headers={"host": host}).content.decode()
        assert "食品经营许可" not in client.get(f"/verify/{good.code}/", headers={"host": PROVINCE}).content.decode()
        assert f"//{NORTH}" in client.get(f"/verify/{good.code}/", headers={"host": PROVINCE}).content.decode()

    def test_is_counted_by_address(self, rf: Any) -> None:
        for request in (rf.get("/verify/X/"), rf.post("/verify/"), rf.get("/verify/", {"code": "x"})):
            assert _kind_of(request) == "verify"

    def test_costs_the_same_however_many_documents_there_are(
        self, north: Hall, django_assert_max_num_queries: Any
    ) -> None:
        with inside(north):
            document = make_document(north)
        with django_assert_max_num_queries(3):
            Client().get(f"/verify/{document.code}/", headers={"host": PROVINCE})


@pytest.mark.usefixtures("object_store")
class TestDesk:
    def test_keeps_templates_and_numbers(self, north: Hall) -> None:
        sun = client_of("sun", NORTH)
        assert "平台自带" in sun.get("/desk/document-templates/").content.decode()
        said = sun.get(DESK).content.decode()
        assert "{{申请人}}" in said
        assert "{{材料/名称}}" in said
        bad = SimpleUploadedFile("模板.docx", word_file(lambda one: one.add_paragraph("{{申请入}}\t")))
        refused = sun.post(DESK, {"file": bad})
        assert refused.status_code == 422
        assert "<strong>第 5 段</strong>：不支持制表符" in refused.content.decode()
        bad = SimpleUploadedFile("模板.docx", word_file(lambda one: one.add_paragraph("{{申请入}}")))
        assert "是不是“申请人”" in sun.post(DESK, {"file": bad}).content.decode()
        good = SimpleUploadedFile("模板.docx", word_file())
        assert "还没有启用" in sun.post(DESK, {"file": good}, follow=True).content.decode()
        with inside(north):
            version = versions_of_kind(NOTICE.code).get().pk
        sample = sun.get(f"{DESK}{version}/sample.pdf")
        assert sample.content.startswith(b"%PDF")
        assert sun.get(f"{DESK}{version}/template.docx").content.startswith(b"PK")
        assert sun.get(f"{DESK}own/template.docx").content.startswith(b"PK")
        assert "已启用" in sun.post(f"{DESK}{version}/publish/", follow=True).content.decode()
        assert "本厅第 1 版" in sun.get("/desk/document-templates/").content.decode()
        assert "已启用" in sun.post(f"{DESK}own/publish/", follow=True).content.decode()
        assert "要写一次" in sun.post(f"{DESK}rule/", {"rule": "第号"}, follow=True).content.decode()
        assert "北政第{seq}号" in sun.post(f"{DESK}rule/", {"rule": "北政第{seq}号"}, follow=True).content.decode()
        assert client_of("hua", NORTH).get(DESK).status_code == 403

    def test_shows_a_document_opens_it_on_record_and_revokes_it(self, north: Hall) -> None:
        with inside(north):
            document = make_document(north)
        he = client_of("he", NORTH)
        page = f"/desk/documents/{document.pk}/"
        assert "正在生成" in he.get(page).content.decode()
        assert "正在生成" in he.post(f"{page}open/", {"ending": "pdf"}, follow=True).content.decode()
        facts = store_made(folder=north.folder, name="a.pdf", media_type="application/pdf", content=b"%PDF-1.7 x")
        with inside(north):
            document.pdf_sha256 = document.word_sha256 = facts.sha256
            document.save(update_fields=["pdf_sha256", "word_sha256"])
        assert read_file(facts.key) == b"%PDF-1.7 x"
        said = he.get(page).content.decode()
        assert document.number in said
        assert "平台证书" in said
        assert "张三" not in said
        assert facts.key in he.post(f"{page}open/", {"ending": "pdf"})["Location"]
        assert AuditEntry.objects.filter(act="documents.open_document", object_id=document.pk).count() == 1
        assert document.number in he.get("/desk/documents/?state=issued&number=测受").content.decode()
        assert he.post(page, {"reason": ""}).status_code == 422
        assert "“已撤销”" in he.post(page, {"reason": "写错"}, follow=True).content.decode()
        assert "撤销这份文书" not in he.get(page).content.decode()
        assert client_of("zhou", SOUTH).get(page).status_code in {403, 404}
        assert client_of("sun", NORTH).get(page).status_code == 403


@pytest.mark.usefixtures("object_store")
class TestApi:
    def test_does_what_pages_do(self, north: Hall) -> None:
        with inside(north):
            document = make_document(north)
            make_files(hall=north, document_id=document.pk)
        keys = {
            name: issue_token(
                by=person(name),
                account=Account.objects.get(username=name),
                name="测试",
                scopes=("documents.design", "documents.read", "documents.end"),
            )
            for name in ("he",)
        }
        client = Client(headers={"host": NORTH, "authorization": f"Bearer {keys['he']}"})
        root = "/api/hall/v1/documents"
        kinds = {one["code"]: one for one in client.get(f"{root}/kinds").json()}
        assert kinds[NOTICE.code]["last"] == 1
        file = SimpleUploadedFile("模板.docx", word_file())
        made = client.post(f"{root}/kinds/{NOTICE.code}/templates", {"file": file})
        assert made.status_code == 201, made.content
        bad = SimpleUploadedFile("模板.docx", word_file(lambda one: one.add_paragraph("{{申请入}}")))
        refused = client.post(f"{root}/kinds/{NOTICE.code}/templates", {"file": bad})
        assert refused.json()["errors"][0]["where"] == "第 5 段"

        def post(path: str, body: dict[str, Any] | None = None) -> Any:
            headers = {"idempotency-key": hashlib.sha256(path.encode()).hexdigest()[:20]}
            return client.post(f"{root}{path}", body or {}, "application/json", headers=headers)

        shown = post(f"/kinds/{NOTICE.code}/templates/{made.json()['id']}/publish")
        assert shown.json()["version"] == made.json()["number"]
        assert post(f"/kinds/{NOTICE.code}/own-template/publish").json()["version"] is None
        assert post(f"/kinds/{NOTICE.code}/rule", {"rule": "北政第{seq}号"}).json()["rule"] == "北政第{seq}号"
        (issued,) = client.get(f"{root}/issued").json()["items"]
        assert issued["sha256"]
        assert issued["number"] == document.number
        assert post(f"/issued/{document.pk}/open", {"ending": "docx"}).json()["address"].startswith("http")
        assert post(f"/issued/{document.pk}/revoke", {"reason": "写错"}).json()["state"] == "revoked"
        assert client.get(f"{root}/issued/{document.pk}").json()["state"] == "revoked"
