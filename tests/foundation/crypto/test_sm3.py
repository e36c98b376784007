"""Known answers: GB/T 32905-2016, appendix A; HMAC: GM/T 0042-2015, appendix D."""

import pytest

from foundation.crypto.sm3 import hmac_sm3, sm3

_DIGESTS = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]
_MACS = [
    (
        bytes(range(1, 33)),
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    ),
    (
        bytes(range(1, 38)),
        b"\xcd" * 50,
        "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
    ),
    (b"\x0b" * 32, b"Hi There", "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e"),
    (b"Jefe", b"what do ya want for nothing?", "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882"),
]


class TestSm3:
    @pytest.mark.parametrize(("content", "answer"), _DIGESTS)
    def test_gives_the_answers_of_the_standard(self, content: bytes, answer: str) -> None:
        assert sm3(content).hex() == answer


class TestHmacSm3:
    @pytest.mark.parametrize(("key", "content", "answer"), _MACS)
    def test_gives_the_answers_of_the_standard(self, key: bytes, content: bytes, answer: str) -> None:
        assert hmac_sm3(key, content).hex() == answer

    def test_depends_on_the_key(self) -> None:
        assert hmac_sm3(b"one", b"x") != hmac_sm3(b"two", b"x")
