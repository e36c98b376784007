from foundation.contributions import Contribution
from province.console.slots import ADDED_LINKS, FIRST_STEPS, SERVICES, SUBPAGES, WAITING, AddedLink, FirstStep, Subpages
from provisioning.backup_lights import BACKUP_SERVICES
from provisioning.queries import backups_waiting

contribution = Contribution(
    SUBPAGES(Subpages("console-rollouts", of="console-halls")),
    ADDED_LINKS(
        AddedLink("halls.tabs", "rollouts", "历次开通", "console-rollouts", "halls.manage"),
        AddedLink("halls.actions", "provision", "开通服务厅", "console-rollout-new", "halls.manage", "plus"),
    ),
    SERVICES(*BACKUP_SERVICES),
    WAITING(backups_waiting),
    FIRST_STEPS(FirstStep(20, "开通服务厅", "console-rollout-new", "选择一个区划，成批开通它和下级的服务厅")),
)
