"""SM2 signatures (GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017), with the usual signer id 1234567812345678."""

from dataclasses import dataclass

from gmssl_pyx import InvalidValueError, sm2_sign, sm2_verify

_P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
_N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
_G = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)

# None is the point at infinity
type _Point = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``private``: 32 bytes. ``public``: 64 bytes, x and y without the 04 in front."""

    private: bytes
    public: bytes

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """The key that always follows from these bytes (at least 32 of them, as good as random)."""
        number = int.from_bytes(seed) % (_N - 2) + 1
        return cls.from_private(number.to_bytes(32))

    @classmethod
    def from_private(cls, private: bytes) -> "SigningKey":
        """With its public key, which the library only knows of keys that it drew itself."""
        point = _multiplied(int.from_bytes(private), _G)
        if point is None:
            message = "this number is no private key"
            raise ValueError(message)
        return cls(private, point[0].to_bytes(32) + point[1].to_bytes(32))

    def sign(self, content: bytes) -> bytes:
        """In ASN.1 DER, some 72 bytes; another one each time."""
        signature: bytes = sm2_sign(self.private, self.public, content)
        return signature


def is_signed(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the owner of this public key signed exactly this. What is no key or no signature at all is a no."""
    try:
        return bool(sm2_verify(public, content, signature))
    except InvalidValueError:
        return False


def _multiplied(number: int, point: _Point) -> _Point:
    result: _Point = None
    while number:
        if number & 1:
            result = _added(result, point)
        point = _added(point, point)
        number >>= 1
    return result


def _added(one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % _P == 0:
        return None
    if one == other:
        slope = 3 * (one[0] * one[0] - 1) * pow(2 * one[1], -1, _P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P)
    x = (slope * slope - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P
