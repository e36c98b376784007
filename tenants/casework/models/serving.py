"""送达方式确认 and what was served electronically, as a case's row keeps both: pressed, since nobody searches them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from province.cases.states import CaseChannel, DeliveryWay
from tenants.casework.states import Opener, ServedPaper

# what the column says, the most frequent last
SERVING_WORDS: Final = (
    '{"served":[["supplement",1764,0,"",""],["non_acceptance",1764,0,"","post"],["decision",1764,1764,"agent","window"],'
    '["decision",1764,1764,"own",""]],"way":["post",0,1764,"phone",""],"way":["window",0,1764,"window",""],'
    '"way":["electronic",1,1764,"site",""]}'
)


# in place of another way of service
CORRECTED: Final = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChoice:
    """送达方式及送达地址确认: how documents are to reach the applicant. ``text``: the version of the text that was
    agreed to, 0 where there is none; ``by_name``: who of the staff has written it down from a signed paper, "" where
    the applicant has said it. The address is personal and stands with who applied (``CaseApplicant``)."""

    way: DeliveryWay
    text: int
    at: datetime
    channel: CaseChannel
    by_name: str = ""

    @property
    def is_electronic(self) -> bool:
        return self.way == DeliveryWay.ELECTRONIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Something that was served electronically: when it arrived in the applicant's own pages, when and by whom it was
    first opened. ``otherwise``: how it was served later on, or CORRECTED, where the decision was put right."""

    what: ServedPaper
    arrived_at: datetime
    opened_at: datetime | None = None
    opener: Opener | str = ""
    otherwise: DeliveryWay | str = ""

    @property
    def is_unopened(self) -> bool:
        return self.opened_at is None and not self.otherwise

    @property
    def label(self) -> str:
        return self.what.label

    @property
    def opener_words(self) -> str:
        return Opener(self.opener).label if self.opener else ""

    @property
    def otherwise_words(self) -> str:
        if self.otherwise in {"", CORRECTED}:
            return "决定已更正" if self.otherwise else ""
        return f"已改用{DeliveryWay(self.otherwise).label}"


@dataclass(frozen=True, slots=True)
class Serving:
    """What a case's row says of both."""

    choice: ServiceChoice | None = None
    served: tuple[Served, ...] = ()

    @property
    def waiting(self) -> Served | None:
        """What was served last, while nobody has opened it: what was served before is replaced by it."""
        return self.served[-1] if self.served and self.served[-1].is_unopened else None

    @property
    def has_unopened_answer(self) -> bool:
        """Whether a decision or 不予受理 waits; of a 补正 its state says what is to be done."""
        return self.waiting is not None and self.waiting.what != ServedPaper.SUPPLEMENT

    def chosen(self, choice: ServiceChoice) -> "Serving":
        return replace(self, choice=choice)

    def corrected(self) -> "Serving":
        """What was served of a decision that is put right holds no more."""
        return self.with_served(
            [replace(one, otherwise=CORRECTED) if one.what == ServedPaper.DECISION else one for one in self.served]
        )

    def with_served(self, served: Sequence[Served]) -> "Serving":
        return replace(self, served=tuple(served))

    @property
    def kept(self) -> dict[str, Any] | None:
        """As the column has it."""
        found: dict[str, Any] = {}
        if self.served:
            found["served"] = [
                [one.what, _seconds(one.arrived_at), _seconds(one.opened_at), one.opener, one.otherwise]
                for one in self.served
            ]
        if one := self.choice:
            found["way"] = [one.way, one.text, _seconds(one.at), one.channel, one.by_name]
        return found or None


def serving_of(kept: Mapping[str, Any] | None) -> Serving:
    if not kept:
        return Serving()
    choice = None
    if "way" in kept:
        way, text, at, channel, by_name = kept["way"]
        choice = ServiceChoice(
            way=DeliveryWay(way), text=text, at=_moment(at), channel=CaseChannel(channel), by_name=by_name
        )
    served = tuple(
        Served(
            what=ServedPaper(what),
            arrived_at=_moment(arrived),
            opened_at=_moment(opened) if opened else None,
            opener=opener,
            otherwise=otherwise,
        )
        for what, arrived, opened, opener, otherwise in kept.get("served", ())
    )
    return Serving(choice, served)


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
