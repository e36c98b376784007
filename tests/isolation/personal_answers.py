"""What of the declared personal values an answer shows in full, to somebody who may not read it so."""

from typing import Final

from province.people.models import ContactCard
from tests.isolation.routes import Route
from tests.personal import found_among, kept_values

# column and address -> why the whole value is there
SHOWN_IN_FULL: Final[dict[tuple[str, str], str]] = {
    ("citizens.LocalMessage.text", "/outbox/"): "what a phone would have got, where no message goes out",
}


class Personal:
    """The values that are kept when this is made, and their columns."""

    def __init__(self) -> None:
        self.columns = kept_values()
        # what people have written on their own card, they read there in full
        self._own = {card.mobile.plain: card.account.username for card in ContactCard.objects.select_related("account")}

    def shown(self, words: str, *, to: str, at: Route | None = None) -> set[str]:
        """Columns of which a value stands in the words. ``to``: who has signed in, "" for nobody and for programs."""
        return {
            column
            for value in found_among(self.columns, words)
            if (column := self.columns[value]) and not self._may_read(value, column, to, at)
        }

    def _may_read(self, value: str, column: str, to: str, at: Route | None) -> bool:
        is_own = bool(to) and self._own.get(value) == to
        return is_own or (at is not None and (column, at.template) in SHOWN_IN_FULL)
