"""Keys out of the settings: read strictly, and never shown."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from foundation.crypto.keyring import Keyring, draw_key, keyed_hash, keyring, read_index_key, read_keys

ONE, TWO = (base64.b64encode(bytes([number]) * 8 + bytes(range(8))).decode() for number in (1, 2))


class TestReadKeys:
    def test_takes_versions_in_any_order(self) -> None:
        keys = read_keys(f"2:{TWO}, 1:{ONE}")
        assert set(keys) == {1, 2}
        assert Keyring(keys, b"").current == 2

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("abc", "须如"),
            (f"x:{ONE}", "须如"),
            (f"0:{ONE}", "须如"),
            (f"-1:{ONE}", "须如"),
            (f"²:{ONE}", "须如"),
            (f"10000:{ONE}", "须如"),
            (f"1:{ONE},1:{TWO}", "版本 1 出现两次"),
            (f"1:{ONE},2:{ONE}", "同一个密钥"),
            ("1:!!!!", "版本 1 须是 16 字节"),
            (f"1:{ONE[:-4]}", "版本 1 须是 16 字节"),
            (f"1:{base64.b64encode(bytes(16)).decode()}", "不是随机的密钥"),
        ],
    )
    def test_refuses_nonsense_by_the_variables_name(self, text: str, says: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=says) as refusal:
            read_keys(text)
        assert "PERSONAL_KEYS" in str(refusal.value)
        assert ONE not in str(refusal.value)

    def test_finds_no_keys_in_nothing(self) -> None:
        assert read_keys("") == {}


class TestReadIndexKey:
    @pytest.mark.parametrize("text", ["!", ONE, base64.b64encode(bytes(32)).decode()])
    def test_refuses_nonsense_by_the_variables_name(self, text: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="PERSONAL_INDEX_KEY"):
            read_index_key(text)


class TestKeyring:
    def test_names_the_variable_that_lacks(self, settings: pytest.FixtureRequest) -> None:
        settings.PERSONAL_INDEX_KEY = ""  # type: ignore[attr-defined]
        with pytest.raises(ImproperlyConfigured, match="PERSONAL_INDEX_KEY：没有设置"):
            keyring()

    def test_does_not_show_its_keys(self) -> None:
        assert "tests-only" not in repr(keyring())


class TestDrawKey:
    def test_draws_what_can_be_read(self) -> None:
        assert len(read_keys(f"1:{draw_key()}")[1]) == 16
        assert draw_key() != draw_key()


class TestKeyedHash:
    def test_is_hmac_sm3(self) -> None:
        """GM/T 0042-2015, appendix D.3, its first example."""
        key = bytes(range(1, 33))
        message = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
        assert keyed_hash(key, message) == "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
