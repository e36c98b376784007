import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from altcha import Challenge, create_challenge

from foundation import proof_of_work
from foundation.errors import Invalid
from foundation.proof_of_work import make_challenge, use_solution
from tests.factories.proofs import proof_for


@pytest.fixture(scope="module")
def challenge() -> Challenge:
    return Challenge.from_dict(make_challenge())


@pytest.fixture(scope="module")
def solved(challenge: Challenge) -> str:
    return proof_for(challenge)


class TestProofOfWork:
    def test_is_taken_once(self) -> None:
        text = proof_for(make_challenge())
        use_solution(text)
        with pytest.raises(Invalid, match="已经用过"):
            use_solution(text)

    def test_is_refused_with_another_answer(self, solved: str) -> None:
        other = json.loads(base64.b64decode(solved))
        other["solution"]["counter"] += 1
        with pytest.raises(Invalid, match="验证完成"):
            use_solution(base64.b64encode(json.dumps(other).encode()).decode())

    def test_is_refused_for_an_easier_challenge(self, challenge: Challenge) -> None:
        easier = create_challenge("PBKDF2/SHA-256", 1, hmac_secret="somebody else's")
        easier.signature = challenge.signature
        with pytest.raises(Invalid, match="验证完成"):
            use_solution(proof_for(easier))

    def test_is_refused_after_its_time(self) -> None:
        late = create_challenge(
            "PBKDF2/SHA-256",
            1,
            expires_at=datetime.now(UTC) - timedelta(seconds=1),
            hmac_secret=proof_of_work._secret(),  # noqa: SLF001 - what only we could have signed
        )
        with pytest.raises(Invalid, match="验证完成"):
            use_solution(proof_for(late))

    @pytest.mark.parametrize(
        "text",
        [
            *("", "x", "中文", "e30=", "W10=", "MQ==", "bnVsbA==", "A" * 5_000),
            base64.b64encode(b'{"challenge": {"parameters": []}, "solution": 3}').decode(),
            base64.b64encode(b'{"challenge": {"parameters": {"algorithm": 1}}, "solution": {}}').decode(),
            base64.b64encode(b"[" * 2_900).decode(),
            base64.b64encode(b"\xff\xfe").decode(),
        ],
    )
    def test_is_refused_where_it_is_none(self, text: str) -> None:
        with pytest.raises(Invalid, match="验证完成"):
            use_solution(text)

    @pytest.mark.parametrize("counter", [-1, 2**32, 10**30, 1.5, "1", None, [], {}])
    def test_is_refused_with_a_counter_that_is_none(self, solved: str, counter: object) -> None:
        other = json.loads(base64.b64decode(solved))
        other["solution"]["counter"] = counter
        with pytest.raises(Invalid, match="验证完成"):
            use_solution(base64.b64encode(json.dumps(other).encode()).decode())
