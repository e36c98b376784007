from foundation.events.kinds import ReceivedEvent, subscribes
from foundation.full_text.clients import is_chosen
from foundation.full_text.writing import renew_documents
from province.content.events import PUSH_CHANGED, PushChanged
from province.content.queries.indexing import INDEX_PUSH, PUSHES


@subscribes(PUSH_CHANGED, INDEX_PUSH, only_if=is_chosen)
def _index_push(event: ReceivedEvent[PushChanged]) -> None:
    renew_documents(PUSHES, [event.subject_id])
