from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from foundation.full_text.clients import is_chosen
from foundation.full_text.writing import renew_documents
from province.catalogue.events import CATALOGUE_CHANGED, ITEM_WORDS_RENEWED, CatalogueChange
from province.catalogue.queries.indexing import INDEX_ITEMS, ITEMS, versions_of_changes, versions_with_element


@subscribes(CATALOGUE_CHANGED, INDEX_ITEMS, only_if=is_chosen)
def _index_items(event: ReceivedEvent[CatalogueChange]) -> None:
    renew_documents(ITEMS, versions_of_changes(event.payload.first, event.payload.last))


@subscribes(ITEM_WORDS_RENEWED, "catalogue.index_renewed_items", only_if=is_chosen)
def _index_renewed(event: ReceivedEvent[NoPayload]) -> None:
    renew_documents(ITEMS, versions_with_element(event.subject_id))
