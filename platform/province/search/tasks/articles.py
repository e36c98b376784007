from foundation.events.kinds import ReceivedEvent, subscribes
from foundation.full_text.clients import is_chosen
from foundation.full_text.writing import renew_documents
from province.search.events import ARTICLES_REPORTED, ArticlesReported
from province.search.queries.indexing import ARTICLES, INDEX_ARTICLES, place_of


@subscribes(ARTICLES_REPORTED, INDEX_ARTICLES, only_if=is_chosen)
def _index_articles(event: ReceivedEvent[ArticlesReported]) -> None:
    renew_documents(ARTICLES, event.payload.article_ids, place=place_of(event.hall_id))
