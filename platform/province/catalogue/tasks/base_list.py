from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.catalogue.operations.base_list import load_department
from province.catalogue.queries.base_list_loads import LOADS_DEPARTMENT, orderer_of


@handles(LOADS_DEPARTMENT)
def _load(event: OutboxEvent) -> None:
    load_department(by=orderer_of(event), name=event.payload["department"])
