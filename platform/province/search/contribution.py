from foundation.contributions import Contribution
from province.console.slots import SERVICES, OutsideService
from province.search.queries.engine import engine_name, engine_state

contribution = Contribution(
    SERVICES(OutsideService(80, "搜索引擎", "搜索文章、推稿和事项", engine_name, engine_state)),
)
