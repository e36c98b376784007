"""The receipt as a signed PDF: made without a browser, checked on a page and by a command, found out where altered."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner, Result

from config.cli import app
from foundation.paper.signing import sign_paper
from foundation.paper.writing import write_paper
from province.content.models import ProofBatch, Push
from province.content.operations.outside_proofs import finish_outside_proof, open_outside_proof
from province.content.queries.pushes import latest_proof
from tests.conftest import person
from tests.factories.people import client_of
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db


@pytest.fixture
def push() -> Push:
    """With a proof of nothing seen, which is sealed all the same."""
    made = make_push(title="关于集中服务日的通知")
    zhao = person("zhao")
    look = open_outside_proof(by=zhao, push_id=made.pk)
    finish_outside_proof(by=zhao, push_id=made.pk, look_id=look.pk)
    return made


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["content", *(str(one) for one in arguments)])


def _page_says(client: Client, content: bytes) -> str:
    file = SimpleUploadedFile("回执.pdf", content, content_type="application/pdf")
    return client.post("/console/receipts/", {"file": file}).content.decode()


class TestReceipt:
    def test_is_known_again_and_every_change_of_it_is_found(self, push: Push) -> None:
        zhao = client_of("zhao")
        proof = push.proofs.get()
        answer = zhao.get(f"/console/pushes/{push.pk}/receipt/?proof={proof.pk}&format=pdf")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        content = answer.content
        with pikepdf.open(io.BytesIO(content)) as read:
            fonts = [font for page in read.pages for font in page.resources.Font.values()]
            assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts)
        assert "与平台保存的核验记录一致" in _page_says(zhao, content)
        stream = content.index(b"stream") + 20
        bent = content[:stream] + bytes([content[stream] ^ 1]) + content[stream + 1 :]
        assert "内容在签名之后被改动" in _page_says(zhao, bent)
        assert "没有签名" in _page_says(zhao, self._unsigned())
        by_another = sign_paper(self._unsigned(), seed=b"z" * 32, signer="湖北省 一站", reason="推稿核验回执")
        assert "别的密钥" in _page_says(zhao, by_another)
        assert "文件被改动，或不是本平台开具的" in _page_says(zhao, b"%PDF-1.7 nothing")
        # somebody whose desk this is not
        assert "不在您的岗位范围内" in _page_says(client_of("zhou"), content)

    def test_shows_that_what_is_kept_was_changed_since(self, push: Push, tmp_path: Path) -> None:
        proof = push.proofs.get()
        content = client_of("zhao").get(f"/console/pushes/{push.pk}/receipt/?proof={proof.pk}&format=pdf").content
        file = tmp_path / "回执.pdf"
        file.write_bytes(content)
        assert _run("check-receipt", file).exit_code == 0
        assert (_run("proofs", push.pk).exit_code, "一致" in _run("proofs", push.pk).stdout) == (0, True)
        ProofBatch.objects.create(proof=proof, number=0, rows=b"x", digest="0" * 64)
        refused = _run("check-receipt", file)
        assert (refused.exit_code, "平台保存的记录有问题" in refused.stderr) == (1, True)
        assert _run("proofs", push.pk).exit_code == 1
        page = client_of("zhao").get(f"/console/pushes/{push.pk}/").content.decode()
        assert "核验记录被改动" in page

    def test_is_written_by_the_shell_for_the_latest_inner_proof(self, push: Push, tmp_path: Path) -> None:
        assert _run("receipt", push.pk, tmp_path / "a.pdf").exit_code == 1
        client_of("zhao").post(f"/console/pushes/{push.pk}/proof/")
        assert _run("receipt", push.pk, tmp_path / "a.pdf").exit_code == 0
        assert latest_proof(push)
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")

    @staticmethod
    def _unsigned() -> bytes:
        return write_paper(title="核验回执", facts=[("结论", "正确")], tables=(), ends="完", marks="yizhan-proof")
