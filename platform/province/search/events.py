"""What is told of halls' articles."""

from typing import Final
from uuid import UUID

from foundation.events.kinds import Payload, declare_event


class ArticlesReported(Payload):
    """The articles whose rows a hall has written or removed."""

    article_ids: tuple[UUID, ...]


# of one hall
ARTICLES_REPORTED: Final = declare_event("search.articles_reported", ArticlesReported)
