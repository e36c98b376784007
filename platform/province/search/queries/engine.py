"""How the search engine fares, for who keeps the installation."""

from foundation.full_text.clients import is_chosen
from foundation.full_text.status import engine_status
from province.console.slots import ServiceState


def engine_name() -> str:
    return "Elasticsearch" if is_chosen() else "PostgreSQL"


def engine_state() -> ServiceState:
    status = engine_status()
    if not status.is_chosen:
        return ServiceState(None, "没有设置，由数据库搜索")
    if status.fault:
        return ServiceState(is_reachable=False, words=status.fault, failure=status.fault)
    return ServiceState(is_reachable=True, words="正常")
