"""Somebody without an account asks for a code: a few may without proof of work, many with it."""

from uuid import uuid4

import pytest
from django.test import Client

from foundation.proof_of_work import FIELD
from province.citizens.models import PhoneCode
from province.citizens.operations.phone_codes import CODES_WITHOUT_PROOF, send_code_to_stranger
from tests.factories.citizens import phone_of
from tests.factories.proofs import proof_for

pytestmark = pytest.mark.django_db

NEXT = CODES_WITHOUT_PROOF + 1


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": "yizhan.localhost"})


@pytest.fixture
def busy_address() -> None:
    """From where so many codes were asked for that one more takes a proof."""
    for serial in range(1, NEXT):
        send_code_to_stranger(phone=phone_of(serial), address="127.0.0.1", proof="", browser_id=uuid4())


def ask(client: Client, serial: int, **fields: str) -> tuple[int, str]:
    answer = client.post("/me/sign-in/", {"step": "phone", "phone": phone_of(serial), **fields})
    return answer.status_code, answer.content.decode()


class TestStrangers:
    def test_get_a_few_codes_without_scripts(self, stranger: Client) -> None:
        assert [ask(stranger, serial)[0] for serial in range(1, NEXT)] == [200] * CODES_WITHOUT_PROOF
        status, page = ask(stranger, NEXT)
        assert status == 422
        assert "在浏览器中启用脚本" in page

    def test_get_more_with_the_proof_that_their_page_asks_for(self, stranger: Client, busy_address: None) -> None:
        page = stranger.get("/me/sign-in/").content.decode()
        assert 'challenge="/me/sign-in/challenge/"' in page
        challenge = stranger.get("/me/sign-in/challenge/")
        assert "no-store" in challenge["Cache-Control"]
        status, page = ask(stranger, NEXT, **{FIELD: proof_for(challenge.json())})
        assert (status, "138****" in page) == (200, True)

    def test_get_one_code_for_one_proof(self, stranger: Client, busy_address: None) -> None:
        proof = proof_for(stranger.get("/me/sign-in/challenge/").json())
        assert ask(stranger, NEXT, **{FIELD: proof})[0] == 200
        status, page = ask(stranger, NEXT + 1, **{FIELD: proof})
        assert (status, "请重新验证" in page) == (422, True)
        assert PhoneCode.objects.count() == NEXT

    @pytest.mark.parametrize("proof", ["x", "e30=", "A" * 10_000, "eyJjaGFsbGVuZ2UiOnt9fQ=="])
    def test_get_none_for_a_wrong_one(self, stranger: Client, proof: str) -> None:
        status, page = ask(stranger, 1, **{FIELD: proof})
        assert (status, "验证完成" in page) == (422, True)
        assert not PhoneCode.objects.exists()
