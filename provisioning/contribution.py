from foundation.contributions import Contribution
from province.console.slots import FIRST_STEPS, SUBPAGES, FirstStep, Subpages

contribution = Contribution(
    SUBPAGES(Subpages("console-rollouts", of="console-halls")),
    FIRST_STEPS(FirstStep(20, "开通服务厅", "console-rollout-new", "选择一个区划,成批开通它和下级的服务厅")),
)
