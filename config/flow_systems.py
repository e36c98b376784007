"""The systems outside that flows may ask, read of the environment (docs/guides/flow-systems.md)."""

from typing import TYPE_CHECKING

from config.environment import VariableFault, bridge_key, is_private, otherwise, text
from foundation.errors import Invalid

if TYPE_CHECKING:
    from standards.flows.systems import OutsideSystem

_MOST_TOLD = 5


@otherwise([])
def read_flow_systems(name: str, keys_name: str) -> list[tuple["OutsideSystem", bytes]]:
    """The systems that the JSON declares, each with its key, by the pairs ``<code>=<hexadecimal digits>`` of another
    variable: over TLS unless they are on this very machine."""
    keys, raw = _keys(keys_name), text(name, "")
    if not raw:
        return []
    # what it stands on is loaded where there are such systems
    from standards.flows.systems import read_systems  # noqa: PLC0415

    try:
        found = read_systems(raw)
    except Invalid as refusal:
        said = "；".join(f"{one.where} {one.message}" for one in refusal.faults[:_MOST_TOLD])
        raise VariableFault(name, said or refusal.message) from refusal
    for at, one in enumerate(found):
        if not is_private(one.address):
            raise VariableFault(name, f"systems.{at}.address 须是 https 地址（本机地址可以用 http）")
        if one.code not in keys:
            raise VariableFault(keys_name, f"没有写系统“{one.code}”的密钥")
    return [(one, keys[one.code]) for one in found]


@otherwise({})
def _keys(name: str) -> dict[str, bytes]:
    found = {}
    for part in text(name, "").split():
        code, _, key = part.partition("=")
        if not code.isidentifier() or not code.isascii():
            raise VariableFault(name, "须如 fire=十六进制的随机字节，几个系统之间用空格分开")
        found[code] = bridge_key(name, key)
    return found
