"""SM4 against published vectors, and SM4-GCM as values are sealed with it."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from foundation.crypto import sm4

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


class TestSm4:
    def test_encrypts_as_the_standards_first_example(self) -> None:
        """GB/T 32907-2016, appendix A.1."""
        encryptor = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()  # noqa: S305 - the standard's one block
        assert encryptor.update(KEY).hex() == "681edf34d206965e86b3e94f536e4246"

    def test_encrypts_a_million_times_as_the_standards_second_example(self) -> None:
        """GB/T 32907-2016, appendix A.2."""
        encryptor = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()  # noqa: S305 - as above
        block = KEY
        for _ in range(1_000_000):
            block = encryptor.update(block)
        assert block.hex() == "595298c7c6fd271f0402f804c33d3f66"


class TestSeal:
    def test_is_gcm_as_in_rfc_8998(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """RFC 8998, appendix A.1."""
        nonce = bytes.fromhex("00001234567800000000abcd")
        place = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        plain = bytes.fromhex("".join(pair * 8 for pair in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa")))
        expected = bytes.fromhex(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
            "83de3541e4c2b58177e065a9bf7b62ec"
        )
        monkeypatch.setattr(sm4.os, "urandom", lambda size: nonce[:size])
        assert sm4.seal(KEY, plain, place) == nonce + expected
        assert sm4.unseal(KEY, nonce + expected, place) == plain

    def test_gives_back_what_it_was_given(self) -> None:
        for plain in (b"", b"1", "张三".encode(), b"x" * 100_000):
            assert sm4.unseal(KEY, sm4.seal(KEY, plain, b"here"), b"here") == plain

    def test_never_comes_out_the_same_twice(self) -> None:
        assert len({sm4.seal(KEY, b"13812341234", b"here") for _ in range(1_000)}) == 1_000


class TestUnseal:
    def test_refuses_another_place(self) -> None:
        with pytest.raises(sm4.Forged):
            sm4.unseal(KEY, sm4.seal(KEY, b"13812341234", b"row 1"), b"row 2")

    def test_refuses_another_key(self) -> None:
        with pytest.raises(sm4.Forged):
            sm4.unseal(bytes(reversed(KEY)), sm4.seal(KEY, b"13812341234", b"here"), b"here")

    def test_refuses_every_flipped_bit(self) -> None:
        sealed = sm4.seal(KEY, b"13812341234", b"here")
        for bit in range(len(sealed) * 8):
            bent = bytearray(sealed)
            bent[bit // 8] ^= 1 << bit % 8
            with pytest.raises(sm4.Forged):
                sm4.unseal(KEY, bytes(bent), b"here")

    def test_refuses_what_is_too_short(self) -> None:
        for length in range(28):
            with pytest.raises(sm4.Forged):
                sm4.unseal(KEY, b"x" * length, b"here")
