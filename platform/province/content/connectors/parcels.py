"""What a connector is handed, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from foundation.events.outgoing import Refused


@dataclass(frozen=True, slots=True)
class Subscription:
    """The keys of one reader's installed app (RFC 8291), base64url."""

    p256dh: str
    auth: str


class Journal:
    """What is known of one delivery by now. ``note`` keeps more of it before it returns, so that a worker that takes
    over from a killed one knows it; ``id`` is the delivery's, by which the other side may know it, too."""

    def __init__(self, delivery_id: str, facts: Mapping[str, Any], keep: Callable[[Mapping[str, Any]], None]) -> None:
        self.id = delivery_id
        self._facts = dict(facts)
        self._keep = keep

    def __getitem__(self, name: str) -> Any:
        return self._facts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._facts

    def get(self, name: str, default: Any = None) -> Any:
        return self._facts.get(name, default)

    def note(self, **facts: Any) -> None:
        """Raises ClaimLost: another worker has the delivery, and nothing more may be sent."""
        self._keep(facts)
        self._facts |= facts


class PlatformCredential(Protocol):
    """By what a platform lets us act for the account; ``may_delete``: whether it has granted that right."""

    @property
    def name(self) -> str: ...

    @property
    def secret(self) -> str: ...

    @property
    def may_delete(self) -> bool: ...

    def token(self, *, refused: str, fetch: Callable[[], tuple[str, int]]) -> str:
        """The token that all workers share. ``refused``: one that the platform takes no more ("" for none); ``fetch``
        asks the platform for a new one and says how many seconds it lives. One worker at a time fetches."""
        ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """One act on one account. ``id`` is the same at every attempt; ``content`` is what the act says (JSON).

    ``earlier``: what was pushed to the account before under the same push, the oldest first. ``site``: the address of
    the hall's site. ``picture``: the JPEG, of so many bytes at most, of the picture that the text names by this id.
    """

    id: str
    act: str
    endpoint: str
    content: Mapping[str, Any]
    connector: str = ""
    signing_key: bytes = b""
    subscription: Subscription | None = None
    journal: Journal = field(default_factory=lambda: Journal("", {}, lambda _: None))
    earlier: Sequence[Journal] = ()
    credential: PlatformCredential | None = None
    site: str = ""
    cover_id: str = ""
    picture: Callable[[str, int], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side did it. ``reference`` is what it calls it; ``by_hand``: what is left for people to do there, ""
    for nothing."""

    reference: str = ""
    by_hand: str = ""


def credential_of(parcel: Parcel, called: str) -> PlatformCredential:
    """Raises Refused where the account has none that is whole."""
    found = parcel.credential
    if found is None or not found.secret:
        message = f"没有设置{called}，请在账号页的“接口凭据”里填写，再到投递记录重新投递。"
        raise Refused(message)
    return found


def carry_out(parcel: Parcel, *, take_back: Callable[[Journal], str], show: Callable[[], str]) -> Receipt:
    """Take back what the account shows of this push from before and, where the act is a push, ``show`` it, which
    answers what the other side calls it. ``take_back`` answers what is left of one earlier push for people to do, ""
    for nothing."""
    left = _take_back_earlier(parcel, take_back)
    return Receipt(by_hand=left) if parcel.act == "withdraw" else Receipt(show(), by_hand=left)


def _take_back_earlier(parcel: Parcel, take_back: Callable[[Journal], str]) -> str:
    """Return what people have to do by hand, "" for nothing. It is noted with this delivery before the earlier one
    counts as ended: a worker killed in between loses neither."""
    for one in parcel.earlier:
        if one.get("ended"):
            continue
        if left := take_back(one):
            lines = list(parcel.journal.get("by_hand", ()))
            if left not in lines:
                parcel.journal.note(by_hand=[*lines, left])
        one.note(ended=True)
    return "".join(parcel.journal.get("by_hand", ()))
