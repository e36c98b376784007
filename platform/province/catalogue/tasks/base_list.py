from foundation.events.kinds import ReceivedEvent, subscribes
from province.catalogue.events import DEPARTMENT_LOADS, DepartmentLoad
from province.catalogue.operations.base_list import load_department
from province.catalogue.queries.base_list_loads import orderer_of


@subscribes(DEPARTMENT_LOADS, "catalogue.load_department")
def _load(event: ReceivedEvent[DepartmentLoad]) -> None:
    load_department(by=orderer_of(event), name=event.payload.department, publishes=event.payload.publishes)
