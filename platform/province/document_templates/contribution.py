from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import NAVIGATION, ConsoleLink
from province.document_templates.operations.templates import MANAGE
from province.document_templates.queries.acts import ACT_NAMES

contribution = Contribution(
    ACTS(*ACT_NAMES),
    NAVIGATION(ConsoleLink("文书模板", "console-document-kinds", "printer", MANAGE, order=81, section="设置")),
)
