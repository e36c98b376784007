from foundation.events.kinds import ReceivedEvent, subscribes
from foundation.full_text.clients import is_chosen
from foundation.full_text.writing import renew_documents
from province.catalogue.events import CATALOGUE_CHANGED, CatalogueChange
from province.catalogue.queries.indexing import INDEX_ITEMS, ITEMS, versions_of_changes


@subscribes(CATALOGUE_CHANGED, INDEX_ITEMS, only_if=is_chosen)
def _index_items(event: ReceivedEvent[CatalogueChange]) -> None:
    renew_documents(ITEMS, versions_of_changes(event.payload.first, event.payload.last))
