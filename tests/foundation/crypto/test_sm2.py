"""Known answers: GB/T 32918.5-2017, appendix A.2."""

from gmssl_pyx import sm2_key_generate

from foundation.crypto.sm2 import SigningKey, is_signed

PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
R = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
S = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
SIGNATURE = bytes.fromhex(f"3046022100{R}022100{S}")


class TestSigningKey:
    def test_has_the_public_key_of_the_standard(self) -> None:
        assert SigningKey.from_private(bytes.fromhex(PRIVATE)).public == bytes.fromhex(PUBLIC)

    def test_has_the_public_key_that_the_library_drew_with_it(self) -> None:
        for _ in range(10):
            public, private = sm2_key_generate()
            assert SigningKey.from_private(private).public == public

    def test_follows_from_its_seed(self) -> None:
        one, again, other = (SigningKey.from_seed(seed) for seed in (b"a" * 32, b"a" * 32, b"b" * 32))
        assert one == again
        assert one.public != other.public

    def test_signs_what_its_public_key_confirms(self) -> None:
        key = SigningKey.from_seed(b"a" * 32)
        signature = key.sign(MESSAGE)
        assert is_signed(key.public, MESSAGE, signature)
        assert not is_signed(key.public, b"message digesT", signature)
        assert not is_signed(SigningKey.from_seed(b"b" * 32).public, MESSAGE, signature)


class TestIsSigned:
    def test_confirms_the_signature_of_the_standard(self) -> None:
        assert is_signed(bytes.fromhex(PUBLIC), MESSAGE, SIGNATURE)

    def test_says_no_to_what_is_no_signature_or_no_key(self) -> None:
        assert not is_signed(bytes.fromhex(PUBLIC), MESSAGE, b"")
        assert not is_signed(bytes.fromhex(PUBLIC), MESSAGE, SIGNATURE[:-1])
        assert not is_signed(bytes.fromhex(PUBLIC), MESSAGE, SIGNATURE + b"0")
        assert not is_signed(b"\x01" * 64, MESSAGE, SIGNATURE)
        assert not is_signed(b"short", MESSAGE, SIGNATURE)
